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

import io.nettypipe.win32.Fact;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

import java.util.Map;
import java.util.concurrent.CountDownLatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

/** Tests that end as those of a system do that differs from Windows. Run by TestRunsTest, and by nobody else. */
final class SampleContract {
    static final CountDownLatch END_OF_HANGING = new CountDownLatch(1);

    private static void tell(TestReporter reporter, String fact, String seen, boolean agrees, boolean expected) {
        reporter.publishEntry(Map.of("fact", fact, "seen", seen, "agrees", Boolean.toString(agrees),
                "expected", Boolean.toString(expected)));
    }

    @Test
    @Fact("F001")
    void hangs() throws InterruptedException {
        END_OF_HANGING.await();
    }

    @Test
    @Fact("F002")
    void passes() {
    }

    @Test
    @Fact({"F002", "F003"})
    void failsAnAssertion() {
        assertEquals(0, 5, "the answer");
    }

    @Test
    @Fact({"F004", "F005", "F006"})
    void failsAtAnAnswerThatNobodyExpects(TestReporter reporter) {
        tell(reporter, "F004", "error 5", true, true);
        tell(reporter, "F005", "error 6", false, false);
        fail("as ContractTest.answers does");
    }

    @Test
    @Fact("F007")
    void differsAsItIsKnownTo(TestReporter reporter) {
        tell(reporter, "F007", "success", false, true);
    }

    @Test
    @Fact("F008")
    void isSkipped() {
        Assumptions.abort("no second user");
    }

    @Test
    void failsWithoutAFact() {
        fail("anything");
    }
}
