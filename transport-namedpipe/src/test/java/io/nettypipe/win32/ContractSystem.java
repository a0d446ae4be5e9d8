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
import java.util.Optional;
import java.util.function.Supplier;

/** A system that the contract tests run against: the real one, or models of several kinds. */
final class ContractSystem {

    /** What decides where the system may do one thing or another. */
    private enum Choices { ITS_OWN, PLAIN, RANDOM }

    private final String name;
    private final Supplier<Win32> supplier;
    private final Choices choices;
    private final boolean wine;
    private final Differences differences;

    private ContractSystem(String name, Supplier<Win32> supplier, Choices choices, boolean wine,
                           Differences differences) {
        this.name = name;
        this.supplier = supplier;
        this.choices = choices;
        this.wine = wine;
        this.differences = differences;
    }

    /** Every system that there is to test. */
    static List<ContractSystem> all() {
        if (TestSystem.isReal()) {
            Optional<String> wine = SystemVersion.wine();
            return List.of(new ContractSystem(wine.map(version -> "Wine " + version).orElse("Windows"),
                    SystemWin32::get, Choices.ITS_OWN, wine.isPresent(),
                    wine.map(Differences::ofWine).orElseGet(Differences::none)));
        }
        return List.of(
                new ContractSystem("model of Windows",
                        () -> new ModelWin32(Personality.WINDOWS, Schedule.PLAIN), Choices.PLAIN, false,
                        Differences.none()),
                new ContractSystem("model of Wine",
                        () -> new ModelWin32(Personality.WINE_8, Schedule.PLAIN), Choices.PLAIN, true,
                        Differences.of("wine-8").orElseThrow()),
                new ContractSystem("model of Windows that chooses at random",
                        () -> new ModelWin32(Personality.WINDOWS, new SeededSchedule(1)), Choices.RANDOM, false,
                        Differences.none()));
    }

    Win32 open() {
        return supplier.get();
    }

    /** Whether what can end at once does, as on real systems nearly always. */
    boolean endsAtOnce() {
        return choices != Choices.RANDOM;
    }

    /** Whether it is Wine, or like it. */
    boolean isWine() {
        return wine;
    }

    /**
     * What it may answer in a fact.
     *
     * @param onWindows what Windows may; what it is thought to do comes first
     */
    List<String> expected(String fact, List<String> onWindows) {
        List<String> windows = mayAnswerOnWindows(onWindows);
        return windows.size() > 1 ? windows : differences.expected(fact, windows.get(0));
    }

    /** Which of the answers that Windows may give are as good as those of Windows, of this system. */
    List<String> mayAnswerOnWindows(List<String> onWindows) {
        // All are possible where nobody saw it on Windows for sure; the model and Wine are known.
        return wine || choices == Choices.PLAIN ? onWindows.subList(0, 1) : onWindows;
    }

    @Override
    public String toString() {
        return name;
    }
}
