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
package io.nettypipe.streams;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import io.nettypipe.channel.PipeMessage;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What both streams know of their channel, under one lock, and what waits for it to change. */
final class StreamsHandler extends ChannelInboundHandlerAdapter {
    private final NamedPipeStreams streams;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean active;
    private boolean gone;
    private Throwable failure;

    StreamsHandler(NamedPipeStreams streams) {
        this.streams = streams;
    }

    NamedPipeStreams streams() {
        return streams;
    }

    /** Does something with the state, and wakes all that wait for it. */
    void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    ReentrantLock lock() {
        return lock;
    }

    /** Whether the channel is connected, or was. Holds the lock, as all below. */
    boolean wasActive() {
        return active;
    }

    boolean isGone() {
        return gone;
    }

    /** What the channel failed with, or {@code null}. */
    Throwable failure() {
        return failure;
    }

    /** Waits for a change, so many nanoseconds at most; answers what is left of them. */
    long await(long nanos, String what, int transferred) throws InterruptedIOException {
        try {
            return changed.awaitNanos(nanos);
        } catch (InterruptedException e) {
            throw interrupted(what, transferred);
        }
    }

    void await(String what, int transferred) throws InterruptedIOException {
        await(TimeUnit.DAYS.toNanos(1), what, transferred);
    }

    static InterruptedIOException interrupted(String what, int transferred) {
        Thread.currentThread().interrupt();
        InterruptedIOException e = new InterruptedIOException("interrupted while " + what);
        e.bytesTransferred = transferred;
        return e;
    }

    /** With the trace of who gets it. */
    static IOException asIo(Throwable cause) {
        if (cause instanceof ClosedChannelException) {
            IOException closed = new ClosedChannelException();
            closed.initCause(cause);
            return closed;
        }
        return new IOException(cause.getMessage(), cause);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (ctx.channel().isActive()) {
            becomeActive();
        }
    }

    private void becomeActive() {
        streams.active();
        change(() -> active = true);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        becomeActive();
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (msg instanceof ByteBuf || msg instanceof PipeMessage) {
            ByteBuf bytes = msg instanceof ByteBuf buffer ? buffer : ((PipeMessage) msg).content();
            change(() -> streams.pipeInput().arrived(bytes));
        } else {
            ReferenceCountUtil.release(msg);
            exceptionCaught(ctx, new IOException("a stream takes bytes, not " + msg.getClass().getName()));
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        change(streams.pipeInput()::answered);
        ctx.fireChannelReadComplete();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            change(streams.pipeInput()::ended);
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        change(() -> { });
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        change(() -> {
            if (failure == null) {
                failure = cause;
            }
        });
        ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        handlerRemoved(ctx);
        ctx.fireChannelInactive();
    }

    /** Also of a channel that was never active, such as one whose attempt to connect failed. */
    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        change(() -> {
            gone = true;
            streams.pipeInput().ended();
        });
    }
}
