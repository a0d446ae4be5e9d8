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
package io.nettypipe.microbench.race;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nettypipe.testing.WindowsTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The whole race, for a moment: that each server does all that it is asked for, not how fast. */
@Tag("long")
class RaceTest {
    private static final Path MODULE = Path.of("");

    @Test
    @WindowsTest
    @Timeout(600)
    void race_ofAllServersThatAreThere_fillsTheTables(@TempDir Path folder) throws Exception {
        Programs programs = new Programs(MODULE);
        assumeTrue(programs.whyNoClient() == null, programs::whyNoClient);
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        int status = Race.run(new Options("--quick", "--output", folder.toString()), MODULE,
                new PrintStream(output, true, StandardCharsets.UTF_8));
        String said = output.toString(StandardCharsets.UTF_8);
        assertEquals(0, status, said);
        String page = Files.readString(folder.resolve("race.md"));
        List<String> lines = Files.readAllLines(folder.resolve("race.csv"));
        for (Contestant contestant : programs.contestants()) {
            assertTrue(page.contains(contestant.title()), () -> contestant.title() + " is not in " + page);
            for (Load load : contestant.loads()) {
                assertTrue(contestant.missing() != null
                        || lines.stream().anyMatch(line -> line.startsWith(contestant.id() + "," + load.id + ",1,")),
                        () -> contestant.id() + " had no " + load.id + ": " + said);
            }
        }
        assertTrue(Files.size(folder.resolve("race.svg")) > 0);
    }
}
