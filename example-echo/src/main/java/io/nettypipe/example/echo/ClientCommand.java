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

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.iocp.IocpIoHandler;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** {@code client NAME [TEXT...]}: sends texts and prints the replies, or measures. */
@Command(name = "client", mixinStandardHelpOptions = true, description = {
    "Sends each TEXT, or each line of standard input, and prints the replies.",
    "With --count, --size or --connections it measures instead: messages a second and a latency histogram."
})
final class ClientCommand implements Callable<Integer> {
    private static final int DEFAULT_COUNT = 10_000;
    private static final int DEFAULT_SIZE = 64;
    private static final int MAX_CONNECTIONS = 10_000;

    @Spec
    private CommandSpec spec;

    @Mixin(name = "pipe")
    private PipeOptions pipe;

    @Parameters(index = "1..*", paramLabel = "TEXT", description = "What to send; without any, standard input's lines.")
    private List<String> texts = List.of();

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "10", description =
            "How long to wait for a busy pipe, and then for a reply to a text (default: ${DEFAULT-VALUE}).")
    private int timeout;

    @Option(names = "--count", paramLabel = "N",
            description = "Measure: how many messages to send in all (default: " + DEFAULT_COUNT + ").")
    private Integer count;

    @Option(names = "--size", paramLabel = "BYTES",
            description = "Measure: how long each message is (default: " + DEFAULT_SIZE + ").")
    private Integer size;

    @Option(names = "--connections", paramLabel = "N",
            description = "Measure: how many connections share the messages, each with one on its way (default: 1).")
    private Integer connections;

    private Supplier<Reader> standardInput;

    void readTextFrom(Supplier<Reader> in) {
        standardInput = in;
    }

    @Override
    public Integer call() throws Exception {
        checkArguments();
        NamedPipeAddress address = pipe.checkedAddress();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(pipe.loops(), IocpIoHandler.newFactory());
        try {
            EchoClient client = new EchoClient(group, address, pipe.mode(), timeout);
            PrintWriter out = spec.commandLine().getOut();
            if (measures()) {
                Measurement measurement = new Measurement(
                        pipe.mode(), orElse(count, DEFAULT_COUNT), orElse(size, DEFAULT_SIZE), orElse(connections, 1));
                try (Progress progress = Progress.create(measurement.count())) {
                    measurement.run(client, progress);
                }
                measurement.report(out);
            } else {
                client.exchange(texts.isEmpty() ? lines() : texts.iterator(), out);
            }
            out.flush();
        } finally {
            EchoServer.stop(group);
        }
        return EchoMain.OK;
    }

    private boolean measures() {
        return count != null || size != null || connections != null;
    }

    private void checkArguments() {
        pipe.require(timeout >= 1, "--timeout must be at least 1 second, not " + timeout);
        pipe.require(!measures() || texts.isEmpty(), "A TEXT cannot be sent while --count, --size or --connections"
                + " measure; give one or the other");
        pipe.require(count == null || count >= 1, "--count must be at least 1, not " + count);
        int least = pipe.mode() == NamedPipeMode.MESSAGE ? 0 : 1;
        pipe.require(size == null || size >= least && size <= EchoServer.MAX_MESSAGE,
                "--size must be from " + least + " to " + EchoServer.MAX_MESSAGE + ", not " + size);
        pipe.require(connections == null || connections >= 1 && connections <= MAX_CONNECTIONS,
                "--connections must be from 1 to " + MAX_CONNECTIONS + ", not " + connections);
        boolean oneLineEach = texts.stream().noneMatch(text -> text.contains("\n") || text.contains("\r"));
        pipe.require(pipe.mode() == NamedPipeMode.MESSAGE || oneLineEach,
                "In byte mode a TEXT is one line and cannot contain a line break; use --message on both sides");
    }

    private Iterator<String> lines() {
        return new BufferedReader(standardInput.get()).lines().iterator();
    }

    private static int orElse(Integer value, int otherwise) {
        return value == null ? otherwise : value;
    }
}
