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

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The program: its commands, and what becomes of wrong arguments and of failures. */
@Command(name = "npipe", scope = ScopeType.INHERIT, mixinStandardHelpOptions = true,
        versionProvider = Npipe.Version.class, sortOptions = false, sortSynopsis = false,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:done",
            "1:failed",
            "2:wrong arguments",
            "3:there is no such pipe, or nobody listens there",
            "4:the pipe is busy, or nobody answered in time",
            "5:access is denied, or the address is in use",
            "6:there are no named pipes here (not Windows), or no Unix sockets"})
public final class Npipe {
    static final int USAGE = 2;
    private static final String COMMANDS = "list, info, cat, relay, serve or bench";

    private final Streams streams;
    @Option(names = "--verbose", scope = ScopeType.INHERIT,
            description = "Say more: who connects and leaves, warnings, stack traces.")
    private boolean verbose;
    /** Of the channels, which warn of a half-closure that a pipe has not. Held, or it would be forgotten. */
    private final Logger log = Logger.getLogger("io.nettypipe.channel");

    Npipe(Streams streams) {
        this.streams = streams;
    }

    /** Runs the program and ends the virtual machine with its exit status. */
    public static void main(String[] args) {
        // Not System.in: that one calls PeekNamedPipe before it reads, which not every pipe answers.
        System.exit(run(new Streams(new FileInputStream(FileDescriptor.in), new FileOutputStream(FileDescriptor.out),
                new PrintWriter(System.err, true)), args));
    }

    /** Runs the program with streams of the caller's; returns its exit status. */
    static int run(Streams streams, String... args) {
        Npipe program = new Npipe(streams);
        CommandLine commands = new CommandLine(program)
                .addSubcommand(new ListCommand(streams))
                .addSubcommand(new InfoCommand(streams))
                .addSubcommand(new CatCommand(streams))
                .addSubcommand(new RelayCommand(streams, () -> program.verbose))
                .addSubcommand(new ServeCommand(streams))
                .addSubcommand(new BenchCommand(streams));
        commands.setOut(streams.text()).setErr(streams.err())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setAbbreviatedOptionsAllowed(false)
                .setParameterExceptionHandler((wrong, given) -> explain(wrong))
                .setExecutionStrategy(program::execute)
                .setExecutionExceptionHandler((failure, command, parsed) -> program.explain(failure));
        int status = commands.execute(args);
        streams.text().flush();
        return status;
    }

    private int execute(ParseResult parsed) {
        log.setLevel(verbose ? Level.WARNING : Level.OFF);
        Integer helped = CommandLine.executeHelpRequest(parsed);
        if (helped != null) {
            return helped;
        }
        if (!parsed.hasSubcommand()) {
            throw new ParameterException(parsed.commandSpec().commandLine(), "Missing a COMMAND: " + COMMANDS);
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    /** One line for whatever is wrong. */
    private static int explain(ParameterException wrong) {
        CommandLine command = wrong.getCommandLine();
        String text = wrong.getMessage();
        if (wrong instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()
                && command.getParent() == null) {
            text = "Unknown command: '" + unmatched.getUnmatched().get(0) + "'; there is " + COMMANDS;
        }
        command.getErr().println(Failure.oneLine(text)
                + " (" + command.getCommandSpec().qualifiedName() + " --help shows how)");
        return USAGE;
    }

    private int explain(Exception e) {
        Failure failure = e instanceof Failure known ? known : Failure.of(e, "");
        streams.err().println(failure.getMessage());
        if (verbose) {
            failure.printStackTrace(streams.err());
        }
        return failure.status();
    }

    /** What the jar says. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"nettypipe npipe " + Npipe.class.getPackage().getImplementationVersion()};
        }
    }
}
