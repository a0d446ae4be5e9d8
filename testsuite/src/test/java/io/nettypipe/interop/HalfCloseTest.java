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

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import io.nettypipe.channel.NamedPipeChannel;
import io.nettypipe.channel.NamedPipeChannelOption;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.channel.NamedPipeServerChannel;
import io.nettypipe.testing.WindowsTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** A C program that half-closes as go-winio does, against our channels on both sides. */
@WindowsTest
@Timeout(120)
final class HalfCloseTest extends OnePipe {

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 100", "200, 300", "3, 100000"})
    void cClient_thatHalfCloses_getsAllBackAndThenTheEnd(int count, int size) throws Exception {
        Channel server = new ServerBootstrap().group(group).channel(NamedPipeServerChannel.class)
                .option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE)
                .option(NamedPipeChannelOption.READ_MODE, NamedPipeMode.BYTE)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new AnswerAtTheEnd());
                    }
                }).bind(address).sync().channel();
        try (CProgram client = CProgram.client("half_close", address.name(),
                List.of("role=client", "count=" + count, "size=" + size, "buffer=65536"))) {
            assertEquals((long) count * size, client.success().get("bytes"));
        } finally {
            server.close().sync();
        }
    }

    @Test
    void cClient_thatHalfCloses_toAServerThatKnowsNothingOfIt_getsWhatWasAnsweredAndThenTheEnd() throws Exception {
        Channel server = new ServerBootstrap().group(group).channel(NamedPipeServerChannel.class)
                .option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE)
                .option(NamedPipeChannelOption.READ_MODE, NamedPipeMode.BYTE)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                                ctx.writeAndFlush(msg);
                            }
                        });
                    }
                }).bind(address).sync().channel();
        try (CProgram client = CProgram.client("half_close", address.name(),
                List.of("role=client", "count=3", "size=1000", "buffer=65536"))) {
            assertEquals(3000L, client.success().get("bytes"));
        } finally {
            server.close().sync();
        }
    }

    @Test
    void cServer_thatHalfCloses_getsAllAndSendsItBackBeforeTheEnd() throws Exception {
        int length = 100_000;
        CompletableFuture<ByteBuf> answer = new CompletableFuture<>();
        try (CProgram server = CProgram.server("half_close", address.name(), "role=server", "size=3000",
                "buffer=65536")) {
            Channel client = new Bootstrap().group(group).channel(NamedPipeChannel.class)
                    .option(ChannelOption.ALLOW_HALF_CLOSURE, true).handler(new Collector() {
                        @Override
                        void ended(ChannelHandlerContext ctx, ByteBuf received) {
                            answer.complete(received);
                        }
                    }).connect(address).sync().channel();
            for (int from = 0; from < length; from += 1000) {
                client.write(pattern(client, from, 1000));
            }
            client.flush();
            ((DuplexChannel) client).shutdownOutput().sync();
            ByteBuf received = answer.get(60, TimeUnit.SECONDS);
            ByteBuf expected = pattern(client, 0, length);
            assertEquals(expected, received);
            expected.release();
            received.release();
            client.close().sync();
            Map<String, Long> result = server.success();
            assertEquals(length, result.get("bytes"));
        }
    }

    private static ByteBuf pattern(Channel channel, int from, int length) {
        ByteBuf bytes = channel.alloc().buffer(length);
        for (int at = from; at < from + length; at++) {
            bytes.writeByte(at * 7 + (at >> 8));
        }
        return bytes;
    }

    /** Collects what it receives until the peer half-closes. */
    private abstract static class Collector extends ChannelInboundHandlerAdapter {
        private CompositeByteBuf received;

        abstract void ended(ChannelHandlerContext ctx, ByteBuf all);

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            received = ctx.alloc().compositeBuffer(Integer.MAX_VALUE);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            received.addComponent(true, (ByteBuf) msg);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ChannelInputShutdownReadComplete.INSTANCE) {
                ended(ctx, received);
            }
        }
    }

    private static final class AnswerAtTheEnd extends Collector {
        @Override
        void ended(ChannelHandlerContext ctx, ByteBuf all) {
            int part = Math.max(all.readableBytes() / 7, 1);
            while (all.readableBytes() > 0) {
                ctx.write(all.readRetainedSlice(Math.min(part, all.readableBytes())));
            }
            all.release();
            ctx.flush();
            ((DuplexChannel) ctx.channel()).shutdownOutput();
        }
    }
}
