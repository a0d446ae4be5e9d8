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

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

import java.io.PrintWriter;
import java.io.Reader;
import java.util.function.Supplier;

/**
 * An echo server and client over a Windows named pipe, to be run by a person.
 * <p>
 * Each way to fail has its own exit status (the constants here) and says in one line what to do.
 */
@Command(
        name = "example-echo",
        description = "An echo server and client over a Windows named pipe.",
        mixinStandardHelpOptions = true,
        versionProvider = EchoMain.Version.class,
        subcommands = {ServerCommand.class, ClientCommand.class},
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:done",
            "1:failed",
            "2:wrong arguments",
            "3:no server has a pipe of this name",
            "4:the pipe is busy",
            "5:the name is taken, or access to it is denied",
            "6:there are no named pipes here (not Windows)"
        })
public final class EchoMain {
    /** The exit status of success. */
    static final int OK = 0;
    /** The exit status of any failure without a status of its own. */
    static final int FAILED = 1;
    /** The exit status of wrong arguments, a wrong pipe name among them. */
    static final int USAGE = 2;
    /** The exit status of a client for whose name there is no pipe. */
    static final int NO_SERVER = 3;
    /** The exit status of a client that found no free instance in time. */
    static final int BUSY = 4;
    /** The exit status of a name that is taken or that the user may not use. */
    static final int DENIED = 5;
    /** The exit status on a system without named pipes. */
    static final int UNAVAILABLE = 6;

    private EchoMain() { }

    /** Runs the program and ends the virtual machine with its exit status. */
    public static void main(String[] args) {
        System.exit(commandLine(Terminal::input).setOut(Terminal.output()).execute(args));
    }

    /** Runs the program with streams of the caller's; returns its exit status. */
    static int run(Reader in, PrintWriter out, PrintWriter err, String... args) {
        return commandLine(() -> in).setOut(out).setErr(err).execute(args);
    }

    private static CommandLine commandLine(Supplier<Reader> in) {
        CommandLine line = new CommandLine(new EchoMain());
        line.getSubcommands().get("client").<ClientCommand>getCommand().readTextFrom(in);
        return line
                .setExpandAtFiles(false)
                .setParameterExceptionHandler(EchoMain::explainUsage)
                .setExecutionExceptionHandler(EchoMain::explainFailure);
    }

    private static int explainUsage(ParameterException e, String[] args) {
        CommandLine line = e.getCommandLine();
        line.getErr().println(Failure.oneLine(e.getMessage())
                + " (" + line.getCommandSpec().qualifiedName() + " --help shows how)");
        return USAGE;
    }

    private static int explainFailure(Exception e, CommandLine line, ParseResult result) {
        PipeOptions options = (PipeOptions) line.getCommandSpec().mixins().get("pipe").userObject();
        Failure failure = Failure.of(e, options.path());
        line.getErr().println(failure.line());
        if (options.verbose()) {
            e.printStackTrace(line.getErr());
        }
        return failure.exitCode();
    }

    /** What {@code --version} prints: the version in the jar's manifest. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = EchoMain.class.getPackage().getImplementationVersion();
            return new String[] {"nettypipe example-echo " + (version == null ? "(not from a jar)" : version)};
        }
    }
}
