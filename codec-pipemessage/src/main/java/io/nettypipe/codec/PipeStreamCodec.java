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

/**
 * A {@link PipeStreamDecoder} and a {@link PipeStreamEncoder} in one handler: streams in both directions, at once or in
 * turn. Neither direction knows of the other; which stream answers which is for the handlers behind it. Use a new one
 * for each connection.
 */
public final class PipeStreamCodec extends CombinedChannelDuplexHandler<PipeStreamDecoder, PipeStreamEncoder> {
    /** Creates a codec that receives messages of any length and sends messages of at most 1 MiB. */
    public PipeStreamCodec() {
        super(new PipeStreamDecoder(), new PipeStreamEncoder());
    }

    /**
     * Creates a codec.
     *
     * @param maxReceived the longest message to accept, in bytes; at least 1; {@link Integer#MAX_VALUE} for any
     * @param maxSent     the longest message to send, in bytes; at least 1; a longer chunk is sent as several
     * @throws IllegalArgumentException if one of them is less than 1
     */
    public PipeStreamCodec(int maxReceived, int maxSent) {
        super(new PipeStreamDecoder(maxReceived), new PipeStreamEncoder(maxSent));
    }
}
