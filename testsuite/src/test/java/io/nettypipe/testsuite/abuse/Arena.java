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
package io.nettypipe.testsuite.abuse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.Future;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.channel.NamedPipeChannel;
import io.nettypipe.channel.NamedPipeChannelOption;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.channel.NamedPipeServerChannel;
import io.nettypipe.iocp.IocpIoHandler;
import io.nettypipe.testing.Pattern;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One pipe, with event loops and an allocator for each side of its own. When it closes, both sides' books must be in
 * order and every buffer must have been released.
 */
final class Arena implements AutoCloseable {
    static final long SECONDS = 60;
    private static final int CONNECT_TIMEOUT_MILLIS = 120_000;

    final NamedPipeAddress address = NamedPipeAddress.ephemeral();
    final NamedPipeMode mode;
    final EventLoopGroup serving = new MultiThreadIoEventLoopGroup(2, IocpIoHandler.newFactory());
    final EventLoopGroup calling = new MultiThreadIoEventLoopGroup(2, IocpIoHandler.newFactory());
    final UnpooledByteBufAllocator serverMemory = new UnpooledByteBufAllocator(true);
    final UnpooledByteBufAllocator clientMemory = new UnpooledByteBufAllocator(true);
    final Ledger accepted = new Ledger("accepted");
    final Ledger connected = new Ledger("connected");
    private final long start = System.nanoTime();
    Channel server;

    Arena(NamedPipeMode mode) {
        this.mode = mode;
    }

    ServerBootstrap server(Supplier<ChannelHandler> handler) {
        return new ServerBootstrap().group(serving).channel(NamedPipeServerChannel.class)
                .option(NamedPipeChannelOption.PIPE_TYPE, mode)
                .childOption(ChannelOption.ALLOCATOR, serverMemory)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(accepted.watch(), handler.get());
                    }
                });
    }

    void serve(ServerBootstrap bootstrap) throws InterruptedException {
        server = bootstrap.bind(address).sync().channel();
    }

    Bootstrap client(Supplier<ChannelHandler> handler) {
        return new Bootstrap().group(calling).channel(NamedPipeChannel.class)
                .option(NamedPipeChannelOption.READ_MODE, mode)
                .option(ChannelOption.ALLOCATOR, clientMemory)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(connected.watch(), handler.get());
                    }
                });
    }

    Channel connect(Bootstrap bootstrap) {
        return connected.expect(bootstrap.connect(address)).syncUninterruptibly().channel();
    }

    /** A message with bytes that depend on where they are. */
    static ByteBuf message(Channel from, int length, int seed) {
        return Pattern.buffer(from.alloc(), seed, 0, length);
    }

    String seconds() {
        return String.format("%.1f", (System.nanoTime() - start) / 1e9);
    }

    /** For docs/evidence.md to quote. */
    static void report(String line) {
        System.out.println("abuse: " + line);
    }

    void stopLoops() {
        Future<?> one = calling.shutdownGracefully(0, SECONDS, TimeUnit.SECONDS);
        Future<?> other = serving.shutdownGracefully(0, SECONDS, TimeUnit.SECONDS);
        assertTrue(one.awaitUninterruptibly(SECONDS, TimeUnit.SECONDS), "the clients' event loops never end");
        assertTrue(other.awaitUninterruptibly(SECONDS, TimeUnit.SECONDS), "the server's event loops never end");
    }

    @Override
    public void close() {
        stopLoops();
        accepted.verify();
        connected.verify();
        assertEquals(0, serverMemory.metric().usedDirectMemory(), "the server's bytes not released");
        assertEquals(0, clientMemory.metric().usedDirectMemory(), "the clients' bytes not released");
    }
}
