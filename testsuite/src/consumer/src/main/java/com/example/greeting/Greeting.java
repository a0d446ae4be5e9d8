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
package com.example.greeting;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.nettypipe.channel.NamedPipe;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.channel.NamedPipeChannel;
import io.nettypipe.channel.NamedPipeChannelOption;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.channel.NamedPipeServerChannel;
import io.nettypipe.codec.PipeMessageCodec;
import io.nettypipe.codec.PipeStringDecoder;
import io.nettypipe.codec.PipeStringEncoder;
import io.nettypipe.iocp.IocpIoHandler;

import java.util.function.BiConsumer;

/** Serves a pipe, greets itself once, and says in which modules it ran. */
public final class Greeting {
    private Greeting() {
    }

    public static void main(String[] args) throws Exception {
        NamedPipe.ensureAvailability();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, IocpIoHandler.newFactory());
        NamedPipeAddress pipe = NamedPipeAddress.ephemeral();
        new ServerBootstrap().group(group).channel(NamedPipeServerChannel.class)
                .option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE)
                .childHandler(strings((ctx, name) -> ctx.writeAndFlush("Hello, " + name + "!")))
                .bind(pipe).sync();
        Channel client = new Bootstrap().group(group).channel(NamedPipeChannel.class)
                .option(NamedPipeChannelOption.READ_MODE, NamedPipeMode.MESSAGE)
                .handler(strings((ctx, greeting) -> {
                    System.out.println(greeting + " From " + NamedPipe.class.getModule() + " and "
                            + PipeMessageCodec.class.getModule());
                    ctx.close();
                }))
                .connect(pipe).sync().channel();
        client.writeAndFlush("world");
        client.closeFuture().sync();
        group.shutdownGracefully().sync();
    }

    private static ChannelInitializer<Channel> strings(BiConsumer<ChannelHandlerContext, String> received) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel ch) {
                ch.pipeline().addLast(new PipeMessageCodec(), PipeStringDecoder.utf8(), PipeStringEncoder.utf8(),
                        new SimpleChannelInboundHandler<String>() {
                            @Override
                            protected void channelRead0(ChannelHandlerContext ctx, String message) {
                                received.accept(ctx, message);
                            }
                        });
            }
        };
    }
}
