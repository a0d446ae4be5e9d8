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

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.codec.PipeMessageCodec;
import io.nettypipe.npipe.net.Address;
import io.nettypipe.npipe.net.Loops;
import io.nettypipe.npipe.net.PipeAddress;
import io.nettypipe.npipe.traffic.EchoHandler;
import io.nettypipe.npipe.traffic.InputPump;
import io.nettypipe.npipe.traffic.ProgramHandler;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.Stack;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;

/** {@code npipe serve}. */
@Command(name = "serve", description = "Serves a pipe with an echo, or with a program for each client, until Ctrl-C.",
        customSynopsis = {"npipe serve NAME --echo [OPTION...]",
            "       npipe serve NAME [OPTION...] --exec COMMAND [ARG...]"})
final class ServeCommand implements Callable<Integer> {
    private final Streams streams;

    @Spec
    private CommandSpec spec;
    @Parameters(index = "0", paramLabel = "NAME", converter = PipeName.class,
            description = "The pipe: orders, \\\\.\\pipe\\orders or npipe:////./pipe/orders.")
    private NamedPipeAddress pipe;
    @Option(names = "--echo", description = "Send back what comes.")
    private boolean echo;
    @Option(names = "--exec", paramLabel = "COMMAND [ARG...]", parameterConsumer = Rest.class, arity = "1",
            description = {"Start this program for each client; its standard input and output are the pipe. All that"
                + " comes behind is the command."})
    private List<String> command;
    @Option(names = {"-m", "--message"},
            description = "Messages: for a program, a line is a message, and a message a line.")
    private boolean message;
    @Option(names = "--loops", paramLabel = "N", defaultValue = "1",
            description = "How many event loops, each a thread (default: ${DEFAULT-VALUE}).")
    private int loopCount;
    @Mixin
    private ListenOptions options;

    ServeCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws Exception {
        check();
        Failure.requirePipes();
        Set<Process> running = ConcurrentHashMap.newKeySet();
        try (Loops loops = new Loops(loopCount)) {
            Address.Listening server = listen(loops, running);
            streams.text().println("Listening on " + server.address() + (message ? " (messages)" : "")
                    + ", Ctrl-C stops");
            UntilStopped.run(server.channel(), loops, streams.text(), () -> running.forEach(Process::destroy));
        }
        return 0;
    }

    private void check() {
        if (echo == (command != null)) {
            throw new ParameterException(spec.commandLine(), "Give either --echo or --exec COMMAND");
        }
        if (loopCount < 1) {
            throw new ParameterException(spec.commandLine(), "--loops must be at least 1, not " + loopCount);
        }
        options.check(spec, pipe, message);
    }

    private Address.Listening listen(Loops loops, Set<Process> running) throws Failure {
        ChannelInitializer<Channel> child = new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                if (message) {
                    channel.pipeline().addLast(new PipeMessageCodec(InputPump.MAX_LINE));
                }
                channel.pipeline().addLast(echo ? new EchoHandler()
                        : new ProgramHandler(command, message, running, streams.err()::println));
            }
        };
        try {
            return new PipeAddress(pipe).listen(loops, message ? options.messages() : options.bytes(false), child);
        } catch (Exception e) {
            throw Failure.of(e, pipe.path());
        }
    }

    /** Takes all that is left. */
    static final class Rest implements IParameterConsumer {
        @Override
        public void consumeParameters(Stack<String> rest, ArgSpec option, CommandSpec command) {
            if (rest.isEmpty()) {
                throw new ParameterException(command.commandLine(), "--exec needs a COMMAND behind it");
            }
            List<String> all = new ArrayList<>();
            while (!rest.isEmpty()) {
                all.add(rest.pop());
            }
            option.setValue(all);
        }
    }
}
