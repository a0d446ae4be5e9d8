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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the program answers where it checks nothing. */
class WindowsCheckTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... args) throws InterruptedException {
        return new WindowsCheck(new PrintStream(out, true), new PrintStream(err, true)).run(args);
    }

    @Test
    void help_asked_isPrinted() throws Exception {
        assertEquals(0, run("--help"));
        assertTrue(out.toString().contains("--markdown FILE"), out::toString);
    }

    @Test
    void arguments_thatItDoesNotKnow_areNamed() throws Exception {
        assertEquals(2, run("--markdwon", "x"));
        assertTrue(err.toString().contains("--markdwon x"), err::toString);
        assertEquals(2, run("--markdown"));
        assertEquals("", out.toString());
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void system_thatIsNotWindows_isNotChecked() throws Exception {
        assertEquals(2, run());
        assertTrue(err.toString().contains("named pipes need Windows; this is " + System.getProperty("os.name")),
                err::toString);
        assertEquals("", out.toString());
    }
}
