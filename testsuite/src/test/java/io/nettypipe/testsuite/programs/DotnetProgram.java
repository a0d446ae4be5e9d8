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
package io.nettypipe.testsuite.programs;

import static org.junit.jupiter.api.Assumptions.abort;

import io.nettypipe.interop.ProgramFiles;
import io.nettypipe.testing.DotnetSdk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code src/interop/dotnet/Peer.cs}, running in .NET for Windows; it does any number of jobs, also at once. */
final class DotnetProgram implements AutoCloseable {
    private static List<String> command;

    private final ForeignProgram program;

    private DotnetProgram(ForeignProgram program) {
        this.program = program;
    }

    /** Starts it, compiled once; without a .NET SDK the test is skipped. */
    static synchronized DotnetProgram start() throws Exception {
        if (command == null) {
            DotnetSdk sdk = DotnetSdk.find(ProgramFiles.FOLDER.resolve("dotnet"));
            if (sdk == null) {
                abort(DotnetSdk.MISSING);
            }
            command = sdk.compile(Path.of("src", "interop", "dotnet", "Peer.cs"), ProgramFiles.FOLDER);
        }
        return new DotnetProgram(new ForeignProgram("dotnet", port -> {
            List<String> line = new ArrayList<>(command);
            line.add(Integer.toString(port));
            return new ProcessBuilder(line);
        }));
    }

    /** Lets it do a job: {@code NAME=VALUE}, as {@code Peer.cs} explains them. */
    Conversation does(List<String> words) throws IOException {
        Conversation conversation = program.conversation();
        conversation.hears(String.join(" ", words));
        return conversation;
    }

    /** Ends it without a word, as {@code TerminateProcess} does, and returns once it is gone. */
    void kill() {
        program.kill();
    }

    @Override
    public void close() {
        program.close();
    }
}
