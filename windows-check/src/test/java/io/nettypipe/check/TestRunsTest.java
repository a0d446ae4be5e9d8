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
package io.nettypipe.check;

import io.nettypipe.win32.WindowsFact;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the table says of tests that end in any way, or not at all. */
class TestRunsTest {

    @AfterAll
    static void endHanging() {
        SampleContract.END_OF_HANGING.countDown();
    }

    @Test
    void tests_ofWhichSomeFailAndOneHangs_allOthersRunAndTheTableSaysWhatEachSaw() throws Exception {
        // The one that hangs is the first.
        List<TestRun> runs = Arrays.stream(SampleContract.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Test.class)).map(TestRun::new)
                .sorted(Comparator.comparing((TestRun run) -> !run.name().endsWith(".hangs"))).toList();
        Results results = new Results(WindowsFact.all().values(), runs);

        new TestRuns(runs, 300).run(run -> assertTrue(run.hasEnded()));

        Map<String, String> seen = results.rows().stream().collect(Collectors.toMap(Row::id,
                row -> row.seen().agrees().text + ' ' + row.seen().text().replaceAll(":\\d+\\)", ")")));
        String failure = "NO the answer ==> expected: <0> but was: <5> (SampleContract.java)";
        assertEquals(Map.of(
                "F001", "? did not end",
                "F002", failure,
                "F003", failure,
                "F004", "yes error 5",
                "F005", "NO error 6",
                "F006", "? the test ended at F005",
                "F007", "NO success",
                "F008", "? was skipped: no second user (SampleContract.java)",
                "-", "NO anything (SampleContract.java)"), seen);
        assertFalse(results.allAgree());
        int facts = WindowsFact.all().size();
        assertEquals(facts + " facts: 1 agree, 4 do not, 3 were not seen, " + (facts - 8)
                + " have no test. Tests of other things: 0 of 1 passed.", results.summary());
    }
}
