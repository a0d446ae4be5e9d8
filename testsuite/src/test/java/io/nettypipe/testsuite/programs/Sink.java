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
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.nettypipe.channel.PipeMessage;
import io.nettypipe.testing.Pattern;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Reads a channel to its end; echoes what it reads if told to, each part as a message of its own. */
final class Sink extends ChannelInboundHandlerAdapter {
    private static final int PATIENCE_SECONDS = 60;

    private final boolean echo;
    private final long awaited;
    private final Pattern.Digest digest = new Pattern.Digest();
    private final List<Integer> messages = new ArrayList<>();
    private final CompletableFuture<Channel> active = new CompletableFuture<>();
    private final CompletableFuture<Void> received = new CompletableFuture<>();
    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private final AtomicInteger ends = new AtomicInteger();
    /** How many bytes there are of the message whose end has not come. */
    private int unended;

    private Sink(boolean echo, long awaited) {
        this.echo = echo;
        this.awaited = awaited;
    }

    static Sink reading() {
        return new Sink(false, 0);
    }

    static Sink echoing() {
        return new Sink(true, 0);
    }

    /** One that knows when that many bytes have come. */
    static Sink awaiting(long size) {
        return new Sink(false, size);
    }

    Channel channel() throws Exception {
        return active.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Waits until the bytes have come that it awaits. */
    void received() throws Exception {
        received.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Waits for the end of the channel: how many bytes have come by then, and their SHA-256. */
    String ended() throws Exception {
        String read = ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        channel().eventLoop().submit(() -> { }).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (ends.get() != 1) {
            throw new IllegalStateException(ends + " ends of one channel");
        }
        return read;
    }

    /** How many bytes each message had, in however many parts it came; once the channel has ended. */
    List<Integer> messages() {
        return messages;
    }

    /** How many bytes have come; once the channel has ended. */
    long size() {
        return digest.size();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        active.complete(ctx.channel());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf part = msg instanceof PipeMessage message ? message.content() : (ByteBuf) msg;
        digest.update(part);
        unended += part.readableBytes();
        if (msg instanceof PipeMessage message && message.isEndOfMessage()) {
            messages.add(unended);
            unended = 0;
        }
        if (echo) {
            ctx.write(part.retain());
        }
        ReferenceCountUtil.release(msg);
        if (digest.size() >= awaited) {
            received.complete(null);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (echo) {
            ctx.flush();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ends.incrementAndGet();
        ended.complete(digest.toString());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        received.completeExceptionally(cause);
        ended.completeExceptionally(cause);
        ctx.close();
    }
}
