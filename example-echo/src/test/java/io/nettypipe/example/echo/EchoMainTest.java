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
package io.nettypipe.example.echo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nettypipe.example.echo.Console.Ran;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

/** What a user sees who runs the program with wrong arguments, or on a system without named pipes. */
final class EchoMainTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "                                   | Missing a command",
        "frob                               | Unknown command: 'frob'",
        "server                             | Missing the NAME",
        "client                             | Missing the NAME",
        "server x --loops 0                 | --loops must be at least 1, not 0",
        "server x --loops two               | 'two' is none",
        "server x y                         | A server takes no TEXT",
        "server x --timeout 5               | A server takes no --timeout",
        "client x --timeout 0               | --timeout must be from 1 to 86400, not 0",
        "client x --colour                  | Unknown option: '--colour'",
        "client x --count 5                 | Unknown option: '--count'",
        "client x --loops                   | --loops needs a number",
        "client x --timeout=0               | --timeout must be from 1 to 86400, not 0",
        "server \\\\?\\C:\\file.txt         | Wrong pipe name '\\\\?\\C:\\file.txt'",
        "client C:\\file.txt hello          | Wrong pipe name 'C:\\file.txt'"
    })
    void arguments_whenWrong_giveOneLineAndTheStatusOfUsage(String arguments, String expected) {
        Ran ran = Console.run(arguments == null ? new String[0] : arguments.split(" +"));
        assertEquals(Failure.USAGE, ran.status());
        assertEquals(List.of(), ran.out());
        assertEquals(1, ran.err().size(), ran.err()::toString);
        String line = ran.err().get(0);
        assertTrue(line.contains(expected) && line.contains("--help shows how)"), line);
    }

    @Test
    void text_withALineBreakInByteMode_isRefused() {
        Ran ran = Console.run("client", "x", "two\nlines");
        assertEquals(Failure.USAGE, ran.status());
        assertTrue(ran.err().get(0).contains("use --message"), ran.err()::toString);
    }

    @Test
    void help_ofTheProgram_namesCommandsAndStatuses() {
        Ran ran = Console.run("--help");
        assertEquals(0, ran.status());
        String help = String.join("\n", ran.out());
        assertTrue(help.contains("server") && help.contains("client"), help);
        assertTrue(help.contains("3  no server has a pipe of this name"), help);
    }

    @ParameterizedTest
    @CsvSource({"server,--message", "client,--timeout"})
    void help_ofACommand_namesItsOptions(String command, String option) {
        Ran ran = Console.run(command, "--help");
        assertEquals(0, ran.status());
        assertTrue(String.join("\n", ran.out()).contains(option), ran.out()::toString);
    }

    @ParameterizedTest
    @CsvSource({"server x", "client x hello"})
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "named pipes are available there")
    void command_whereThereAreNoNamedPipes_saysSoInOneLine(String arguments) {
        Ran ran = Console.run(arguments.split(" "));
        assertEquals(Failure.UNAVAILABLE, ran.status());
        assertEquals(List.of(), ran.out());
        assertEquals(1, ran.err().size(), ran.err()::toString);
        String line = ran.err().get(0);
        assertTrue(line.startsWith("Named pipes are not available here: ") && line.contains("./winjava"), line);
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "named pipes are available there")
    void failure_withVerbose_showsTheStackTrace() {
        Ran ran = Console.run("server", "x", "--verbose");
        assertEquals(Failure.UNAVAILABLE, ran.status());
        assertTrue(ran.err().stream().anyMatch(line -> line.contains("at io.nettypipe.")),
                ran.err()::toString);
    }
}
