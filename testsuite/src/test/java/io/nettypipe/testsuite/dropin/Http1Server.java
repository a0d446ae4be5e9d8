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
package io.nettypipe.testsuite.dropin;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpChunkedInput;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.nettypipe.testing.Pattern;
import io.nettypipe.testsuite.PatternInput;

import java.nio.charset.StandardCharsets;

/** Two HTTP/1.1 servers as one writes them for sockets: nothing here knows of pipes. */
final class Http1Server {
    private static final int MAX_BODY = 1 << 20;

    private Http1Server() {
    }

    /** Answers whole requests with their path and their body. */
    static void aggregated(Channel channel) {
        channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(MAX_BODY), new Whole());
    }

    /**
     * {@code POST} is answered with a digest of the body; {@code GET /N} with N bytes of {@link Pattern}, chunked.
     */
    static void streaming(Channel channel) {
        channel.pipeline().addLast(new HttpServerCodec(), new ChunkedWriteHandler(), new Streaming());
    }

    private static final class Whole extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
            FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK,
                    Unpooled.wrappedBuffer(Unpooled.copiedBuffer(request.uri() + ' ', StandardCharsets.US_ASCII),
                            request.content().retain()));
            HttpUtil.setContentLength(response, response.content().readableBytes());
            boolean keepAlive = HttpUtil.isKeepAlive(request);
            HttpUtil.setKeepAlive(response, keepAlive);
            ChannelFuture written = ctx.write(response);
            if (!keepAlive) {
                written.addListener(ChannelFutureListener.CLOSE);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
        }
    }

    private static final class Streaming extends SimpleChannelInboundHandler<HttpObject> {
        private HttpRequest request;
        private Pattern.Digest digest;

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, HttpObject part) {
            if (part instanceof HttpRequest) {
                request = (HttpRequest) part;
                digest = new Pattern.Digest();
            }
            if (part instanceof HttpContent) {
                digest.update(((HttpContent) part).content());
            }
            if (part instanceof LastHttpContent) {
                if (request.method().equals(HttpMethod.POST)) {
                    answerDigest(ctx);
                } else {
                    answerStream(ctx, Long.parseLong(request.uri().substring(1)));
                }
            }
        }

        private void answerDigest(ChannelHandlerContext ctx) {
            FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK,
                    Unpooled.copiedBuffer(digest.toString(), StandardCharsets.US_ASCII));
            HttpUtil.setContentLength(response, response.content().readableBytes());
            ctx.writeAndFlush(response);
        }

        private static void answerStream(ChannelHandlerContext ctx, long length) {
            HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
            response.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/octet-stream");
            HttpUtil.setTransferEncodingChunked(response, true);
            ctx.write(response);
            ctx.writeAndFlush(new HttpChunkedInput(new PatternInput(1, length)));
        }
    }
}
