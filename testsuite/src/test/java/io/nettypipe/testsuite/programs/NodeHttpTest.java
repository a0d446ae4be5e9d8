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

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.MessageToMessageDecoder;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpChunkedInput;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.nettypipe.testing.Pattern;
import io.nettypipe.testing.WindowsTest;
import io.nettypipe.testsuite.PatternInput;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** {@code node:http} against codec-http on our channels. */
@Tag("long")
@WindowsTest
@Timeout(120)
final class NodeHttpTest {
    private static final int MANY = 32;
    private static final int REQUESTS = 10;

    private final OurSide ours = new OurSide();

    @AfterEach
    void stopLoops() {
        ours.close();
    }

    @Test
    void thirtyTwoNodeClients_keepingTheirConnections_areAllAnswered() throws Exception {
        BlockingQueue<HttpService> accepted = ours.serve(HttpService::new);
        try (NodeProgram node = NodeProgram.start("http.js", ours.address, "clients", MANY, REQUESTS)) {
            node.says("answered " + 2 * MANY * REQUESTS);
            node.succeeds();
        }
        assertEquals(MANY, accepted.size());
    }

    @Test
    void nodeClient_sendingAHundredMebibytes_isReadInFull() throws Exception {
        ours.serve(HttpService::new);
        try (NodeProgram node = NodeProgram.start("http.js", ours.address, "upload", Pattern.LARGE)) {
            node.says("answered " + Pattern.digest(1, Pattern.LARGE));
            node.succeeds();
        }
    }

    @Test
    void nodeClient_sentAHundredMebibytes_readsThem() throws Exception {
        ours.serve(HttpService::new);
        try (NodeProgram node = NodeProgram.start("http.js", ours.address, "download", Pattern.LARGE)) {
            node.says("received " + Pattern.digest(1, Pattern.LARGE));
            node.succeeds();
        }
    }

    @Test
    void nodeClient_leavingInTheMiddleOfAnAnswer_endsItsConnection_andTheNextIsServed() throws Exception {
        BlockingQueue<HttpService> accepted = ours.serve(HttpService::new);
        try (NodeProgram node = NodeProgram.start("http.js", ours.address, "destroy", Pattern.LARGE)) {
            node.says("destroyed");
            assertTrue(OurSide.take(accepted).channel().closeFuture().await(30, TimeUnit.SECONDS));
            node.succeeds();
        }
        try (NodeProgram node = NodeProgram.start("http.js", ours.address, "clients", 1, 2)) {
            node.says("answered 4");
            node.succeeds();
        }
    }

    @Test
    void nodeServer_withThirtyTwoOfOurClientsThatPipeline_answersEachInOrder() throws Exception {
        try (NodeProgram node = NodeProgram.start("http.js", ours.address, "server")) {
            node.says("listening");
            List<Responses> clients = new ArrayList<>();
            for (int id = 0; id < MANY; id++) {
                clients.add(new Responses());
                Channel channel = ours.connect(pipelining(clients.get(id)));
                for (int i = 0; i < REQUESTS; i++) {
                    channel.write(request(HttpMethod.GET, "/bytes/" + i * 997, 0, 0));
                    channel.write(request(HttpMethod.POST, "/echo", id, i * 997));
                }
                channel.flush();
            }
            for (int id = 0; id < MANY; id++) {
                for (int i = 0; i < REQUESTS; i++) {
                    assertArrayEquals(Pattern.array(1, 0, i * 997), clients.get(id).next());
                    assertArrayEquals(Pattern.array(id, 0, i * 997), clients.get(id).next());
                }
                clients.get(id).channel.close().sync();
            }
            node.hears("stop");
            node.succeeds();
        }
    }

    @Test
    void nodeServer_sentAHundredMebibytes_readsThem() throws Exception {
        try (NodeProgram node = NodeProgram.start("http.js", ours.address, "server")) {
            node.says("listening");
            Responses responses = new Responses();
            Channel channel = ours.connect(pipelining(responses));
            HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/digest");
            request.headers().set(HttpHeaderNames.HOST, "pipe");
            HttpUtil.setTransferEncodingChunked(request, true);
            channel.write(request);
            channel.writeAndFlush(new HttpChunkedInput(new PatternInput(1, Pattern.LARGE)));
            assertEquals(Pattern.digest(1, Pattern.LARGE), new String(responses.next(), StandardCharsets.US_ASCII));
            channel.close().sync();
            node.hears("stop");
            node.succeeds();
        }
    }

    @Test
    void nodeServer_askedForAHundredMebibytesAndTheEnd_sendsBoth() throws Exception {
        try (NodeProgram node = NodeProgram.start("http.js", ours.address, "server")) {
            node.says("listening");
            assertEquals(Pattern.digest(1, Pattern.LARGE), lastAnswer("/bytes/" + Pattern.LARGE));
            node.hears("stop");
            node.succeeds();
        }
    }

    @Test
    void nodeServer_breakingOffAnAnswer_endsThatConnectionOnly() throws Exception {
        try (NodeProgram node = NodeProgram.start("http.js", ours.address, "server")) {
            node.says("listening");
            lastAnswer("/destroy");
            assertEquals(Pattern.digest(1, 1000), lastAnswer("/bytes/1000"));
            node.hears("stop");
            node.succeeds();
        }
    }

    /** The bytes of an answer after which the connection ends. */
    private String lastAnswer(String path) throws Exception {
        Sink sink = Sink.reading();
        Channel channel = ours.connect(OurSide.initializer(
                opened -> opened.pipeline().addLast(new HttpClientCodec(), new Bodies(), sink)));
        HttpRequest request = request(HttpMethod.GET, path, 0, 0);
        request.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        channel.writeAndFlush(request);
        return sink.ended();
    }

    private static HttpRequest request(HttpMethod method, String path, int seed, int size) {
        HttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, method, path,
                Unpooled.wrappedBuffer(Pattern.array(seed, 0, size)));
        request.headers().set(HttpHeaderNames.HOST, "pipe");
        HttpUtil.setContentLength(request, size);
        return request;
    }

    private static ChannelHandler pipelining(Responses responses) {
        return OurSide.initializer(channel -> channel.pipeline().addLast(new HttpClientCodec(),
                new HttpObjectAggregator(1024 * 1024), new ChunkedWriteHandler(), responses));
    }

    /** Collects answers in the order in which they come. */
    private static final class Responses extends SimpleChannelInboundHandler<FullHttpResponse> {
        private final BlockingQueue<byte[]> bodies = new LinkedBlockingQueue<>();
        private Channel channel;

        byte[] next() throws InterruptedException {
            byte[] body = bodies.poll(60, TimeUnit.SECONDS);
            assertNotNull(body, "no answer");
            return body;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            channel = ctx.channel();
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse response) {
            if (response.status().equals(HttpResponseStatus.OK)) {
                bodies.add(ByteBufUtil.getBytes(response.content()));
            }
        }
    }

    /** Takes the bytes out of HTTP. */
    private static final class Bodies extends MessageToMessageDecoder<HttpObject> {
        @Override
        protected void decode(ChannelHandlerContext ctx, HttpObject part, List<Object> out) {
            if (part instanceof HttpContent content) {
                out.add(content.content().retain());
            }
        }
    }
}
