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
package io.nettypipe.testsuite.abuse;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Promise;
import io.nettypipe.channel.PipeMessage;
import io.nettypipe.testing.Pattern;

/** Sends messages, each after the reply to the one before, and compares each byte that comes back. */
final class EchoCaller extends ChannelInboundHandlerAdapter {
    private final Arena arena;
    private final int length;
    private final int seed;
    private ChannelHandlerContext context;
    private Promise<Void> promise;
    private int left;
    private int received;

    EchoCaller(Arena arena, int length, int seed) {
        this.arena = arena;
        this.length = length;
        this.seed = seed;
    }

    /** Exchanges some messages; fails if a byte is wrong, or if the connection ends before. */
    Promise<Void> exchange(int count) {
        Promise<Void> exchanged = context.executor().newPromise();
        context.executor().execute(() -> {
            promise = exchanged;
            left = count;
            send();
        });
        return arena.connected.expect(exchanged);
    }

    private void send() {
        received = 0;
        arena.connected.expect(context.writeAndFlush(Arena.message(context.channel(), length, seed + left)));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf content = msg instanceof PipeMessage ? ((PipeMessage) msg).content() : (ByteBuf) msg;
        for (byte one : ByteBufUtil.getBytes(content)) {
            if (one != Pattern.at(seed + left, received)) {
                promise.tryFailure(new AssertionError("wrong byte " + received + " on " + ctx.channel()));
            }
            received++;
        }
        content.release();
        if (received == length) {
            if (--left == 0) {
                promise.trySuccess(null);
            } else {
                send();
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (promise != null) {
            promise.tryFailure(new AssertionError(left + " messages without reply at the end of " + ctx.channel()));
        }
    }
}
