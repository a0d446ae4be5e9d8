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
package io.nettypipe.testsuite.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.testsuite.transport.TestsuitePermutation;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.channel.NamedPipeChannel;
import io.nettypipe.channel.NamedPipeChannelOption;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.channel.NamedPipeServerChannel;
import io.nettypipe.channel.PipeMessage;
import io.nettypipe.iocp.IocpIoHandler;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** What a class of Netty's test suite is run with here. */
final class PipePermutation {
    private static final int THREADS = 4;
    private static volatile EventLoopGroup group;
    private static volatile NamedPipeMode mode;

    private static final AtomicInteger ALLOCATOR = new AtomicInteger();

    private PipePermutation() {
    }

    static void open(NamedPipeMode ofTheClass) {
        mode = ofTheClass;
        group = new MultiThreadIoEventLoopGroup(
                THREADS, new DefaultThreadFactory("testsuite-iocp", true), IocpIoHandler.newFactory());
    }

    /** Also closes the channels that a test of the suite left open. */
    static void close() {
        group.shutdownGracefully(0, 30, TimeUnit.SECONDS).syncUninterruptibly();
    }

    static NamedPipeAddress newAddress() {
        return NamedPipeAddress.ephemeral();
    }

    /**
     * A pipe in the mode that the class runs in. In message mode it is read as messages at both ends; the suite's
     * handlers know buffers only, so each end has a handler before them that takes the content out of the message.
     */
    static List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> factories() {
        return List.of(new Combo(inMessageMode()));
    }

    static boolean inMessageMode() {
        return mode == NamedPipeMode.MESSAGE;
    }

    /** One of the suite's three allocators, another one at each call. */
    static List<ByteBufAllocator> nextAllocator() {
        List<ByteBufAllocator> all = TestsuitePermutation.allocator();
        return List.of(all.get(Math.floorMod(ALLOCATOR.getAndIncrement(), all.size())));
    }

    /**
     * A quarter of the rows of a table whose last five columns are flags in all combinations: those in which the fourth
     * flag says whether the first two differ, and the fifth whether the first and the third do.
     */
    static Collection<Object[]> fraction(Collection<Object[]> rows) {
        return rows.stream().filter(row -> {
            int first = row.length - 5;
            return flag(row, first + 3) == (flag(row, first) ^ flag(row, first + 1))
                    && flag(row, first + 4) == (flag(row, first) ^ flag(row, first + 2));
        }).collect(Collectors.toList());
    }

    private static boolean flag(Object[] row, int column) {
        return (Boolean) row[column];
    }

    private static final class Combo implements BootstrapComboFactory<ServerBootstrap, Bootstrap> {
        private final boolean messages;

        Combo(boolean messages) {
            this.messages = messages;
        }

        @Override
        public ServerBootstrap newServerInstance() {
            ServerBootstrap bootstrap = new ServerBootstrap().group(group);
            return messages
                    ? bootstrap.channelFactory(() -> with(new NamedPipeServerChannel(), new UnwrapAccepted()))
                            .option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE)
                    : bootstrap.channel(NamedPipeServerChannel.class);
        }

        @Override
        public Bootstrap newClientInstance() {
            Bootstrap bootstrap = new Bootstrap().group(group);
            return messages
                    ? bootstrap.channelFactory(() -> with(new NamedPipeChannel(), new Unwrap()))
                            .option(NamedPipeChannelOption.READ_MODE, NamedPipeMode.MESSAGE)
                    : bootstrap.channel(NamedPipeChannel.class);
        }

        private static <C extends Channel> C with(C channel, ChannelHandler handler) {
            channel.pipeline().addLast(handler);
            return channel;
        }
    }

    private static final class UnwrapAccepted extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ((Channel) msg).pipeline().addFirst(new Unwrap());
            ctx.fireChannelRead(msg);
        }
    }

    /** To a reader of bytes an empty message is nothing, so it is dropped, and the read that brought it is repeated. */
    private static final class Unwrap extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf content = ((PipeMessage) msg).content();
            if (content.isReadable()) {
                ctx.fireChannelRead(content);
                return;
            }
            content.release();
            if (!ctx.channel().config().isAutoRead()) {
                ctx.read();
            }
        }
    }
}
