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
package io.nettypipe.testing;

import java.util.Random;

/**
 * Runs a test on many random cases. Each has a seed of its own, which its failure tells: with
 * {@code -Dnettypipe.seed=SEED} that case is the first to run again.
 */
public final class RandomCases {
    private RandomCases() {
    }

    /** One case. */
    @FunctionalInterface
    public interface Case {
        /** Fails as a test does. All that is random about it comes from {@code random}. */
        void run(Random random) throws Exception;
    }

    /** Runs {@code count} cases. */
    public static void run(int count, Case test) {
        long first = Long.getLong("nettypipe.seed", System.nanoTime());
        for (long seed = first; seed < first + count; seed++) {
            try {
                test.run(new Random(seed));
            } catch (Exception | AssertionError e) {
                throw new AssertionError("Repeat with -Dnettypipe.seed=" + seed + ": " + e, e);
            }
        }
    }
}
