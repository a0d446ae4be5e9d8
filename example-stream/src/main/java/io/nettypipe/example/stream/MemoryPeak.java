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
package io.nettypipe.example.stream;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetric;
import io.netty.buffer.ByteBufAllocatorMetricProvider;

import java.util.Locale;

/** The most memory that this process had in use when it was looked at. */
final class MemoryPeak {
    private static final int EVERY = 16;
    private static final double MIB = 1024 * 1024;

    private final ByteBufAllocatorMetric allocator;
    private int calls;
    private long heap;
    private long direct;

    MemoryPeak(ByteBufAllocator allocator) {
        this.allocator = ((ByteBufAllocatorMetricProvider) allocator).metric();
    }

    /** To be called for each chunk, sent or received; looks at some of them. */
    void look() {
        if (calls++ % EVERY == 0) {
            Runtime runtime = Runtime.getRuntime();
            heap = Math.max(heap, runtime.totalMemory() - runtime.freeMemory());
            direct = Math.max(direct, allocator.usedDirectMemory());
        }
    }

    /** The most direct memory, in bytes, that Netty's allocator had. */
    long direct() {
        return direct;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT,
                "peak memory: heap %.1f MiB (garbage included; at most %.0f), direct %d KiB",
                heap / MIB, Runtime.getRuntime().maxMemory() / MIB, direct / 1024);
    }
}
