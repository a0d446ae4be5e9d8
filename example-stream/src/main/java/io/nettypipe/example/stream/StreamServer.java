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

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.channel.NamedPipeChannelOption;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.channel.NamedPipeServerChannel;
import io.nettypipe.codec.LastPipeStreamContent;
import io.nettypipe.codec.PipeStreamChunkedInput;
import io.nettypipe.codec.PipeStreamCodec;
import io.nettypipe.codec.PipeStreamContent;

import java.io.PrintStream;

/** Answers each stream with one that is as long. */
final class StreamServer {
    private StreamServer() {
    }

    static Channel start(EventLoopGroup group, NamedPipeAddress pipe, PrintStream out) throws InterruptedException {
        Channel server = new ServerBootstrap()
                .group(group)
                .channel(NamedPipeServerChannel.class)
                .option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(Pattern.CHUNK))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new PipeStreamCodec(), new ChunkedWriteHandler(), new Replier(out));
                    }
                })
                .bind(pipe).sync().channel();
        out.println("Listening on " + pipe + ", Ctrl-C stops");
        return server;
    }

    /** Pulls a request chunk by chunk; then pushes the reply, as fast as the client pulls it; then the next. */
    private static final class Replier extends SimpleChannelInboundHandler<PipeStreamContent> {
        private final PrintStream out;
        private Pattern request;
        private MemoryPeak memory;
        private int calls;

        Replier(PrintStream out) {
            this.out = out;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            memory = new MemoryPeak(ctx.alloc());
            request = new Pattern(memory);
            ctx.read();
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, PipeStreamContent chunk) throws Exception {
            request.check(chunk.content());
            if (chunk instanceof LastPipeStreamContent) {
                Pattern reply = new Pattern(request.position(), memory);
                request = new Pattern(memory);
                calls++;
                ctx.writeAndFlush(new PipeStreamChunkedInput(reply));
            }
            ctx.read();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            out.println("A client left after " + calls + " calls; " + memory);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            out.println(cause.getMessage());
            ctx.close();
        }
    }
}
