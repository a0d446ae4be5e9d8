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
package io.nettypipe.win32.model;

import java.util.Random;
import java.util.SplittableRandom;

/** Chooses at random, and the same again for the same seed and the same questions. */
public final class SeededSchedule implements Schedule {
    private final long seed;
    private final Random random;

    /** Begins anew with a seed. */
    public SeededSchedule(long seed) {
        this.seed = seed;
        // Seeds that follow each other would make the same first choices.
        random = new Random(new SplittableRandom(seed).nextLong());
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    @Override
    public boolean endsAtOnce() {
        return !oneIn(3);
    }

    @Override
    public boolean tellsAllAtOnce() {
        return oneIn(2);
    }

    @Override
    public boolean writesEarly() {
        return oneIn(2);
    }

    @Override
    public boolean delaysCancel() {
        return oneIn(2);
    }

    @Override
    public boolean holdsBack() {
        return oneIn(3);
    }

    @Override
    public int next(int n) {
        return random.nextInt(n);
    }

    @Override
    public boolean runsDelayed() {
        return oneIn(3);
    }

    @Override
    public String toString() {
        return "seed " + seed;
    }
}
