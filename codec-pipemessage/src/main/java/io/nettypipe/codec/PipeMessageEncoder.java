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
package io.nettypipe.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.nettypipe.channel.NamedPipeChannel;
import io.nettypipe.channel.PipeMessage;

/**
 * Makes each {@link ByteBuf} that is written one {@link PipeMessage}, without copying; one of no bytes is an empty
 * message, where without this handler it would be nothing. (It leaves the wrapper out where nobody would see it: if the
 * channel is the next, and there are bytes, which are a message to the channel anyway.) Everything else, such as a
 * {@code PipeMessage} that a handler made itself, passes through untouched.
 * <p>
 * One instance may be shared by any number of pipelines.
 */
@Sharable
public final class PipeMessageEncoder extends ChannelOutboundHandlerAdapter {
    /** Creates an encoder. */
    public PipeMessageEncoder() {
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        boolean frame = msg instanceof ByteBuf && !isTheSameToChannel(ctx, (ByteBuf) msg);
        ctx.write(frame ? new PipeMessage((ByteBuf) msg) : msg, promise);
    }

    private static boolean isTheSameToChannel(ChannelHandlerContext ctx, ByteBuf frame) {
        if (!frame.isReadable() || !(ctx.channel() instanceof NamedPipeChannel)) {
            return false;
        }
        ChannelHandlerContext first = ctx.pipeline().firstContext();
        return first != null && first.handler() == ctx.handler();
    }
}
