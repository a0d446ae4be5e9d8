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

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.nettypipe.testing.Pattern;

/** Writes so many bytes as fast as its channel takes them, then closes it. What comes in is let go. */
final class Source extends ChannelInboundHandlerAdapter {
    private final int seed;
    private final long size;
    private long written;

    Source(int seed, long size) {
        this.seed = seed;
        this.size = size;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        pump(ctx);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        pump(ctx);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ReferenceCountUtil.release(msg);
    }

    private void pump(ChannelHandlerContext ctx) {
        while (written < size && ctx.channel().isWritable()) {
            int length = (int) Math.min(Pattern.CHUNK, size - written);
            long from = written;
            written += length;
            ctx.writeAndFlush(Pattern.bytes(seed, from, length)).addListener(
                    from + length == size ? ChannelFutureListener.CLOSE : ChannelFutureListener.CLOSE_ON_FAILURE);
        }
    }
}
