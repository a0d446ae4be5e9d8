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
package io.nettypipe.npipe.traffic;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Starts a program for a connection: what the peer sends is the program's standard input, and its standard output goes
 * to the peer. Its standard error is ours. When the peer ends or leaves, the program's input ends; when the program's
 * output ends, the connection is closed.
 */
public final class ProgramHandler extends ChannelInboundHandlerAdapter {
    private final List<String> command;
    private final boolean lines;
    private final Set<Process> running;
    private final Consumer<String> log;

    /**
     * Starts nothing yet.
     *
     * @param lines   whether each message is a line, both ways
     * @param running where the process is as long as it runs
     * @param log     told why a program does not start
     */
    public ProgramHandler(List<String> command, boolean lines, Set<Process> running, Consumer<String> log) {
        this.command = command;
        this.lines = lines;
        this.running = running;
        this.log = log;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        } catch (IOException e) {
            log.accept(e.getMessage());
            ctx.close();
            return;
        }
        running.add(process);
        process.onExit().thenAccept(running::remove);
        OutputStream input = process.getOutputStream();
        OutputSink sink = new OutputSink(input, lines);
        sink.end().whenComplete((done, failure) -> close(input));
        ctx.pipeline().addLast(sink);
        new InputPump(process.getInputStream(), ctx.channel(), lines).start("npipe-program").end()
                .whenComplete((done, failure) -> {
                    close(process.getInputStream());
                    ctx.channel().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
                });
        ctx.fireChannelActive();
    }

    private static void close(AutoCloseable stream) {
        try {
            stream.close();
        } catch (Exception alreadyBroken) {
            // The program has closed its end, which is its right.
        }
    }
}
