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

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.ReferenceCountUtil;

import java.util.ArrayList;
import java.util.List;

/** An HTTP/2 server as one writes it for sockets: nothing here knows of pipes. */
final class Http2Server {
    private final int streams;
    private final List<ChannelHandlerContext> waiting = new ArrayList<>();

    /** A server of one connection that echoes bodies, but answers no stream before {@code streams} are open. */
    Http2Server(int streams) {
        this.streams = streams;
    }

    void handlers(Channel channel) {
        channel.pipeline().addLast(
                Http2FrameCodecBuilder.forServer()
                        .initialSettings(Http2Settings.defaultSettings().maxConcurrentStreams(streams)).build(),
                new Http2MultiplexHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel stream) {
                        stream.pipeline().addLast(new Echo());
                    }
                }));
    }

    private void opened(ChannelHandlerContext stream) {
        waiting.add(stream);
        if (waiting.size() == streams) {
            waiting.forEach(ctx -> {
                ctx.writeAndFlush(new DefaultHttp2HeadersFrame(
                        new DefaultHttp2Headers().status(HttpResponseStatus.OK.codeAsText())));
                ctx.channel().config().setAutoRead(true);
            });
            waiting.clear();
        }
    }

    private final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object frame) {
            if (frame instanceof Http2DataFrame) {
                ctx.write(frame);
                return;
            }
            if (frame instanceof Http2HeadersFrame) {
                ctx.channel().config().setAutoRead(false);
                opened(ctx);
            }
            ReferenceCountUtil.release(frame);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
        }
    }
}
