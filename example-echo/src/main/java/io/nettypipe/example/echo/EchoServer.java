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
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.channel.NamedPipeChannelOption;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.channel.NamedPipeServerChannel;
import io.nettypipe.codec.PipeMessageCodec;

import java.io.PrintWriter;

/** A pipe server that sends back what it gets: bytes in byte mode, whole messages in message mode. */
final class EchoServer {
    /** The longest message, in bytes; the connection of a client that sends more is closed. */
    static final int MAX_MESSAGE = 16 * 1024 * 1024;

    private EchoServer() {
    }

    /** Starts a server; it listens when this returns, and says on {@code err} why a connection failed. */
    static Channel start(EventLoopGroup group, NamedPipeAddress pipe, NamedPipeMode mode, PrintWriter err)
            throws InterruptedException {
        return new ServerBootstrap()
                .group(group)
                .channel(NamedPipeServerChannel.class)
                .option(NamedPipeChannelOption.PIPE_TYPE, mode)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (mode == NamedPipeMode.MESSAGE) {
                            channel.pipeline().addLast(new PipeMessageCodec(MAX_MESSAGE));
                        }
                        channel.pipeline().addLast(new EchoHandler(err));
                    }
                })
                .bind(pipe).sync().channel();
    }
}
