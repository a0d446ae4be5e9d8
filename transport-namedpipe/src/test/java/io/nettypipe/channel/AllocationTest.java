/*
 * Copyright 2026 The nettypipe authors
 *
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance
 * with the License. You may obtain a copy of the License at
 *
 *   https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software distributed under the License is distributed
 * on an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for
 * the specific language governing permissions and limitations under the License.
 */
package io.nettypipe.channel;

import com.sun.management.ThreadMXBean;
import io.netty.util.ResourceLeakDetector;
import io.nettypipe.testing.WindowsTest;
import io.nettypipe.win32.SystemWin32;
import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the server's event loop allocates for an echoed message: the figures of docs/performance.md. */
@WindowsTest
class AllocationTest {
    private static final int MESSAGES = 2500;
    /** What Netty's leak detection takes for a buffer: 1/128 of a record with the stack at its allocation. */
    private static final int LEAK_DETECTION = 32;

    @Test
    void echo_inSteadyState_allocatesNothingButThePipeMessage() throws Exception {
        assertAllocates(ResourceLeakDetector.Level.DISABLED, NamedPipeMode.BYTE, 0);
        assertAllocates(ResourceLeakDetector.Level.DISABLED, NamedPipeMode.MESSAGE, 24);
    }

    @Test
    void echo_withLeakDetectionAsItIsByDefault_allocatesItsRecordsBesides() throws Exception {
        assertAllocates(ResourceLeakDetector.Level.SIMPLE, NamedPipeMode.BYTE, LEAK_DETECTION);
        assertAllocates(ResourceLeakDetector.Level.SIMPLE, NamedPipeMode.MESSAGE, LEAK_DETECTION + 24);
    }

    private static void assertAllocates(ResourceLeakDetector.Level level, NamedPipeMode mode, int expected)
            throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(level);
        try (EchoLoad load = new EchoLoad(SystemWin32.get(), SystemWin32.get(), mode, 1)) {
            long loop = load.serverLoop().submit(() -> Thread.currentThread().getId()).get();
            load.run(MESSAGES);
            long allocated = threads.getThreadAllocatedBytes(loop);
            load.run(MESSAGES);
            double each = (double) (threads.getThreadAllocatedBytes(loop) - allocated) / MESSAGES;
            System.out.printf("Bytes allocated per echoed message, %s, leak detection %s: %.1f%n", mode, level, each);
            // Some for what the JVM itself does on the way, while it is still compiling.
            assertTrue(each < expected + 16, () -> each + " bytes for each message");
        } finally {
            ResourceLeakDetector.setLevel(before);
        }
    }
}
