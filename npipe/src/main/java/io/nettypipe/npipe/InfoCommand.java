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

import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.npipe.system.Accounts;
import io.nettypipe.npipe.system.PipeDescription;
import io.nettypipe.npipe.system.PipeDescription.Details;
import io.nettypipe.npipe.system.PipeDescription.State;
import io.nettypipe.npipe.system.PipeDirectory;
import io.nettypipe.win32.SystemCallException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code npipe info}. */
@Command(name = "info", description = {"Tells what a pipe is: type, instances, quotas, owner, who may do what, and"
    + " the server's process.",
    "%nWindows tells without a connection whether the pipe is there, its instances, and whether one is free. All else"
    + " it tells only who has opened the pipe: for that this connects, without asking to read or write and without"
    + " lending its identity, and leaves at once. That uses up an instance for a moment, and the server sees a client"
    + " come and leave; a server of a single client may end. --no-connect leaves it out."})
final class InfoCommand implements Callable<Integer> {
    private static final List<String> DIRECTIONS =
            List.of("from the client to the server", "from the server to the client", "both directions");
    private static final int ERROR_ACCESS_DENIED = 5;

    private final Streams streams;

    @Spec
    private CommandSpec spec;
    @Parameters(index = "0", paramLabel = "NAME", converter = PipeName.class,
            description = "The pipe: orders, \\\\.\\pipe\\orders or npipe:////./pipe/orders.")
    private NamedPipeAddress pipe;
    @Option(names = "--no-connect", description = "Tell only what is told without a connection.")
    private boolean noConnect;

    InfoCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws Failure {
        if (!pipe.isLocal()) {
            throw new ParameterException(spec.commandLine(), "'" + pipe.path() + "' is a pipe of another machine");
        }
        Failure.requirePipes();
        PipeDescription description = new PipeDescription(pipe.path());
        try {
            State state = description.state();
            if (state == State.ABSENT) {
                throw new Failure(Failure.ABSENT, "There is no pipe " + pipe.path(), null);
            }
            Optional<PipeDirectory.Entry> entry = directoryEntry();
            Optional<Details> details = noConnect || state == State.BUSY ? Optional.empty() : description.connect();
            line("Pipe", pipe.path());
            instances(entry, details, state);
            details.ifPresent(this::print);
            if (details.isEmpty() && !noConnect) {
                throw new Failure(Failure.BUSY, "All instances of " + pipe.path() + " are busy; what else there is to"
                        + " know is told only who can connect", null);
            }
            return 0;
        } catch (SystemCallException e) {
            throw new Failure(e.error() == ERROR_ACCESS_DENIED ? Failure.DENIED : Failure.FAILED,
                    pipe.path() + ": " + Failure.reason(e), e);
        }
    }

    /** Nothing where the system has no directory. */
    private Optional<PipeDirectory.Entry> directoryEntry() {
        try {
            return PipeDirectory.list().stream().filter(entry -> entry.name().equalsIgnoreCase(pipe.name()))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private void instances(Optional<PipeDirectory.Entry> entry, Optional<Details> details, State state) {
        String free = state == State.FREE ? "a client can connect" : "all are busy";
        String counts = entry.or(() -> details.map(asked ->
                        new PipeDirectory.Entry(pipe.name(), asked.instances(), asked.maxInstances())))
                .map(known -> known.instances() + ", limit: " + known.limit() + "; ").orElse("");
        line("Instances", counts + free);
    }

    private void print(Details details) {
        line("Type", (details.message() ? "messages, " : "bytes, ") + DIRECTIONS.get(details.direction()));
        line("Quotas", details.inQuota() + " bytes to the server, " + details.outQuota() + " bytes to the client");
        if (details.sddl() == null) {
            line("Owner", "not told to you");
        } else {
            DescriptorWords words = new DescriptorWords(details.sddl(), Accounts::nameOf);
            line("Owner", words.owner());
            String label = "Access";
            for (String access : words.access()) {
                line(label, access);
                label = "";
            }
            line("SDDL", details.sddl());
        }
        line("Server", server(details));
    }

    private static String server(Details details) {
        if (details.processId() == null) {
            return "not told";
        }
        return "process " + details.processId()
                + ProcessHandle.of(details.processId()).flatMap(process -> process.info().command())
                        .map(command -> " (" + command + ')').orElse("")
                + (details.sessionId() == null ? "" : ", session " + details.sessionId());
    }

    private void line(String label, String text) {
        streams.text().printf("%-10s %s%n", label, text);
    }
}
