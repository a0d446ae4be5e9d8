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

import io.nettypipe.testing.LeakExtension;
import io.nettypipe.testing.PatchedClasses;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Arrays;
import java.util.function.LongConsumer;
import java.util.logging.Level;
import java.util.logging.Logger;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Shows that {@link SchedulesTest} finds mistakes: explores with each {@link PlantedBug} in the transport until a
 * schedule fails, and prints after how many that was.
 */
@Tag("planted")
class PlantedBugsTest {
    /** How often each is searched for, every time with other seeds. */
    private static final int TRIALS = 3;
    private static final int MOST_ON_ONE_LOOP = 300;
    private static final int MOST_ON_SEVERAL = 1_000;
    private static final Logger OURS = Logger.getLogger("io.nettypipe");
    private static final Logger NETTY = Logger.getLogger("io.netty");

    @BeforeAll
    static void beSilent() {
        OURS.setLevel(Level.OFF);
        NETTY.setLevel(Level.OFF);
    }

    @AfterAll
    static void speakAgain() throws InterruptedException {
        LeakExtension.forget();
        OURS.setLevel(null);
        NETTY.setLevel(null);
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    @Timeout(120)
    void schedules_withABug_findIt(PlantedBug bug) throws Exception {
        PatchedClasses classes = new PatchedClasses(bug.patches);
        int[] one = search(classes, "io.nettypipe.channel.SchedulesTest$OneLoop", MOST_ON_ONE_LOOP);
        int[] several = search(classes, "io.nettypipe.channel.SchedulesTest$SeveralLoops", MOST_ON_SEVERAL);
        System.out.println("| " + bug.description + " | " + text(one) + " | " + text(several) + " |");
        assertTrue(one.length == TRIALS || several.length == TRIALS, "not found: " + bug.description);
    }

    private static String text(int[] found) {
        return found.length == 0 ? "-" : found[found.length / 2] + (found.length < TRIALS ? " (not always)" : "");
    }

    /** After how many schedules it was found, from the luckiest search to the least lucky. */
    private static int[] search(ClassLoader classes, String explorer, int most) throws Exception {
        LongConsumer schedules =
                (LongConsumer) classes.loadClass(explorer).getDeclaredConstructor().newInstance();
        int[] found = new int[TRIALS];
        int times = 0;
        for (int trial = 0; trial < TRIALS && times == trial; trial++) {
            for (int n = 1; n <= most && times == trial; n++) {
                try {
                    schedules.accept(trial * 1_000_000L + n);
                } catch (Throwable failure) {
                    found[times++] = n;
                }
            }
        }
        int[] sorted = Arrays.copyOf(found, times);
        Arrays.sort(sorted);
        return sorted;
    }
}
