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

    @Test
    void echo_inSteadyState_allocatesNothingButThePipeMessage() throws Exception {
        // The records of leak detection would be all that is counted.
        ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        try {
            assertAllocates(NamedPipeMode.BYTE, 0);
            assertAllocates(NamedPipeMode.MESSAGE, 24);
        } finally {
            ResourceLeakDetector.setLevel(level);
        }
    }

    private static void assertAllocates(NamedPipeMode mode, int expected) throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (EchoLoad load = new EchoLoad(SystemWin32.get(), SystemWin32.get(), mode, 1)) {
            long loop = load.serverLoop().submit(() -> Thread.currentThread().getId()).get();
            load.run(MESSAGES);
            long before = threads.getThreadAllocatedBytes(loop);
            load.run(MESSAGES);
            double each = (double) (threads.getThreadAllocatedBytes(loop) - before) / MESSAGES;
            System.out.printf("Bytes allocated per echoed message, %s: %.1f%n", mode, each);
            // Some for what the JVM itself does on the way, while it is still compiling.
            assertTrue(each < expected + 16, () -> each + " bytes for each message");
        }
    }
}
