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
package io.nettypipe.iocp;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertTrue;

class OverlappedSlabTest {
    private static final int FEW = 1_000;
    private static final int MANY = 50_000;

    @Test
    void acquire_amongManyOutstanding_allocatesNoMoreThanAmongFew() {
        bytesOfEach(FEW);
        double few = bytesOfEach(FEW);
        double many = bytesOfEach(MANY);
        assertTrue(many < few * 2, () -> many + " bytes for each of many, and " + few + " for each of few");
    }

    /** What it allocates on the Java heap for each of so many operations, all outstanding at once. */
    private static double bytesOfEach(int operations) {
        List<IocpIoOps> all = new ArrayList<>(operations);
        for (int i = 0; i < operations; i++) {
            all.add(IocpIoOps.listen(ops -> { }));
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long self = Thread.currentThread().getId();
        try (OverlappedSlab slab = new OverlappedSlab()) {
            long before = threads.getThreadAllocatedBytes(self);
            all.forEach(slab::acquire);
            double each = (double) (threads.getThreadAllocatedBytes(self) - before) / operations;
            all.forEach(slab::release);
            return each;
        }
    }
}
