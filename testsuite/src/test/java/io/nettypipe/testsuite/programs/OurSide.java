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
package io.nettypipe.testsuite.programs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.channel.NamedPipeChannel;
import io.nettypipe.channel.NamedPipeServerChannel;
import io.nettypipe.iocp.IocpIoHandler;
import io.nettypipe.testing.Pattern;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Our side: event loops, and a pipe of its own for each test. */
final class OurSide implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 30;

    final NamedPipeAddress address = NamedPipeAddress.ephemeral();
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(2, IocpIoHandler.newFactory());

    ServerBootstrap serverBootstrap() {
        return new ServerBootstrap().group(group).channel(NamedPipeServerChannel.class);
    }

    /** Serves each connection with a handler of its own; they are handed over in the order of their connections. */
    <H extends ChannelHandler> BlockingQueue<H> serve(ServerBootstrap bootstrap, Supplier<H> handlers)
            throws InterruptedException {
        BlockingQueue<H> accepted = new LinkedBlockingQueue<>();
        bootstrap.childHandler(initializer(channel -> {
            H handler = handlers.get();
            channel.pipeline().addLast(handler);
            accepted.add(handler);
        })).bind(address).sync();
        return accepted;
    }

    <H extends ChannelHandler> BlockingQueue<H> serve(Supplier<H> handlers) throws InterruptedException {
        return serve(serverBootstrap(), handlers);
    }

    Bootstrap clientBootstrap() {
        return new Bootstrap().group(group).channel(NamedPipeChannel.class);
    }

    Channel connect(Bootstrap bootstrap, ChannelHandler handler) throws InterruptedException {
        return bootstrap.handler(handler).connect(address).sync().channel();
    }

    Channel connect(ChannelHandler handler) throws InterruptedException {
        return connect(clientBootstrap(), handler);
    }

    /** Connects, and an exchange of some bytes shows that the server serves. */
    void assertServed() throws Exception {
        Sink sink = Sink.awaiting(1000);
        Channel channel = connect(sink);
        channel.writeAndFlush(Pattern.bytes(1, 0, 1000)).sync();
        sink.received();
        channel.close().sync();
        assertEquals(Pattern.digest(1, 1000), sink.ended());
    }

    static <H> H next(BlockingQueue<H> accepted) throws InterruptedException {
        H handler = accepted.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertTrue(handler != null, "nobody has connected");
        return handler;
    }

    static ChannelHandler initializer(Consumer<Channel> init) {
        return new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                init.accept(channel);
            }
        };
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 10_000, TimeUnit.MILLISECONDS);
        assertTrue(group.terminationFuture().awaitUninterruptibly(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }
}
