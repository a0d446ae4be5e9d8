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
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpChunkedInput;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.nettypipe.testing.Pattern;
import io.nettypipe.testsuite.PatternInput;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An HTTP/1.1 client as one writes it for sockets: nothing here knows of pipes. */
final class Http1Client extends SimpleChannelInboundHandler<HttpObject> {
    private static final int SECONDS = 50;
    private static final int MAX_TEXT = 256;

    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();
    private Pattern.Digest digest;
    private Channel channel;

    static void handlers(Channel channel) {
        channel.pipeline().addLast(new HttpClientCodec(), new ChunkedWriteHandler(), new Http1Client());
    }

    static Http1Client of(Channel channel) {
        return channel.pipeline().get(Http1Client.class);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
    }

    void get(String uri) {
        channel.writeAndFlush(request(HttpMethod.GET, uri, ""));
    }

    /** A body whose length is told in a header. */
    void post(String uri, String body) {
        channel.writeAndFlush(request(HttpMethod.POST, uri, body));
    }

    FullHttpRequest request(HttpMethod method, String uri, String body) {
        FullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, method, uri,
                Unpooled.copiedBuffer(body, StandardCharsets.US_ASCII));
        request.headers().set(HttpHeaderNames.HOST, "localhost");
        HttpUtil.setContentLength(request, body.length());
        return request;
    }

    /** A body of {@link Pattern}, in chunks. */
    void postStream(long length) {
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/");
        request.headers().set(HttpHeaderNames.HOST, "localhost");
        HttpUtil.setTransferEncodingChunked(request, true);
        channel.write(request);
        channel.writeAndFlush(new HttpChunkedInput(new PatternInput(1, length)));
    }

    /** The next response: its status and its body, or a digest of a long body. */
    String answer() throws InterruptedException {
        String answer = answers.poll(SECONDS, TimeUnit.SECONDS);
        if (answer == null) {
            throw new AssertionError("no response after " + SECONDS + " s");
        }
        return answer;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject part) {
        if (part instanceof HttpResponse) {
            text.setLength(0);
            text.append(((HttpResponse) part).status().code()).append(' ');
            digest = new Pattern.Digest();
        }
        if (part instanceof HttpContent) {
            HttpContent content = (HttpContent) part;
            digest.update(content.content());
            if (text.length() <= MAX_TEXT) {
                text.append(content.content().toString(StandardCharsets.US_ASCII));
            }
        }
        if (part instanceof LastHttpContent) {
            answers.add(text.length() <= MAX_TEXT ? text.toString() : digest.toString());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        answers.add("closed");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        answers.add(cause.toString());
    }
}
