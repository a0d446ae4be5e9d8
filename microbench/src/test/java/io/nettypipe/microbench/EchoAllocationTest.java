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
package io.nettypipe.microbench;

import com.sun.management.ThreadMXBean;
import io.netty.util.ResourceLeakDetector;
import io.nettypipe.channel.NamedPipeMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.management.ManagementFactory;
import java.util.concurrent.ExecutorService;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** What an echo allocates with the codec that a user has, which the transport's own {@code AllocationTest} has not. */
class EchoAllocationTest {
    private static final int INVOCATIONS = 50;

    @ParameterizedTest
    @CsvSource({"BYTE, 1, 0", "MESSAGE, 16, 24"})
    void echo_inSteadyState_allocatesNothingButThePipeMessage(NamedPipeMode mode, int channels, int expected)
            throws Exception {
        EchoBenchmark echo = new EchoBenchmark();
        echo.leakDetection = ResourceLeakDetector.Level.DISABLED;
        echo.channels = channels;
        echo.mode = mode;
        echo.size = 64;
        echo.packets = 128;
        ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();
        // Netty's recyclers and its allocator allocate on other threads than theirs.
        ExecutorService loopThread = new LoopThreads(1, "loop");
        try {
            double each = loopThread.submit(() -> measure(echo)).get();
            System.out.printf("Bytes allocated per echo, %s, %d channels: %.1f%n", mode, channels, each);
            assertTrue(each < expected + 4, () -> each + " bytes for each message");
        } finally {
            ResourceLeakDetector.setLevel(before);
            loopThread.shutdown();
        }
    }

    private static double measure(EchoBenchmark echo) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long self = Thread.currentThread().getId();
        echo.detectLeaks();
        echo.serve();
        try {
            run(echo);
            long before = threads.getThreadAllocatedBytes(self);
            run(echo);
            return (double) (threads.getThreadAllocatedBytes(self) - before) / (INVOCATIONS * EchoBenchmark.ECHOES);
        } finally {
            echo.close();
        }
    }

    private static void run(EchoBenchmark echo) {
        for (int i = 0; i < INVOCATIONS; i++) {
            echo.echo();
        }
    }
}
