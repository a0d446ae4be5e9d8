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
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.npipe.bench.Measurement;
import io.nettypipe.npipe.net.Loops;
import io.nettypipe.npipe.net.PipeAddress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;

/** {@code npipe bench}. */
@Command(name = "bench", description = {"Measures an echo, such as npipe serve NAME --echo: messages a second, and how"
    + " long each took to come back. Each connection has one message on its way."})
final class BenchCommand implements Callable<Integer> {
    private static final int MAX_CONNECTIONS = 10_000;
    private static final int MAX_MESSAGE = 16 * 1024 * 1024;

    private final Streams streams;

    @Spec
    private CommandSpec spec;
    @Parameters(index = "0", paramLabel = "NAME", converter = PipeName.class, description = "The pipe of the echo.")
    private NamedPipeAddress pipe;
    @Option(names = {"-m", "--message"}, description = "Messages; the echo must be one of messages, too.")
    private boolean message;
    @Option(names = "--count", paramLabel = "N", defaultValue = "10000",
            description = "How many messages to send in all (default: ${DEFAULT-VALUE}).")
    private int count;
    @Option(names = "--size", paramLabel = "BYTES", defaultValue = "64",
            description = "How long each is (default: ${DEFAULT-VALUE}).")
    private int size;
    @Option(names = "--connections", paramLabel = "N", defaultValue = "1",
            description = "How many share the messages (default: ${DEFAULT-VALUE}).")
    private int connections;
    @Option(names = "--loops", paramLabel = "N", defaultValue = "1",
            description = "How many event loops, each a thread (default: ${DEFAULT-VALUE}).")
    private int loopCount;
    @Mixin
    private ConnectOptions connecting;

    BenchCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws Exception {
        require("--count", count, 1, Integer.MAX_VALUE);
        require("--size", size, message ? 0 : 1, MAX_MESSAGE);
        require("--connections", connections, 1, MAX_CONNECTIONS);
        require("--loops", loopCount, 1, Integer.MAX_VALUE);
        Failure.requirePipes();
        Measurement measurement =
                new Measurement(message ? NamedPipeMode.MESSAGE : NamedPipeMode.BYTE, count, size, connections);
        AtomicLong done = new AtomicLong();
        PipeAddress server = new PipeAddress(pipe);
        Progress progress = Progress.show(streams.err(), () -> done + " of " + count + " messages");
        try (Loops loops = new Loops(loopCount)) {
            measurement.run(handler -> server.connect(loops, connecting.target(), message, handler), done::set);
        } catch (Exception e) {
            throw Failure.of(e, pipe.path());
        } finally {
            progress.close();
        }
        measurement.report(streams.text());
        return 0;
    }

    private void require(String option, int number, int least, int most) {
        if (number < least || number > most) {
            throw new ParameterException(spec.commandLine(), option + " must be "
                    + (most < Integer.MAX_VALUE ? "from " + least + " to " + most : "at least " + least) + ", not "
                    + number);
        }
    }
}
