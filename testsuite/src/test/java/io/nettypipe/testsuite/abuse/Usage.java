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
package io.nettypipe.testsuite.abuse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.nettypipe.testing.ProcessHandles;

import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What this process holds at a moment when nothing of a test should be left. */
final class Usage {
    private static final long HEAP_NOISE = 4L * 1024 * 1024;

    /** Of the types that the transport opens, by type. */
    private final Map<String, Integer> handles;
    /** Of all types, the JVM's own included. */
    private final int allHandles;
    private final int threads;
    private final long nativeBytes;
    private final long heap;

    private Usage() throws InterruptedException {
        stopGlobalExecutor();
        // What only the garbage collector closes, such as the JVM's handles of processes that have ended.
        long leastHeap = Long.MAX_VALUE;
        Map<String, Integer> leastHandles = ProcessHandles.ofTransport();
        for (int i = 0; i < 4; i++) {
            System.gc();
            leastHeap = Math.min(leastHeap, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
            Map<String, Integer> now = ProcessHandles.ofTransport();
            leastHandles.replaceAll((type, count) -> Math.min(count, now.getOrDefault(type, 0)));
        }
        heap = leastHeap;
        handles = leastHandles;
        allHandles = ProcessHandles.byType().values().stream().mapToInt(Integer::intValue).sum();
        threads = ManagementFactory.getThreadMXBean().getThreadCount();
        nativeBytes = UnpooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
    }

    static Usage now() throws InterruptedException {
        return new Usage();
    }

    /** Netty's own thread, which ends when it has had nothing to do for a second. */
    private static void stopGlobalExecutor() throws InterruptedException {
        GlobalEventExecutor.INSTANCE.submit(() -> { });
        assertTrue(GlobalEventExecutor.INSTANCE.awaitInactivity(30, TimeUnit.SECONDS));
    }

    void assertNoMoreThan(Usage before) {
        assertEquals(before.nativeBytes, nativeBytes, "bytes of native memory");
        assertTrue(threads <= before.threads, () -> threads + " threads, were " + before.threads);
        handles.forEach((type, count) -> assertTrue(count <= before.handles.getOrDefault(type, 0),
                () -> "handles: " + handles + ", were " + before.handles));
        assertTrue(heap <= before.heap + HEAP_NOISE, () -> heap + " bytes of heap, were " + before.heap);
    }

    /** For a line of figures. */
    String since(Usage before) {
        return "handles=" + before.handles + "->" + handles + " all=" + before.allHandles + "->" + allHandles
                + " threads=" + before.threads + "->" + threads
                + " nativeBytes=" + before.nativeBytes + "->" + nativeBytes
                + " heapKiB=" + before.heap / 1024 + "->" + heap / 1024;
    }
}
