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
package io.nettypipe.example.http;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.channel.NamedPipeChannel;

import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;

/** Gets one page. */
final class HttpPipeClient {
    private static final int MAX_RESPONSE = 16 * 1024 * 1024;

    private HttpPipeClient() {
    }

    static Future<String> get(EventLoopGroup group, NamedPipeAddress pipe, String path) {
        Promise<String> page = group.next().newPromise();
        new Bootstrap()
                .group(group)
                .channel(NamedPipeChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new HttpClientCodec(), new HttpObjectAggregator(MAX_RESPONSE),
                                new PageReader(path, page));
                    }
                })
                .connect(pipe)
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        page.tryFailure(connected.cause());
                    }
                });
        return page;
    }

    private static final class PageReader extends SimpleChannelInboundHandler<FullHttpResponse> {
        private final String path;
        private final Promise<String> page;

        PageReader(String path, Promise<String> page) {
            this.path = path;
            this.page = page;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            DefaultFullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, path,
                    ctx.alloc().buffer(0));
            request.headers().set(HttpHeaderNames.HOST, "localhost").set(HttpHeaderNames.CONNECTION, "close");
            ctx.writeAndFlush(request).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse response) {
            page.trySuccess(response.content().toString(StandardCharsets.UTF_8));
            ctx.close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            page.tryFailure(new ClosedChannelException());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            page.tryFailure(cause);
            ctx.close();
        }
    }
}
