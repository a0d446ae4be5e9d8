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

import io.nettypipe.testing.AnotherJvm;
import io.nettypipe.testing.Notice;
import io.nettypipe.testing.WindowsTest;
import io.nettypipe.win32.ContractTests;
import io.nettypipe.win32.Differences;
import io.nettypipe.win32.SystemVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The runnable jar, as a person starts it, on the system that the tests run on. */
@WindowsTest
class WindowsCheckJarTest {
    private static final Path JAR = Path.of("target", "windows-check.jar").toAbsolutePath();

    @TempDir
    private Path folder;

    @Test
    @Timeout(300)
    void jar_onThisSystem_tellsOfEachFactWhetherItAgreesAndInWineJustWhereItIsKnownToDiffer() throws Exception {
        assertTrue(Files.exists(JAR), () -> JAR + " is not there; the phase package makes it");
        Path table = folder.resolve("facts.md");
        Path out = folder.resolve("out");
        Process check = new ProcessBuilder(AnotherJvm.command("-jar", JAR.toString(), "--markdown", table.toString()))
                .redirectErrorStream(true).redirectOutput(out.toFile()).start();
        assertTrue(check.waitFor(240, TimeUnit.SECONDS), "does not end");

        String printed = Files.readString(out);
        String markdown = Files.readString(table);
        Map<String, String> agreeing = new TreeMap<>();
        Map<String, String> others = new TreeMap<>();
        for (String line : markdown.lines().filter(line -> line.matches("\\| (F\\d+|-) \\|.*")).toList()) {
            List<String> cells = List.of(line.split("(?<!\\\\)\\|")).stream()
                    .map(cell -> cell.strip().replaceAll("\\\\(.)", "$1")).toList();
            (cells.get(2).equals("yes") ? agreeing : others).put(cells.get(1), cells.get(5));
            assertTrue(printed.contains(cells.get(1) + ' '), () -> line + "\nis not in\n" + printed);
        }
        assertEquals(others.isEmpty() ? 0 : 1, check.exitValue(), printed);
        assertTrue(printed.contains(SystemVersion.text()), printed);
        Map<String, String> facts = new TreeMap<>(agreeing);
        facts.putAll(others);
        facts.remove("-");
        assertEquals(ContractTests.byFact().keySet(), facts.keySet());
        // Of a system that nobody has tried the table is the news, and no reason to fail.
        Optional<Differences> known = SystemVersion.wine()
                .flatMap(version -> Differences.of("wine-" + version.split("\\.")[0]));
        known.ifPresent(differences -> assertEquals(new TreeMap<>(differences.answers()), others, markdown));
        assertFalse(facts.isEmpty());
    }

    @Test
    void notice_ofTheJar_namesAllThatIsInIt() throws Exception {
        Notice.assertNamesAllOf(JAR);
    }
}
