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
package io.nettypipe.npipe.traffic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Writes to a blocking stream what a channel receives, and reads on when it is written: as it is, or each message as a
 * line. It writes on a thread of its own, so that a reader that is slow does not keep the event loop.
 */
public final class OutputSink extends ChannelInboundHandlerAdapter {
    private final OutputStream out;
    private final boolean lines;
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final ExecutorService writer = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "npipe-output");
        thread.setDaemon(true);
        return thread;
    });
    private ChannelHandlerContext context;
    private long lastRead;

    /**
     * Writes nothing yet.
     *
     * @param lines whether a line's end is written after each message
     */
    public OutputSink(OutputStream out, boolean lines) {
        this.out = out;
        this.lines = lines;
    }

    /** Complete when the peer sends no more and everything is written, or the stream failed. */
    public CompletableFuture<Void> end() {
        return end;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.fireChannelActive();
        ctx.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        writer.execute(() -> write((ByteBuf) msg));
    }

    private void write(ByteBuf message) {
        try {
            if (!end.isDone()) {
                message.readBytes(out, message.readableBytes());
                if (lines) {
                    out.write('\n');
                }
            }
        } catch (IOException e) {
            end.completeExceptionally(e);
        } finally {
            message.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        lastRead = System.nanoTime();
        writer.execute(() -> {
            flush();
            ctx.read();
        });
    }

    private void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            end.completeExceptionally(e);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            finish();
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        finish();
        ctx.fireChannelInactive();
    }

    private void finish() {
        if (!writer.isShutdown()) {
            writer.execute(() -> {
                flush();
                end.complete(null);
            });
            writer.shutdown();
        }
    }

    /** Closes the channel when nothing has come for so long. Any thread. */
    public void closeWhenQuiet(long seconds) {
        context.executor().execute(() -> {
            lastRead = System.nanoTime();
            look(TimeUnit.SECONDS.toNanos(seconds));
        });
    }

    private void look(long quietNanos) {
        long left = lastRead + quietNanos - System.nanoTime();
        if (left <= 0) {
            context.close();
        } else if (context.channel().isActive()) {
            context.executor().schedule(() -> look(quietNanos), left, TimeUnit.NANOSECONDS);
        }
    }

    /** A connection that fails is over; what had come is written. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        end.completeExceptionally(cause);
        ctx.close();
    }
}
