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
import io.netty.handler.codec.MessageToMessageEncoder;
import io.nettypipe.channel.PipeMessage;

import java.util.List;

/**
 * Makes each {@link ByteBuf} that is written one {@link PipeMessage}, without copying; one of no bytes is an empty
 * message, where without this handler it would be nothing. Everything else, such as a
 * {@code PipeMessage} that a handler made itself, passes through untouched.
 * <p>
 * One instance may be shared by any number of pipelines.
 */
@Sharable
public final class PipeMessageEncoder extends MessageToMessageEncoder<ByteBuf> {
    /** Creates an encoder. */
    public PipeMessageEncoder() {
        super(ByteBuf.class);
    }

    @Override
    protected void encode(ChannelHandlerContext ctx, ByteBuf frame, List<Object> out) {
        out.add(new PipeMessage(frame.retain()));
    }
}
