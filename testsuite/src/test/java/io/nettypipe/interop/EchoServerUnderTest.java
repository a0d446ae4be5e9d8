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
package io.nettypipe.interop;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.channel.NamedPipeChannelOption;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.channel.NamedPipeServerChannel;
import io.nettypipe.codec.PipeMessageCodec;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Our server: echoes, and keeps a transcript of each connection. It reads nothing before the gate is open. */
final class EchoServerUnderTest implements AutoCloseable {
    private static final int MAX_MESSAGE = 16 * 1024 * 1024;

    private final Channel channel;
    private final NamedPipeMode mode;
    private final CompletableFuture<Void> gate;
    private final List<Transcript> transcripts = Collections.synchronizedList(new ArrayList<>());
    private final Semaphore accepted = new Semaphore(0);

    EchoServerUnderTest(EventLoopGroup group, NamedPipeAddress address, NamedPipeMode mode, int maxInstances,
                        CompletableFuture<Void> gate) throws InterruptedException {
        this.mode = mode;
        this.gate = gate;
        channel = new ServerBootstrap()
                .group(group)
                .channel(NamedPipeServerChannel.class)
                .option(NamedPipeChannelOption.PIPE_TYPE, mode)
                .option(NamedPipeChannelOption.MAX_INSTANCES, maxInstances)
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel child) {
                        initConnection(child);
                    }
                })
                .bind(address).sync().channel();
    }

    private void initConnection(Channel child) {
        Transcript transcript = new Transcript(mode);
        transcripts.add(transcript);
        child.pipeline().addLast(transcript);
        if (mode == NamedPipeMode.MESSAGE) {
            child.pipeline().addLast(new PipeMessageCodec(MAX_MESSAGE));
        }
        child.pipeline().addLast(new Echo());
        gate.thenRun(() -> child.config().setAutoRead(true));
        accepted.release();
    }

    /** One for each connection, in the order in which they were accepted. */
    List<Transcript> transcripts() {
        return List.copyOf(transcripts);
    }

    /** Waits until so many connections more have been accepted. Returns whether they have. */
    boolean awaitAccepted(int count) throws InterruptedException {
        return accepted.tryAcquire(count, 60, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
    }

    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ctx.write(msg);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
        }
    }
}
