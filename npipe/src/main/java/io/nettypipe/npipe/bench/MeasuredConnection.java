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
package io.nettypipe.npipe.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import org.HdrHistogram.Histogram;

import java.util.concurrent.CompletableFuture;

/** One connection of a measurement: one message on its way at a time, each reply compared and timed. */
final class MeasuredConnection extends SimpleChannelInboundHandler<ByteBuf> {
    private final int messages;
    private final int size;
    private final Histogram nanos = new Histogram(3);
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private ChannelHandlerContext context;
    private ByteBuf payload;
    private long sentAt;
    private volatile int replies;

    MeasuredConnection(int messages, int size) {
        this.messages = messages;
        this.size = size;
    }

    /** Complete when every reply has come, or the connection failed. */
    CompletableFuture<Void> end() {
        return end;
    }

    /** The latencies; read them after the {@linkplain #end() end} only. */
    Histogram nanos() {
        return nanos;
    }

    /** How many replies have come. Any thread. */
    int replies() {
        return replies;
    }

    /** Sends the first message. On the event loop. */
    void start() {
        if (payload == null) {
            end.completeExceptionally(new IllegalStateException("the server closed the pipe at once"));
            return;
        }
        send();
    }

    private void send() {
        sentAt = System.nanoTime();
        context.writeAndFlush(payload.retainedDuplicate()).addListener(written -> {
            if (!written.isSuccess()) {
                end.completeExceptionally(written.cause());
            }
        });
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        payload = ctx.alloc().directBuffer(Math.max(size, 1));
        for (int i = 0; i < size; i++) {
            payload.writeByte(i * 31 + (i >> 8));
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        payload.release();
        payload = null;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf reply) {
        nanos.recordValue(System.nanoTime() - sentAt);
        if (!reply.equals(payload)) {
            end.completeExceptionally(new IllegalStateException(
                    "a reply of " + reply.readableBytes() + " bytes is not the message that was sent"));
            ctx.close();
            return;
        }
        int got = replies + 1;
        replies = got;
        if (got == messages) {
            end.complete(null);
        } else {
            send();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end.completeExceptionally(
                new IllegalStateException("the server closed the pipe after " + replies + " replies"));
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        end.completeExceptionally(cause);
        ctx.close();
    }
}
