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
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.nettypipe.channel.NamedPipeChannel;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.channel.PipeMessage;
import io.nettypipe.testing.PipeTest;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

/**
 * What Netty's codecs and ordinary handlers write, trusting that an empty buffer does not reach the wire: on a
 * message-type pipe with half-closure allowed, where an empty message would be the end.
 */
@PipeTest
class EmptyBuffersTest {
    private static final int SECONDS = 30;

    private final BlockingQueue<Object> seen = new LinkedBlockingQueue<>();

    private Object next() throws InterruptedException {
        Object next = seen.poll(SECONDS, TimeUnit.SECONDS);
        return next == null ? "nothing" : next;
    }

    @Test
    void httpResponse_inPartsWithTheEmptyLastContent_keepsTheConnectionAlive() throws Exception {
        try (Wire wire = new Wire(Wire.Kind.MESSAGE_PIPE).serve(channel -> channel.pipeline().addLast(
                new Watcher(), new HttpServerCodec(), new HttpObjectAggregator(1000), new InParts()))) {
            Http1Client client = Http1Client.of(wire.connect(Http1Client::handlers));
            for (int i = 0; i < 3; i++) {
                client.get("/" + i);
                assertEquals("200 /" + i, client.answer());
                assertEquals("answered", next());
            }
            assertNull(seen.poll());
        }
    }

    /** Answers with the path, as a program does that streams: headers, content, and the last content. */
    private final class InParts extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
            ByteBuf body = Unpooled.copiedBuffer(request.uri(), StandardCharsets.US_ASCII);
            HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
            HttpUtil.setContentLength(response, body.readableBytes());
            ctx.write(response);
            ctx.writeAndFlush(new DefaultHttpContent(body));
            // A client that reads bytes would not see an empty message behind them.
            ((NamedPipeChannel) ctx.channel()).drain().addListener(read ->
                    ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).addListener(done -> seen.add("answered")));
        }
    }

    @Test
    void httpRequest_withTheEmptyLastContent_doesNotEndTheServersInput() throws Exception {
        try (Wire wire = new Wire(Wire.Kind.MESSAGE_PIPE).serve(channel -> {
            channel.pipeline().addLast(new Watcher());
            Http1Server.aggregated(channel);
        })) {
            Channel channel = wire.connect(Http1Client::handlers);
            Http1Client client = Http1Client.of(channel);
            for (int i = 0; i < 3; i++) {
                HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/" + i);
                request.headers().set(HttpHeaderNames.HOST, "localhost");
                channel.write(request);
                channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
                assertEquals("200 /" + i + ' ', client.answer());
            }
            assertNull(seen.poll());
        }
    }

    @Test
    void tls_flushedWithNothingWritten_echoesOn() throws Exception {
        try (Wire wire = new Wire(Wire.Kind.MESSAGE_PIPE_WITH_TLS).serve(
                channel -> channel.pipeline().addLast(new EchoAndFlush()))) {
            Channel channel = wire.connect(ch -> ch.pipeline().addLast(new Recorder(), new EmptyFlush()));
            for (int i = 0; i < 3; i++) {
                channel.writeAndFlush(Unpooled.copiedBuffer("echo" + i, StandardCharsets.US_ASCII));
                assertEquals("echo" + i, next());
            }
        }
    }

    private static class EmptyFlush extends ChannelInboundHandlerAdapter {
        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
        }
    }

    private static final class EchoAndFlush extends EmptyFlush {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ctx.writeAndFlush(msg);
        }
    }

    @Test
    void closeOnFlush_readerOfMessages_getsNoneThatIsEmpty() throws Exception {
        try (Wire wire = new Wire(Wire.Kind.MESSAGE_PIPE).serve(channel -> channel.pipeline().addLast(
                new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelActive(ChannelHandlerContext ctx) {
                        ctx.write(Unpooled.copiedBuffer("bye", StandardCharsets.US_ASCII));
                        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
                    }
                }))) {
            wire.connect(channel -> channel.pipeline().addLast(new Recorder()), NamedPipeMode.MESSAGE);
            assertEquals("bye", next());
            assertEquals("inactive", next());
        }
    }

    /** Notes the end and a half-close, and passes on what is received. */
    private class Watcher extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                seen.add("half-closed");
            }
            ctx.fireUserEventTriggered(event);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            seen.add("inactive");
            ctx.fireChannelInactive();
        }
    }

    /** Notes what is received, too. */
    private final class Recorder extends Watcher {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf bytes = msg instanceof PipeMessage ? ((PipeMessage) msg).content() : (ByteBuf) msg;
            seen.add(bytes.toString(StandardCharsets.US_ASCII));
            ReferenceCountUtil.release(msg);
        }
    }
}
