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

import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.interop.ProgramFiles;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One of the programs of {@code src/interop/node}, in Node.js for Windows; closing ends it if it still runs. */
public final class NodeProgram implements AutoCloseable {
    private final ForeignProgram program;
    private final Conversation conversation;

    private NodeProgram(ForeignProgram program) throws IOException {
        this.program = program;
        this.conversation = program.conversation();
    }

    /** With the role, the pipe and numbers that the script takes. */
    public static NodeProgram start(String script, NamedPipeAddress pipe, String role, Object... numbers)
            throws IOException {
        return new NodeProgram(new ForeignProgram("node-" + role, port -> {
            List<String> command = new ArrayList<>(List.of(ProgramFiles.node(),
                    Path.of("src", "interop", "node", script).toString(), Integer.toString(port), pipe.path(), role));
            for (Object number : numbers) {
                command.add(number.toString());
            }
            ProcessBuilder builder = new ProcessBuilder(command);
            // Wine 8 says that it is a Windows too old for it
            builder.environment().put("NODE_SKIP_PLATFORM_CHECK", "1");
            // where the build has put libraries
            builder.environment().put("NODE_PATH", ProgramFiles.FOLDER.toString());
            return builder;
        }));
    }

    /** Waits until the program says that line. */
    public void says(String line) throws IOException {
        conversation.says(line);
    }

    /** Says a line to the program. */
    public void hears(String line) throws IOException {
        conversation.hears(line);
    }

    /** Waits for the end of the program, which must be a success with nothing more said. */
    public void succeeds() throws Exception {
        conversation.ends();
        program.succeeds();
    }

    /** Ends the program without a word, as {@code TerminateProcess} does, and returns once it is gone. */
    public void kill() {
        program.kill();
    }

    @Override
    public void close() throws IOException {
        conversation.close();
        program.close();
    }
}
