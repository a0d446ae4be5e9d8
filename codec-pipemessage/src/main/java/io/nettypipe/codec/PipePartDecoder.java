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
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.MessageToMessageDecoder;
import io.nettypipe.channel.PipeMessage;

/** Decodes the parts of messages, and learns of the end of the input, which may come inside a message. */
abstract class PipePartDecoder extends MessageToMessageDecoder<PipeMessage> {
    PipePartDecoder() {
        super(PipeMessage.class);
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
