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
package io.nettypipe.channel;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.nettypipe.testing.Pattern;
import io.nettypipe.testing.TestPipe;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.model.TestSystem;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A server and its clients on one pipe, and what they received. */
final class PipeFixture extends TestPipe {
    /** Whether channels wait for data without a buffer; for tests that run other tests. */
    static volatile boolean zeroByteReads;

    final BlockingQueue<Peer> accepted = new LinkedBlockingQueue<>();
    private final List<Channel> channels = new ArrayList<>();
    Channel server;

    PipeFixture() {
        this(2);
    }

    PipeFixture(int threads) {
        this(threads, TestSystem.open());
    }

    PipeFixture(int threads, Win32 win32) {
        super(threads, win32);
    }

    @Override
    public ServerBootstrap serverBootstrap() {
        return super.serverBootstrap()
                .childOption(NamedPipeChannelOption.ZERO_BYTE_READ, zeroByteReads)
                .childHandler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public boolean isSharable() {
                        return true;
                    }

                    @Override
                    public void handlerAdded(ChannelHandlerContext ctx) {
                        Peer peer = new Peer(ctx.channel());
                        ctx.pipeline().replace(this, "peer", peer);
                        accepted.add(peer);
                    }
                });
    }

    /** A server for other machines too: the default descriptor denies them, even where the pipe does not. */
    ServerBootstrap networkServerBootstrap() {
        return forNetwork(serverBootstrap());
    }

    static ServerBootstrap forNetwork(ServerBootstrap bootstrap) {
        return bootstrap.option(NamedPipeChannelOption.REJECT_REMOTE_CLIENTS, false)
                .option(NamedPipeChannelOption.SECURITY, NamedPipeSecurity.sddl("D:(A;;FA;;;WD)"));
    }

    Bootstrap clientBootstrap(ChannelHandler handler) {
        return clientBootstrap().handler(handler)
                .option(NamedPipeChannelOption.ZERO_BYTE_READ, zeroByteReads);
    }

    PipeFixture serve() throws Exception {
        return serve(serverBootstrap());
    }

    PipeFixture serveMessages() throws Exception {
        return serve(serverBootstrap().option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE));
    }

    PipeFixture serve(ServerBootstrap bootstrap) throws Exception {
        server = bootstrap.bind(address).sync().channel();
        return this;
    }

    Peer connect() throws Exception {
        return connect(NamedPipeMode.BYTE, true);
    }

    Peer connectMessages() throws Exception {
        return connect(NamedPipeMode.MESSAGE, true);
    }

    Peer connect(NamedPipeMode readMode, boolean autoRead) throws Exception {
        Peer peer = new Peer(null);
        Channel channel = clientBootstrap(peer).option(NamedPipeChannelOption.READ_MODE, readMode)
                .option(ChannelOption.AUTO_READ, autoRead).connect(address).sync().channel();
        peer.channel = channel;
        channels.add(channel);
        return peer;
    }

    Peer accept() throws InterruptedException {
        return take(accepted);
    }

    @Override
    public void close() {
        channels.forEach(channel -> await(channel.close()));
        if (server != null) {
            await(server.close());
        }
        try {
            stop(0);
        } finally {
            accepted.forEach(Peer::releaseAll);
        }
    }

    static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, java.nio.charset.StandardCharsets.UTF_8);
    }

    /** A pattern that shows a byte lost, doubled or out of place. */
    static ByteBuf pattern(int length, int seed) {
        return Pattern.buffer(UnpooledByteBufAllocator.DEFAULT, seed, 0, length);
    }
}
