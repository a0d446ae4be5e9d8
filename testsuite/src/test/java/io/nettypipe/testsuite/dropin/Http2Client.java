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

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.nettypipe.testing.Pattern;
import io.nettypipe.testsuite.PatternInput;

/** An HTTP/2 client as one writes it for sockets: nothing here knows of pipes. */
final class Http2Client {
    private Http2Client() {
    }

    static void handlers(Channel channel) {
        channel.pipeline().addLast(
                Http2FrameCodecBuilder.forClient().initialSettings(Http2Settings.defaultSettings()).build(),
                new Http2MultiplexHandler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public boolean isSharable() {
                        return true;
                    }
                }));
    }

    /** Opens a stream, posts {@link Pattern} and answers the status and the digest of what comes back. */
    static Future<String> post(Channel connection, long length) throws InterruptedException {
        Promise<String> answer = connection.eventLoop().newPromise();
        Http2StreamChannel stream = new Http2StreamChannelBootstrap(connection)
                .handler(new Answer(answer)).open().sync().getNow();
        stream.write(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers()
                .method(HttpMethod.POST.asciiName()).scheme("https").authority("localhost").path("/")));
        PatternInput body = new PatternInput(1, length);
        while (!body.isEndOfInput()) {
            ByteBuf chunk = body.readChunk(connection.alloc());
            stream.write(new DefaultHttp2DataFrame(chunk, body.isEndOfInput()));
        }
        stream.flush();
        return answer;
    }

    private static final class Answer extends ChannelInboundHandlerAdapter {
        private final Promise<String> answer;
        private final Pattern.Digest digest = new Pattern.Digest();
        private CharSequence status = "no headers";

        Answer(Promise<String> answer) {
            this.answer = answer;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object frame) {
            if (frame instanceof Http2HeadersFrame) {
                status = ((Http2HeadersFrame) frame).headers().status();
            } else if (frame instanceof Http2DataFrame) {
                digest.update(((Http2DataFrame) frame).content());
                if (((Http2DataFrame) frame).isEndStream()) {
                    answer.trySuccess(status + " " + digest);
                }
            }
            ReferenceCountUtil.release(frame);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            answer.tryFailure(new AssertionError("closed after " + status + ' ' + digest));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            answer.tryFailure(cause);
        }
    }
}
