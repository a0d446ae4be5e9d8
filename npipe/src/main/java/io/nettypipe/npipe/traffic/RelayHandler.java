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
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.nettypipe.channel.NamedPipeChannel;

import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * One side of a relayed connection: what comes from it goes to the other, which may be on another event loop. It reads
 * on while the other takes it, so no more waits than the other's water mark and one read.
 * <p>
 * Who has ended is told to the other side by a half-close. A pipe of bytes has none: there the connection is closed
 * when nothing has come from the pipe for a while. Of a side that is gone the other gets everything, and is closed
 * then; a socket that still sends is read until it ends, or its system would answer with a reset, which can overtake
 * the data.
 */
final class RelayHandler extends ChannelInboundHandlerAdapter {
    private final RelayedConnection connection;
    private final LongAdder bytes;
    private RelayHandler other;
    private Channel to;
    private volatile ChannelHandlerContext context;
    private volatile boolean inputEnded;
    private volatile boolean discarding;
    private long lastRead;

    RelayHandler(RelayedConnection connection, LongAdder bytes) {
        this.connection = connection;
        this.bytes = bytes;
    }

    static void join(RelayHandler one, RelayHandler other) {
        one.other = other;
        other.other = one;
    }

    /** Whom what comes goes to; said before this handler is in a pipeline. */
    void leadTo(Channel channel) {
        to = channel;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (discarding) {
            ReferenceCountUtil.release(msg);
            return;
        }
        if (msg instanceof ByteBuf buffer) {
            bytes.add(buffer.readableBytes());
        }
        to.write(msg, to.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (!discarding) {
            lastRead = System.nanoTime();
            to.flush();
        }
        if (discarding || to.isWritable()) {
            ctx.read();
        }
    }

    /** There is room again, or no more. A read too many is none. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            to.read();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            if (discarding) {
                ctx.close();
            } else {
                // A socket throws away what it has not written yet when its output is shut down.
                to.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> tellEnd(ctx, written.isSuccess()));
            }
        }
        ctx.fireUserEventTriggered(event);
    }

    private void tellEnd(ChannelHandlerContext ctx, boolean written) {
        if (!written) {
            to.close();
            return;
        }
        shutdownOutput(to).addListener(told -> {
            if (told.isSuccess()) {
                if (connection.directionEnded()) {
                    ctx.close();
                    to.close();
                }
            } else if (told.cause() instanceof UnsupportedOperationException) {
                other.closeWhenQuiet();
            } else {
                to.close();
            }
        });
    }

    private static ChannelFuture shutdownOutput(Channel channel) {
        return ((DuplexChannel) channel).shutdownOutput();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        to.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            // It fails if the other was told of the end before.
            if (!to.isActive() || other.inputEnded || other.context == null || to instanceof NamedPipeChannel) {
                to.close();
            } else {
                shutdownOutput(to).addListener(told -> other.discard());
            }
        });
        ctx.fireChannelInactive();
    }

    /** The other side is gone, and this one has all that came from it. Any thread. */
    private void discard() {
        discarding = true;
        context.read();
        closeWhenQuiet();
    }

    /** Closes this side, and with it the other, when nothing that is relayed has come for a while. Any thread. */
    private void closeWhenQuiet() {
        context.executor().execute(() -> {
            lastRead = System.nanoTime();
            look();
        });
    }

    private void look() {
        long quietNanos = TimeUnit.SECONDS.toNanos(connection.quietSeconds());
        // While the other side takes nothing, this one is not read, and not quiet.
        long left = discarding || to.isWritable() ? lastRead + quietNanos - System.nanoTime() : quietNanos;
        if (left <= 0) {
            context.close();
        } else if (context.channel().isActive()) {
            context.executor().schedule(this::look, left, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof ClosedChannelException)) {
            connection.failed(ctx.channel() + ": " + cause);
        }
        ctx.close();
    }
}
