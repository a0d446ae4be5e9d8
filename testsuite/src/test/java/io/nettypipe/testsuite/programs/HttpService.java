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

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpChunkedInput;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.nettypipe.testing.Pattern;
import io.nettypipe.testsuite.PatternInput;

import java.nio.charset.StandardCharsets;

/**
 * A server of codec-http that answers {@code GET /bytes/SIZE} with that many bytes of the first {@link Pattern},
 * {@code POST /echo} with the body as it comes, and {@code POST /digest} with the body's size and SHA-256.
 */
final class HttpService extends SimpleChannelInboundHandler<HttpObject> {
    private Channel channel;
    private boolean echo;
    private Pattern.Digest digest;

    Channel channel() {
        return channel;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
        ChannelPipeline pipeline = ctx.pipeline();
        pipeline.addBefore(ctx.name(), null, new HttpServerCodec());
        pipeline.addBefore(ctx.name(), null, new HttpServerKeepAliveHandler());
        pipeline.addBefore(ctx.name(), null, new ChunkedWriteHandler());
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject part) {
        if (part instanceof HttpRequest request) {
            begin(ctx, request.uri().split("/"));
        }
        if (part instanceof HttpContent content) {
            add(ctx, content.content());
            if (content instanceof LastHttpContent) {
                end(ctx);
            }
        }
    }

    private void begin(ChannelHandlerContext ctx, String[] path) {
        echo = path[1].equals("echo");
        digest = path[1].equals("digest") ? new Pattern.Digest() : null;
        if (echo) {
            HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
            HttpUtil.setTransferEncodingChunked(response, true);
            ctx.write(response);
        } else if (path[1].equals("bytes")) {
            HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
            long length = Long.parseLong(path[2]);
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, length);
            ctx.write(response);
            ctx.writeAndFlush(new HttpChunkedInput(new PatternInput(1, length)));
        }
    }

    private void add(ChannelHandlerContext ctx, ByteBuf body) {
        if (digest != null) {
            digest.update(body);
        } else if (echo && body.isReadable()) {
            ctx.writeAndFlush(new DefaultHttpContent(body.retain()));
        }
    }

    private void end(ChannelHandlerContext ctx) {
        if (echo) {
            ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
        } else if (digest != null) {
            ByteBuf answer = Unpooled.copiedBuffer(digest.toString(), StandardCharsets.US_ASCII);
            HttpResponse response =
                    new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, answer);
            HttpUtil.setContentLength(response, answer.readableBytes());
            ctx.writeAndFlush(response);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
