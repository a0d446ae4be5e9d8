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

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.function.LongConsumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Explores schedules: random operations on several channels, and a system that completes them at random times in any
 * order it may. A failure names its seed; {@code -Dnettypipe.schedule.seed=N} runs that one alone, and
 * {@code -Dnettypipe.schedules=COUNT} runs so many. A build runs a thousand of each kind, and the profile
 * {@code full} ten thousand.
 */
class SchedulesTest {
    private static final int SCHEDULES = 1_000;
    private static final int STEPS = 120;
    /** Netty has much to say of event loops that end while they are used. */
    private static final Logger NETTY = Logger.getLogger("io.netty");
    private static Level level;

    @BeforeAll
    static void beSilent() {
        level = NETTY.getLevel();
        NETTY.setLevel(Level.OFF);
    }

    @AfterAll
    static void speakAgain() {
        NETTY.setLevel(level);
    }

    @Test
    @Timeout(300)
    void oneLoop_anySchedule_bytesBoundariesPromisesAndMemoryAreRight() {
        explore(false);
    }

    /** With the races of calls from other threads against event loops that block, wake up and end. */
    @Test
    @Timeout(300)
    void severalLoopsAndThreads_anySchedule_bytesBoundariesPromisesAndMemoryAreRight() {
        explore(true);
    }

    private static void explore(boolean onThreads) {
        Long only = Long.getLong("nettypipe.schedule.seed");
        long first = only != null ? only : 1;
        long last = only != null ? only : Integer.getInteger("nettypipe.schedules", SCHEDULES);
        for (long seed = first; seed <= last; seed++) {
            try {
                explore(seed, onThreads);
            } catch (Throwable t) {
                throw new AssertionError("-Dnettypipe.schedule.seed=" + seed + ": " + t.getMessage(), t);
            }
        }
    }

    /** Explores one schedule. */
    static void explore(long seed, boolean onThreads) {
        new ScheduleWorld(seed, onThreads).run(STEPS);
    }

    /** One schedule on one loop, for who loads the classes apart. */
    public static final class OneLoop implements LongConsumer {
        @Override
        public void accept(long seed) {
            explore(seed, false);
        }
    }

    /** One schedule on several loops. */
    public static final class SeveralLoops implements LongConsumer {
        @Override
        public void accept(long seed) {
            explore(seed, true);
        }
    }
}
