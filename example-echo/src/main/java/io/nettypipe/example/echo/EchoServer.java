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

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.channel.NamedPipeChannelOption;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.channel.NamedPipeServerChannel;
import io.nettypipe.codec.PipeMessageCodec;
import io.nettypipe.iocp.IocpIoHandler;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A pipe server that sends back what it gets: bytes in byte mode, whole messages in message mode. */
final class EchoServer implements AutoCloseable {
    /** The longest message, in bytes, that is sent back; the connection of a client that sends more is closed. */
    static final int MAX_MESSAGE = 16 * 1024 * 1024;

    private final EventLoopGroup group;
    private final Channel channel;

    private EchoServer(EventLoopGroup group, Channel channel) {
        this.group = group;
        this.channel = channel;
    }

    /**
     * Starts a server; it listens when this returns.
     *
     * @param loops    how many event loops it uses, for listening and for connections
     * @param problems told why a connection failed, on its event loop
     */
    static EchoServer start(NamedPipeAddress address, NamedPipeMode mode, int loops, Consumer<Throwable> problems)
            throws InterruptedException {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(loops, IocpIoHandler.newFactory());
        try {
            Channel channel = new ServerBootstrap()
                    .group(group)
                    .channel(NamedPipeServerChannel.class)
                    .option(NamedPipeChannelOption.PIPE_TYPE, mode)
                    .childHandler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel child) {
                            if (mode == NamedPipeMode.MESSAGE) {
                                child.pipeline().addLast(new PipeMessageCodec(MAX_MESSAGE));
                            }
                            child.pipeline().addLast(new EchoHandler(problems));
                        }
                    })
                    .bind(address).sync().channel();
            return new EchoServer(group, channel);
        } catch (Throwable e) {
            stop(group);
            throw e;
        }
    }

    /** Waits until the server has been closed. */
    void awaitClosed() throws InterruptedException {
        channel.closeFuture().sync();
    }

    /** Stops listening, closes every connection and waits until the event loops have ended, two seconds at most. */
    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
        stop(group);
    }

    /** Ends event loops. The short quiet period lets them close the connections that are still open. */
    static void stop(EventLoopGroup group) {
        group.shutdownGracefully(50, 2000, TimeUnit.MILLISECONDS).awaitUninterruptibly();
    }
}
