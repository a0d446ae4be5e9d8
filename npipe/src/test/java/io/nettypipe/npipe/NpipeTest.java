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
package io.nettypipe.npipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nettypipe.npipe.Program.Ran;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

/** What a user sees who gives wrong arguments, asks for help, or has no named pipes. */
final class NpipeTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "                                   | Missing a COMMAND",
        "frob                               | Unknown command: 'frob'",
        "--frob                             | Unknown option: '--frob'",
        "list a b                           | 'b'",
        "info                               | 'NAME'",
        "info \\\\elsewhere\\pipe\\x        | a pipe of another machine",
        "cat                                | 'NAME'",
        "cat C:\\file.txt                   | 'C:\\file.txt' is no name of a pipe",
        "cat x --quiet 0                    | '0' is no number of seconds from 1 to 86400",
        "cat x --owner you                  | 'you' is neither me, system, admins nor a SID",
        "cat x -l --owner me                | --owner is for who connects",
        "relay tcp:0 tcp:1 --owner me       | --owner is for a pipe, and not for tcp:1",
        "cat x y                            | 'y'",
        "cat x --byte-type --message -l     | has no messages",
        "cat x --allow users                | --listen",
        "serve x                            | either --echo or --exec",
        "serve x --echo --exec cmd          | either --echo or --exec",
        "serve x --exec                     | --exec needs a COMMAND",
        "serve \\\\elsewhere\\pipe\\x --echo | a pipe of another machine",
        "serve x --echo --loops 0           | --loops must be at least 1, not 0",
        "serve x --echo --allow frob        | 'frob'",
        "serve x --echo -m --byte-type      | has no messages",
        "relay tcp:0                        | 'CONNECT'",
        "relay tcp:0 orders                 | 'orders' is no address; give tcp:PORT",
        "relay tcp:99999 npipe:x            | 'tcp:99999' is no address",
        "relay unix: npipe:x                | lacks the path",
        "relay npipe:.. tcp:1               | 'npipe:..' is no name of a pipe",
        "relay tcp:0 tcp:0                  | port 0",
        "relay tcp:0.0.0.0:0 tcp:1          | --public",
        "relay unix:x tcp:1 --public        | --public is for TCP",
        "relay unix:x tcp:1 --byte-type     | --byte-type is for a pipe",
        "relay unix:x tcp:1 --allow D:P     | no SDDL",
        "relay tcp:0 tcp:1 --allow users    | TCP cannot tell users apart",
        "relay \\\\elsewhere\\pipe\\x tcp:1 | a pipe of another machine",
        "relay tcp:0 tcp:1 --timeout never  | 'never' is no number of seconds",
        "bench                              | 'NAME'",
        "bench x --count 0                  | --count must be at least 1, not 0",
        "bench x --count many               | 'many'",
        "bench x --size 0                   | --size must be from 1 to 16777216, not 0",
        "bench x --message --size -1        | --size must be from 0 to 16777216, not -1",
        "bench x --connections 0            | --connections must be from 1 to 10000, not 0"
    })
    void arguments_whenWrong_giveOneLineAndTheStatusOfUsage(String arguments, String expected) {
        Ran ran = Program.run("", arguments == null ? new String[0] : arguments.split(" +"));
        assertEquals(1, ran.err().size(), ran.err()::toString);
        String line = ran.err().get(0);
        assertTrue(line.contains(expected) && line.contains("--help shows how)"), line);
        assertEquals(Npipe.USAGE, ran.status());
        assertEquals("", ran.text());
    }

    @Test
    void help_ofTheProgram_namesCommandsAndStatuses() {
        Ran ran = Program.run("", "--help");
        assertEquals(0, ran.status());
        for (String part : List.of("list ", "info ", "cat ", "relay ", "serve ", "bench ", "3   there is no such")) {
            assertTrue(ran.text().contains(part), part);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "info", "cat", "relay", "serve", "bench"})
    void help_ofACommand_namesItsArguments(String command) {
        Ran ran = Program.run("", command, "--help");
        assertEquals(0, ran.status());
        assertTrue(ran.text().startsWith("Usage: npipe " + command + ' ') && ran.text().contains("Exit status:"),
                ran.text());
        assertEquals(List.of(), ran.err());
    }

    @ParameterizedTest
    @CsvSource({"list", "info x", "cat x", "cat x -l", "serve x --echo", "bench x", "relay tcp:0 npipe:x",
        "relay npipe:x tcp:1"})
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "named pipes are available there")
    void command_whereThereAreNoNamedPipes_saysSoInOneLine(String arguments) {
        Ran ran = Program.run("", arguments.split(" "));
        assertEquals(Failure.UNAVAILABLE, ran.status());
        assertEquals("", ran.text());
        assertEquals(1, ran.err().size(), ran.err()::toString);
        assertTrue(ran.err().get(0).contains("named pipes need Windows"), ran.err()::toString);
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "named pipes are available there")
    void failure_withVerbose_showsTheStackTrace() {
        Ran ran = Program.run("", "cat", "x", "--verbose");
        assertTrue(ran.err().stream().anyMatch(line -> line.contains("at io.nettypipe.")), ran.err()::toString);
    }
}
