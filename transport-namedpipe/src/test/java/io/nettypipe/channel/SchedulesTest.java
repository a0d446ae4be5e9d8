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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Explores schedules: random operations on several channels, and a system that completes them at random times in any
 * order it may. A failure names its seed; {@code -Dnettypipe.schedule.seed=N} runs that one alone, and
 * {@code -Dnettypipe.schedules=COUNT} runs more or fewer than the {@value #SCHEDULES} of every build.
 */
class SchedulesTest {
    private static final int SCHEDULES = 10_000;
    private static final int STEPS = 120;

    @Test
    @Timeout(300)
    void channels_anySchedule_bytesBoundariesPromisesAndMemoryAreRight() {
        Long only = Long.getLong("nettypipe.schedule.seed");
        long first = only != null ? only : 1;
        long last = only != null ? only : Integer.getInteger("nettypipe.schedules", SCHEDULES);
        for (long seed = first; seed <= last; seed++) {
            try {
                explore(seed);
            } catch (Throwable t) {
                throw new AssertionError("seed " + seed + ": " + t.getMessage(), t);
            }
        }
    }

    private static void explore(long seed) {
        ScheduleEnd.forgetAll();
        ScheduleWorld world = new ScheduleWorld(seed);
        for (int i = 0; i < STEPS; i++) {
            world.step();
        }
        world.finish();
    }
}
