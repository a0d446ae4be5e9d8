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
package io.nettypipe.example.docker;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.CharsetUtil;
import io.nettypipe.channel.NamedPipeChannelOption;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.testing.TestPipe;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * As much of a Docker engine as the example asks for, on the kind of pipe that the engine makes: of messages, read as
 * bytes, where an empty message is the half-close. The container "shout" answers in frames, "tty" has a terminal.
 */
final class DockerDaemon {
    /** The connections that wait for events. */
    final BlockingQueue<Channel> listeners = new LinkedBlockingQueue<>();

    void start(TestPipe pipe) throws InterruptedException {
        ServerBootstrap server = pipe.serverBootstrap();
        server.option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE)
                .option(NamedPipeChannelOption.READ_MODE, NamedPipeMode.BYTE)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(1024), new Api());
                    }
                })
                .bind(pipe.address).sync();
    }

    /** Tells what has happened, cut anywhere. */
    static void emit(Channel listener, String part) {
        listener.writeAndFlush(new DefaultHttpContent(Unpooled.copiedBuffer(part, CharsetUtil.UTF_8)));
    }

    static void emitEnd(Channel listener) {
        listener.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
    }

    private final class Api extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
            String asked = request.method() + " " + request.uri().replaceAll("\\?.*", "");
            switch (asked) {
                case "GET /version" -> answer(ctx, HttpResponseStatus.OK, "{\"ApiVersion\":\"1.47\"}");
                case "GET /events" -> {
                    DefaultHttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
                    HttpUtil.setTransferEncodingChunked(head, true);
                    ctx.writeAndFlush(head);
                    listeners.add(ctx.channel());
                }
                case "POST /containers/shout/attach" -> hijack(ctx, request, "multiplexed-stream", new Shout());
                case "POST /containers/tty/attach" -> hijack(ctx, request, "raw-stream", new Terminal());
                default -> answer(ctx, HttpResponseStatus.NOT_FOUND, "{\"message\":\"No such container\"}");
            }
        }
    }

    private static void answer(ChannelHandlerContext ctx, HttpResponseStatus status, String json) {
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status,
                Unpooled.copiedBuffer(json, CharsetUtil.UTF_8));
        response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, json.length());
        ctx.writeAndFlush(response);
    }

    /** As the engine does: the connection is no HTTP any more, and the first bytes come with the response. */
    private static void hijack(ChannelHandlerContext ctx, FullHttpRequest request, String type,
            ChannelInboundHandlerAdapter container) {
        if (!request.headers().contains(HttpHeaderNames.UPGRADE, "tcp", true)) {
            answer(ctx, HttpResponseStatus.BAD_REQUEST, "{\"message\":\"no upgrade\"}");
            return;
        }
        ctx.pipeline().remove(HttpServerCodec.class);
        ctx.pipeline().remove(HttpObjectAggregator.class);
        ByteBuf head = ByteBufUtil.writeAscii(ctx.alloc(), "HTTP/1.1 101 UPGRADED\r\nContent-Type: "
                + "application/vnd.docker." + type + "\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
        ctx.writeAndFlush(ctx.alloc().compositeBuffer().addComponents(true, head,
                type.startsWith("raw") ? ByteBufUtil.writeAscii(ctx.alloc(), "$ ") : frame(ctx, Std.ERR, "ready\n")));
        ctx.pipeline().replace(ctx.handler(), "container", container);
    }

    static ByteBuf frame(ChannelHandlerContext ctx, Std stream, String text) {
        ByteBuf frame = ctx.alloc().buffer().writeInt(stream.ordinal() << 24).writeInt(text.length());
        frame.writeCharSequence(text, CharsetUtil.US_ASCII);
        return frame;
    }

    /** Answers in capitals, and says at the end of its input how much that was. */
    private static final class Shout extends ChannelInboundHandlerAdapter {
        private int heard;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf bytes = (ByteBuf) msg;
            heard += bytes.readableBytes();
            ctx.writeAndFlush(frame(ctx, Std.OUT, bytes.toString(CharsetUtil.US_ASCII).toUpperCase()));
            bytes.release();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ChannelInputShutdownReadComplete.INSTANCE) {
                ctx.writeAndFlush(frame(ctx, Std.ERR, heard + " bytes\n"));
                ctx.close();
            }
        }
    }

    /** Echoes its input, until that ends. */
    private static final class Terminal extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ctx.writeAndFlush(msg);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ChannelInputShutdownReadComplete.INSTANCE) {
                ctx.close();
            }
        }
    }
}
