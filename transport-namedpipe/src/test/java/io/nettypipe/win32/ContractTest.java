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

import io.nettypipe.testing.PipeTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A test of what a system does, run on the real one or on models of several kinds.
 * <p>
 * Its tests name the facts about Windows that they show ({@link Fact}). A test that passes has seen of all its facts
 * what Windows does, but for what it says with {@link #answers}: that is compared with what the system is known to
 * answer, and published as an entry of the test ({@link ContractTests}).
 */
@PipeTest
@ParameterizedClass
@MethodSource("io.nettypipe.win32.ContractSystem#all")
abstract class ContractTest {
    @Parameter
    ContractSystem system;
    Rig rig;
    private TestReporter reporter;
    private List<String> facts;

    @BeforeEach
    final void open(TestInfo test, TestReporter testReporter) {
        reporter = testReporter;
        Fact fact = test.getTestMethod().orElseThrow().getAnnotation(Fact.class);
        facts = fact == null ? List.of() : List.of(fact.value());
        rig = new Rig(system);
    }

    @AfterEach
    final void close() {
        rig.close();
    }

    /**
     * Asserts that the system answers in a fact what is known of it: what Windows does, or what a Wine does instead
     * that differs there.
     *
     * @param fact      its id; ids with a space between them if it says the same of several
     * @param seen      what the system answered
     * @param onWindows what Windows answers; where that is not known for sure, all that it may, the likeliest first
     * @return whether it is what Windows answers, so that the test can go on
     */
    final boolean answers(String fact, String seen, String... onWindows) {
        List<String> windows = List.of(onWindows);
        for (String id : fact.split(" ")) {
            assertTrue(facts.contains(id), () -> "the test does not say that it shows " + id);
            List<String> expected = system.expected(id, windows);
            reporter.publishEntry(Map.of("fact", id, "system", system.toString(), "windows", windows.get(0),
                    "seen", seen, "agrees", Boolean.toString(system.mayAnswerOnWindows(windows).contains(seen)),
                    "expected", Boolean.toString(expected.contains(seen))));
            assertTrue(expected.contains(seen), () -> WindowsFact.all().get(id) + "\n  expected of " + system + ": "
                    + String.join(" or ", expected) + "\n  seen: " + seen);
        }
        return windows.contains(seen);
    }

    /** The same of all facts that the test shows. */
    final boolean answersAll(int seen, int onWindows) {
        return answers(String.join(" ", facts), seen, onWindows);
    }

    /** The same of a Win32 error. */
    final boolean answers(String fact, int seen, int onWindows) {
        return answers(fact, Rig.text(seen), Rig.text(onWindows));
    }

    /** The same of a call that answers a handle or the negated error, 0 for any handle. */
    final boolean opens(String fact, long seen, int onWindows) {
        return answers(fact, errorOf(seen), onWindows);
    }

    /** The error of a call that answers a handle or the negated error, 0 for a handle. */
    static int errorOf(long handle) {
        return handle > 0 ? Win32Error.ERROR_SUCCESS : (int) -handle;
    }
}
