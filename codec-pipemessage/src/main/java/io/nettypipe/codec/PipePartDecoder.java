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

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.nettypipe.channel.PipeMessage;

/**
 * Decodes the parts of messages, and learns of the end of the input, which may come inside a message. It is what
 * Netty's {@code MessageToMessageDecoder} is, without its list and its matching of types, and without counting
 * references of a message that is passed on as it is.
 */
abstract class PipePartDecoder extends ChannelInboundHandlerAdapter {
    private boolean read;
    private boolean passedOn;

    /**
     * Decodes one. It is released, unless what is passed on is its content itself.
     *
     * @return what is passed on, {@code null} for nothing
     */
    abstract Object decode(ChannelHandlerContext ctx, PipeMessage part);

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        read = true;
        Object out = msg instanceof PipeMessage ? decodeOnce(ctx, (PipeMessage) msg) : msg;
        if (out != null) {
            passedOn = true;
            ctx.fireChannelRead(out);
        }
    }

    private Object decodeOnce(ChannelHandlerContext ctx, PipeMessage part) {
        Object out = null;
        try {
            out = decode(ctx, part);
        } finally {
            if (out != part.content()) {
                part.release();
            }
        }
        return out;
    }

    /** What yields nothing has not answered a {@code read()}. */
    @Override
    public final void channelReadComplete(ChannelHandlerContext ctx) {
        boolean unanswered = read && !passedOn;
        read = false;
        passedOn = false;
        if (unanswered && !ctx.channel().config().isAutoRead()) {
            ctx.read();
        }
        ctx.fireChannelReadComplete();
    }

    /** Nothing more is received. May be called twice: for a half-closure, and when the channel becomes inactive. */
    abstract void inputEnded(ChannelHandlerContext ctx);

    @Override
    public final void channelInactive(ChannelHandlerContext ctx) {
        inputEnded(ctx);
        ctx.fireChannelInactive();
    }

    @Override
    public final void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded(ctx);
        }
        ctx.fireUserEventTriggered(event);
    }
}
