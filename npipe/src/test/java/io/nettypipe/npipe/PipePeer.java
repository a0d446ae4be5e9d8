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
package io.nettypipe.npipe;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.nettypipe.testing.Pattern;

import java.util.concurrent.CompletableFuture;

/** The end of a {@link Transfer} that has the pipe: what it sends last, it sends once the other has half-closed. */
final class PipePeer extends SimpleChannelInboundHandler<ByteBuf> {
    private final long size;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private long sent;
    private long received;
    private boolean ended;

    PipePeer(long size) {
        this.size = size;
    }

    /** Complete when everything has come, and everything is sent. */
    CompletableFuture<Void> done() {
        return done;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        send(ctx);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        send(ctx);
    }

    private void send(ChannelHandlerContext ctx) {
        long until = size + (ended ? Transfer.LAST : 0);
        while (sent < until && ctx.channel().isWritable()) {
            int length = (int) Math.min(Pattern.CHUNK, until - sent);
            sent += length;
            ctx.writeAndFlush(Pattern.buffer(ctx.alloc(), Transfer.SERVER, sent - length, length))
                    .addListener(written -> fail(written.cause()));
            if (sent == size + Transfer.LAST) {
                ((DuplexChannel) ctx.channel()).shutdownOutput().addListener(told -> {
                    fail(told.cause());
                    done.complete(null);
                });
            }
        }
    }

    private void fail(Throwable cause) {
        if (cause != null) {
            done.completeExceptionally(cause);
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
        int length = bytes.readableBytes();
        if (!Pattern.takes(Transfer.CLIENT, received, bytes)) {
            fail(new AssertionError("other bytes behind " + received));
        }
        received += length;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            if (received != size) {
                fail(new AssertionError("the client has ended behind " + received));
            }
            ended = true;
            send(ctx);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(cause);
    }
}
