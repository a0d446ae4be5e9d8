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
package io.nettypipe.microbench.race;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.ReferenceCountUtil;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.channel.NamedPipeChannelOption;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.channel.NamedPipeServerChannel;
import io.nettypipe.codec.PipeMessageCodec;
import io.nettypipe.iocp.IocpIoHandler;
import io.nettypipe.microbench.Echo;

import java.net.InetAddress;
import java.util.List;
import java.util.function.Consumer;

/**
 * The servers of the race that Netty makes.
 * <pre>
 * RaceServer NAME [loops=N] [echo=message]   the pipe NAME, which sends back what comes, and the sinks NAME-bytes and
 *                                            NAME-messages (see race.h)
 * RaceServer tcp:PORT [loops=N]              the same on a loopback port, with the sink on the next one
 * </pre>
 */
public final class RaceServer {
    private static final String TCP = "tcp:";

    private RaceServer() {
    }

    /** Serves until the process is ended, or ends it if it cannot. */
    public static void main(String[] args) {
        try {
            serve(args);
        } catch (Exception e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    private static void serve(String... args) throws Exception {
        List<String> options = List.of(args);
        int loops = options.stream().filter(option -> option.startsWith("loops="))
                .mapToInt(option -> Integer.parseInt(option.substring("loops=".length()))).findFirst().orElse(0);
        if (args[0].startsWith(TCP)) {
            serveTcp(new MultiThreadIoEventLoopGroup(loops, NioIoHandler.newFactory()),
                    Integer.parseInt(args[0].substring(TCP.length())));
        } else {
            servePipes(new MultiThreadIoEventLoopGroup(loops, IocpIoHandler.newFactory()), args[0],
                    options.contains("echo=message") ? NamedPipeMode.MESSAGE : NamedPipeMode.BYTE);
        }
    }

    private static void servePipes(EventLoopGroup group, String name, NamedPipeMode echo) throws Exception {
        bindPipe(group, name, echo, pipeline -> {
            if (echo == NamedPipeMode.MESSAGE) {
                pipeline.addLast(new PipeMessageCodec());
            }
            pipeline.addLast(new Echo());
        });
        bindPipe(group, name + "-bytes", NamedPipeMode.BYTE, pipeline -> pipeline.addLast(new Sink()));
        bindPipe(group, name + "-messages", NamedPipeMode.MESSAGE, pipeline -> pipeline.addLast(new Sink()));
    }

    private static void bindPipe(EventLoopGroup group, String name, NamedPipeMode mode, Consumer<ChannelPipeline> fill)
            throws InterruptedException {
        new ServerBootstrap().group(group).channel(NamedPipeServerChannel.class)
                .option(NamedPipeChannelOption.PIPE_TYPE, mode)
                .childHandler(filled(fill))
                .bind(NamedPipeAddress.of(name)).sync();
    }

    private static void serveTcp(EventLoopGroup group, int port) throws Exception {
        bindTcp(group, port, pipeline -> pipeline.addLast(new Echo()));
        bindTcp(group, port + 1, pipeline -> pipeline.addLast(new Sink()));
    }

    private static void bindTcp(EventLoopGroup group, int port, Consumer<ChannelPipeline> fill)
            throws InterruptedException {
        new ServerBootstrap().group(group).channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(filled(fill))
                .bind(InetAddress.getLoopbackAddress(), port).sync();
    }

    private static ChannelInitializer<Channel> filled(Consumer<ChannelPipeline> fill) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                fill.accept(channel.pipeline());
                channel.pipeline().addLast(new Gone());
            }
        };
    }

    /** The client has gone in the midst of something. */
    private static final class Gone extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    /** Counts what comes: the first 8 bytes say how many will follow, and then it answers with their number. */
    private static final class Sink extends ChannelInboundHandlerAdapter {
        private long expected = -1;
        private long got;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = message instanceof ByteBufHolder holder ? holder.content() : (ByteBuf) message;
            if (expected < 0) {
                expected = bytes.readLongLE();
            }
            got += bytes.readableBytes();
            ReferenceCountUtil.release(message);
            if (got >= expected) {
                ctx.writeAndFlush(ctx.alloc().directBuffer(Long.BYTES).writeLongLE(got), ctx.voidPromise());
            }
        }
    }
}
