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
package io.nettypipe.win32;

import io.nettypipe.win32.model.ModelWin32;
import io.nettypipe.win32.model.Personality;
import io.nettypipe.win32.model.Schedule;
import io.nettypipe.win32.model.SeededSchedule;
import io.nettypipe.win32.model.TestSystem;

import java.util.List;
import java.util.function.Supplier;

/** A system that the contract tests run against: the real one, or models of several kinds. */
final class ContractSystem {
    private final String name;
    private final Supplier<Win32> supplier;
    private final boolean endsAtOnce;
    private final boolean wine;

    private ContractSystem(String name, Supplier<Win32> supplier, boolean endsAtOnce, boolean wine) {
        this.name = name;
        this.supplier = supplier;
        this.endsAtOnce = endsAtOnce;
        this.wine = wine;
    }

    /** Every system that there is to test. */
    static List<ContractSystem> all() {
        if (TestSystem.isReal()) {
            boolean wine = hasWineVersion();
            return List.of(new ContractSystem("the real system", SystemWin32::get, true, wine));
        }
        return List.of(
                new ContractSystem("model of Windows",
                        () -> new ModelWin32(Personality.WINDOWS, Schedule.PLAIN), true, false),
                new ContractSystem("model of Wine",
                        () -> new ModelWin32(Personality.WINE_8, Schedule.PLAIN), true, true),
                new ContractSystem("model of Windows that chooses at random",
                        () -> new ModelWin32(Personality.WINDOWS, new SeededSchedule(1)), false, false));
    }

    private static boolean hasWineVersion() {
        try {
            com.sun.jna.NativeLibrary.getInstance("ntdll").getFunction("wine_get_version");
            return true;
        } catch (UnsatisfiedLinkError windows) {
            return false;
        }
    }

    Win32 open() {
        return supplier.get();
    }

    /** Whether what can end at once does, as on real systems nearly always. */
    boolean endsAtOnce() {
        return endsAtOnce;
    }

    /** Whether it is Wine, or like it. */
    boolean isWine() {
        return wine;
    }

    @Override
    public String toString() {
        return name;
    }
}
