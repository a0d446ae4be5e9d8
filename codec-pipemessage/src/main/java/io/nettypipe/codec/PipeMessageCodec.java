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

import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.handler.codec.TooLongFrameException;

/**
 * A {@link PipeMessageDecoder} and a {@link PipeMessageEncoder} in one handler: whole messages, one
 * {@link io.netty.buffer.ByteBuf} each, in both directions. Use a new one for each connection.
 */
public final class PipeMessageCodec extends CombinedChannelDuplexHandler<PipeMessageDecoder, PipeMessageEncoder> {
    /** Creates a codec with a limit of {@link PipeMessageDecoder#DEFAULT_MAX_FRAME_LENGTH} that fails fast. */
    public PipeMessageCodec() {
        this(PipeMessageDecoder.DEFAULT_MAX_FRAME_LENGTH);
    }

    /**
     * Creates a codec that fails fast.
     *
     * @param maxFrameLength the longest message to deliver, in bytes; at least 1. What is written has no limit here.
     * @throws IllegalArgumentException if {@code maxFrameLength} is less than 1
     */
    public PipeMessageCodec(int maxFrameLength) {
        this(maxFrameLength, true);
    }

    /**
     * Creates a codec.
     *
     * @param maxFrameLength the longest message to deliver, in bytes; at least 1. What is written has no limit here.
     * @param failFast       whether {@link TooLongFrameException} is thrown as soon as a message is known to exceed
     *                       {@code maxFrameLength} (the default) or when all of it has arrived
     * @throws IllegalArgumentException if {@code maxFrameLength} is less than 1
     */
    public PipeMessageCodec(int maxFrameLength, boolean failFast) {
        super(new PipeMessageDecoder(maxFrameLength, failFast), new PipeMessageEncoder());
    }
}
