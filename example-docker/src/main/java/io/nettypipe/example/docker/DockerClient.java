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

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.string.StringDecoder;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.channel.NamedPipeChannel;

import java.nio.charset.StandardCharsets;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** Asks the engine; each request has a connection of its own. */
final class DockerClient {
    private static final int MOST = 16 * 1024 * 1024;
    private static final String RAW = "application/vnd.docker.raw-stream";

    private final EventLoopGroup group;
    private final NamedPipeAddress engine;

    DockerClient(EventLoopGroup group, NamedPipeAddress engine) {
        this.group = group;
        this.engine = engine;
    }

    /** What the engine says of itself, in JSON. */
    Future<String> version() {
        Promise<String> promise = group.next().newPromise();
        connect(promise, new HttpObjectAggregator(MOST),
                new Exchange<>(request(HttpMethod.GET, "/version"), HttpResponseStatus.OK,
                        (ctx, response) -> Exchange.body(response), promise));
        return promise;
    }

    /**
     * What happens from now on: lines of JSON, on the event loop. Succeeds once the engine has answered; the channel
     * closes when it has no more to tell, and who has heard enough closes it.
     */
    Future<NamedPipeChannel> events(Consumer<String> event) {
        Promise<NamedPipeChannel> promise = group.next().newPromise();
        connect(promise, new Exchange<>(request(HttpMethod.GET, "/events"), HttpResponseStatus.OK,
                (ctx, response) -> (NamedPipeChannel) ctx.channel(), promise),
                new LineBasedFrameDecoder(MOST), new StringDecoder(StandardCharsets.UTF_8),
                new SimpleChannelInboundHandler<String>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext ctx, String line) {
                        event.accept(line);
                    }
                });
        return promise;
    }

    /**
     * Attaches to a container. Then what is written to the channel is its standard input, which ends with {@code
     * shutdownOutput()}, and the handler gets what it writes, as {@link StdPart}s, and {@code channelInactive} at its
     * end.
     */
    Future<NamedPipeChannel> attach(String container, ChannelHandler output) {
        FullHttpRequest request = request(HttpMethod.POST,
                "/containers/" + container + "/attach?stream=1&stdin=1&stdout=1&stderr=1");
        request.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
                .set(HttpHeaderNames.UPGRADE, "tcp").set(HttpHeaderNames.CONTENT_LENGTH, 0);
        Promise<NamedPipeChannel> promise = group.next().newPromise();
        BiFunction<ChannelHandlerContext, HttpResponse, NamedPipeChannel> switching = (ctx, response) -> {
            // A terminal has one stream and no frames.
            boolean terminal = RAW.equals(response.headers().get(HttpHeaderNames.CONTENT_TYPE));
            ctx.pipeline().addLast(terminal ? new TerminalDecoder() : new StdFrameDecoder(), output);
            // What it has read beyond the response, it passes on.
            ctx.pipeline().remove(HttpClientCodec.class);
            return (NamedPipeChannel) ctx.channel();
        };
        connect(promise, new Exchange<>(request, HttpResponseStatus.SWITCHING_PROTOCOLS, switching, promise));
        return promise;
    }

    private static FullHttpRequest request(HttpMethod method, String path) {
        FullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, method, path, Unpooled.EMPTY_BUFFER);
        request.headers().set(HttpHeaderNames.HOST, "docker").set(HttpHeaderNames.USER_AGENT, "nettypipe");
        return request;
    }

    /** The pipe carries messages, and an empty one is the half-close; who reads bytes needs no option. */
    private void connect(Promise<?> promise, ChannelHandler... handlers) {
        new Bootstrap().group(group).channel(NamedPipeChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new HttpClientCodec()).addLast(handlers);
                    }
                })
                .connect(engine)
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        promise.tryFailure(connected.cause());
                    }
                });
    }
}
