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

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Promise;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.function.BiFunction;

/** One request of a connection, and what is made of its response; the bytes of a body go on to the next handler. */
final class Exchange<V> extends SimpleChannelInboundHandler<HttpObject> {
    private final FullHttpRequest request;
    private final HttpResponseStatus wanted;
    private final BiFunction<ChannelHandlerContext, HttpResponse, V> take;
    private final Promise<V> promise;
    private final StringBuilder error = new StringBuilder();
    private HttpResponse response;

    Exchange(FullHttpRequest request, HttpResponseStatus wanted,
            BiFunction<ChannelHandlerContext, HttpResponse, V> take, Promise<V> promise) {
        this.request = request;
        this.wanted = wanted;
        this.take = take;
        this.promise = promise;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.writeAndFlush(request).addListener(written -> {
            if (!written.isSuccess()) {
                exceptionCaught(ctx, written.cause());
            }
        });
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject msg) {
        boolean last = msg instanceof LastHttpContent;
        if (msg instanceof HttpResponse head) {
            response = head;
        }
        if (!response.status().equals(wanted)) {
            if (msg instanceof HttpContent part) {
                error.append(part.content().toString(StandardCharsets.UTF_8));
            }
            if (last) {
                exceptionCaught(ctx, new IOException("the engine answers " + response.status() + ": " + error));
            }
            return;
        }
        // With a response that has no body the bytes behind it are no HTTP; its codec goes when it has said so.
        boolean switching = wanted.codeClass() == HttpStatusClass.INFORMATIONAL;
        if (switching ? last : msg instanceof HttpResponse) {
            promise.trySuccess(take.apply(ctx, response));
        } else if (msg instanceof HttpContent part) {
            ctx.fireChannelRead(part.content().retain());
        }
        if (last && !switching) {
            ctx.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        promise.tryFailure(new ClosedChannelException());
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!promise.tryFailure(cause)) {
            ctx.fireExceptionCaught(cause);
        }
        ctx.close();
    }

    /** For a response that came whole. */
    static String body(HttpResponse response) {
        return ((FullHttpResponse) response).content().toString(StandardCharsets.UTF_8);
    }
}
