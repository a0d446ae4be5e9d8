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
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.DuplexChannel;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.codec.PipeMessageCodec;
import io.nettypipe.npipe.net.Address;
import io.nettypipe.npipe.net.Loops;
import io.nettypipe.npipe.net.PipeAddress;
import io.nettypipe.npipe.traffic.InputPump;
import io.nettypipe.npipe.traffic.OutputSink;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** {@code npipe cat}. */
@Command(name = "cat", description = {"Connects to a pipe, as nc does to a port: sends standard input, and writes to"
    + " standard output what comes, until the other side has ended.",
    "%nAt the end of its input it half-closes the pipe, and goes on to receive. A pipe of bytes has no half-close:"
    + " there the other side is not told."})
final class CatCommand implements Callable<Integer> {
    private final Streams streams;

    @Spec
    private CommandSpec spec;
    @Parameters(index = "0", paramLabel = "NAME", converter = PipeName.class,
            description = "The pipe: orders, \\\\.\\pipe\\orders or npipe:////./pipe/orders.")
    private NamedPipeAddress pipe;
    @Option(names = {"-l", "--listen"}, description = "Serve the pipe, for one client.")
    private boolean listen;
    @Option(names = {"-m", "--message"}, description = {"A line is a message, and a message a line. The end of the"
        + " input is not told then, since an empty message is an empty line."})
    private boolean message;
    @Option(names = {"-q", "--quiet"}, paramLabel = "SECONDS", converter = Seconds.class,
            description = {"After the end of the input, end when nothing has come for so long. Otherwise it ends when"
                + " the other side does."})
    private int quiet;
    @Mixin
    private ConnectOptions connecting;
    @Mixin
    private ListenOptions options;

    CatCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws Exception {
        check();
        Failure.requirePipes();
        OutputSink sink = new OutputSink(streams.out(), message);
        try (Loops loops = new Loops(1)) {
            Channel channel = open(loops, sink);
            InputPump input = new InputPump(streams.in(), channel, message).start("npipe-input");
            input.end().whenComplete((sent, failure) -> inputEnded(channel, sink, failure));
            await(sink.end());
            if (channel.isActive() || input.end().isCompletedExceptionally()) {
                // The other side has half-closed, and may still want the rest of what there is.
                await(input.end());
            }
        }
        return 0;
    }

    private void check() {
        if (listen && connecting.namesOwners()) {
            throw new ParameterException(spec.commandLine(), "--owner is for who connects, and not for --listen");
        }
        if (listen) {
            options.check(spec, pipe, message);
        } else if (options.areGiven()) {
            throw new ParameterException(spec.commandLine(), "--allow and --byte-type are for --listen");
        }
    }

    private Channel open(Loops loops, OutputSink sink) throws Exception {
        PipeAddress address = new PipeAddress(pipe);
        CompletableFuture<Channel> opened = new CompletableFuture<>();
        ChannelHandler handler = new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                if (message) {
                    channel.pipeline().addLast(new PipeMessageCodec(InputPump.MAX_LINE));
                }
                channel.pipeline().addLast(sink);
                opened.complete(channel);
            }
        };
        try {
            if (!listen) {
                return address.connect(loops, connecting.target(), message, handler).sync().channel();
            }
            Address.Listening server = address.listen(loops, options.one(message), handler);
            Channel client = opened.get();
            server.channel().close();
            return client;
        } catch (Exception e) {
            throw Failure.of(e, pipe.path());
        }
    }

    private void inputEnded(Channel channel, OutputSink sink, Throwable failure) {
        if (failure != null) {
            channel.close();
        } else if (!message) {
            // A pipe of bytes refuses, and goes on.
            ((DuplexChannel) channel).shutdownOutput();
        }
        if (quiet > 0) {
            sink.closeWhenQuiet(quiet);
        }
    }

    private void await(CompletableFuture<Void> end) throws Failure, InterruptedException {
        try {
            end.get();
        } catch (ExecutionException e) {
            throw Failure.of(e.getCause(), pipe.path());
        }
    }
}
