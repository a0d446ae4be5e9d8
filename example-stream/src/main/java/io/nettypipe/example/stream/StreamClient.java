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
package io.nettypipe.example.stream;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.channel.NamedPipeChannel;
import io.nettypipe.channel.NamedPipeChannelOption;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.codec.LastPipeStreamContent;
import io.nettypipe.codec.PipeStreamChunkedInput;
import io.nettypipe.codec.PipeStreamCodec;
import io.nettypipe.codec.PipeStreamContent;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;

/** Sends requests and checks the replies. */
final class StreamClient {
    private StreamClient() {
    }

    /** Makes some calls of {@code length} bytes each way, one after another; answers what memory that took. */
    static Future<MemoryPeak> call(EventLoopGroup group, NamedPipeAddress pipe, long length, int times,
                                   PrintStream out) {
        Promise<MemoryPeak> done = group.next().newPromise();
        connect(group, pipe, done, new Caller(length, times, out, done));
        return done;
    }

    /** Sends {@code length} bytes and closes the connection instead of ending the stream. */
    static Future<Void> abort(EventLoopGroup group, NamedPipeAddress pipe, long length) {
        Promise<Void> done = group.next().newPromise();
        connect(group, pipe, done, new ChannelInboundHandlerAdapter() {
            @Override
            public void channelActive(ChannelHandlerContext ctx) {
                ctx.writeAndFlush(new Pattern(length, new MemoryPeak(ctx.alloc()))).addListener(sent -> ctx.close());
            }

            @Override
            public void channelInactive(ChannelHandlerContext ctx) {
                done.trySuccess(null);
            }
        });
        return done;
    }

    private static void connect(EventLoopGroup group, NamedPipeAddress pipe, Promise<?> done, ChannelHandler handler) {
        new Bootstrap()
                .group(group)
                .channel(NamedPipeChannel.class)
                .option(NamedPipeChannelOption.READ_MODE, NamedPipeMode.MESSAGE)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(Pattern.CHUNK))
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new PipeStreamCodec(), new ChunkedWriteHandler(), handler);
                    }
                })
                .connect(pipe)
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        done.tryFailure(connected.cause());
                    }
                });
    }

    private static final class Caller extends SimpleChannelInboundHandler<PipeStreamContent> {
        private final long length;
        private final int times;
        private final PrintStream out;
        private final Promise<MemoryPeak> done;
        private Pattern reply;
        private MemoryPeak memory;
        private int calls;
        private long start;

        Caller(long length, int times, PrintStream out, Promise<MemoryPeak> done) {
            this.length = length;
            this.times = times;
            this.out = out;
            this.done = done;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            memory = new MemoryPeak(ctx.alloc());
            call(ctx);
        }

        private void call(ChannelHandlerContext ctx) {
            reply = new Pattern(memory);
            start = System.nanoTime();
            ctx.writeAndFlush(new PipeStreamChunkedInput(new Pattern(length, memory)));
            ctx.read();
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, PipeStreamContent chunk) throws Exception {
            reply.check(chunk.content());
            if (!(chunk instanceof LastPipeStreamContent)) {
                ctx.read();
                return;
            }
            if (reply.position() != length) {
                throw new IOException("A reply of " + reply.position() + " bytes to a request of " + length);
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            double mib = length / 1048576.0;
            out.println(String.format(Locale.ROOT,
                    "Request of %.0f MiB and reply as long in %.1f s: %.0f MiB/s, all bytes checked",
                    mib, seconds, 2 * mib / seconds));
            calls++;
            if (calls < times) {
                call(ctx);
            } else {
                out.println("Done; " + memory);
                done.trySuccess(memory);
                ctx.close();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            done.tryFailure(new ClosedChannelException());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            done.tryFailure(cause);
            ctx.close();
        }
    }
}
