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

import io.nettypipe.win32.SystemWin32;
import io.nettypipe.win32.Win32;

import org.junit.jupiter.api.Assumptions;

import java.util.function.Supplier;

/**
 * The system that a {@link io.nettypipe.testing.PipeTest} runs on: this process's own where the build says so with
 * {@code -Dnettypipe.test.system=real}, else a model that nobody else uses, of Windows or of what
 * {@code -Dnettypipe.test.personality} says.
 */
public final class TestSystem {
    private static final boolean REAL = "real".equals(System.getProperty("nettypipe.test.system"));
    private static final Supplier<ModelWin32> PLAIN = () -> new ModelWin32(
            Personality.valueOf(System.getProperty("nettypipe.test.personality", "WINDOWS")), Schedule.PLAIN);
    private static volatile Supplier<ModelWin32> models = PLAIN;

    private TestSystem() {
    }

    /** Whether the tests run on real pipes. */
    public static boolean isReal() {
        return REAL;
    }

    /** A system for one test. */
    public static Win32 open() {
        return REAL ? SystemWin32.get() : models.get();
    }

    /**
     * The test is over, and what it opened is closed: fails if the system is a model and its rules were broken.
     *
     * @param win32 what {@link #open()} answered
     */
    public static void close(Win32 win32) {
        if (win32 instanceof ModelWin32) {
            ((ModelWin32) win32).verify();
        }
    }

    /** Skips a test of what happens in one go, where the system's choices would spread it over several. */
    public static void assumeCallsEndAtOnce() {
        Assumptions.assumeTrue(models == PLAIN, "on this model a call may leave its end to a packet");
    }

    /** Makes the models that {@link #open()} answers from now on; {@code null} makes plain ones again. */
    public static void use(Supplier<ModelWin32> supplier) {
        models = supplier == null ? PLAIN : supplier;
    }
}
