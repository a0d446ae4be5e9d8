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

import io.nettypipe.channel.NamedPipe;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.channel.NamedPipeMode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The arguments that server and client share. */
final class PipeOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Parameters(index = "0", paramLabel = "NAME", description = "The pipe: a name such as echo, or \\\\.\\pipe\\echo.")
    private String name;

    @Option(names = "--message", description = "Message mode: each text is one message of the pipe. "
            + "Otherwise byte mode: each text is a line.")
    private boolean message;

    @Option(names = "--loops", paramLabel = "N", defaultValue = "1",
            description = "How many event loops, each a thread, to use (default: ${DEFAULT-VALUE}).")
    private int loops;

    @Option(names = "--verbose", description = "Show the stack trace of a failure.")
    private boolean verbose;

    /**
     * The pipe's address, once every argument has been checked.
     *
     * @throws ParameterException if the name or another argument is wrong
     * @throws EchoException      if this system has no named pipes
     */
    NamedPipeAddress checkedAddress() throws EchoException {
        require(loops >= 1, "--loops must be at least 1, not " + loops);
        NamedPipeAddress address = address();
        if (!NamedPipe.isAvailable()) {
            throw new EchoException(EchoMain.UNAVAILABLE, "Named pipes are not available here: "
                    + Failure.reason(NamedPipe.unavailabilityCause())
                    + "; run this program on Windows, or with ./winjava on Linux", NamedPipe.unavailabilityCause());
        }
        return address;
    }

    private NamedPipeAddress address() {
        try {
            return NamedPipeAddress.of(name);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), "Wrong pipe name '" + name + "': "
                    + Failure.reason(e) + "; give a name such as echo, or \\\\.\\pipe\\echo", e);
        }
    }

    /** Refuses the arguments with this text unless the condition holds. */
    void require(boolean condition, String text) {
        if (!condition) {
            throw new ParameterException(command.commandLine(), text);
        }
    }

    /** The pipe's full path for a text, or the name as it was given if it is wrong. */
    String path() {
        try {
            return NamedPipeAddress.of(name).path();
        } catch (IllegalArgumentException e) {
            return name;
        }
    }

    NamedPipeMode mode() {
        return message ? NamedPipeMode.MESSAGE : NamedPipeMode.BYTE;
    }

    int loops() {
        return loops;
    }

    boolean verbose() {
        return verbose;
    }
}
