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
import io.netty.buffer.DefaultByteBufHolder;

/**
 * A chunk of a stream. A stream is any number of these and then a {@link LastPipeStreamContent}; the next one is the
 * first chunk of the next stream.
 * <p>
 * Where one chunk ends and another begins means nothing: the sender may send a long one as several
 * ({@link PipeStreamEncoder}), and the receiver gets a long one in several, as its read buffer is
 * ({@link PipeStreamDecoder}). A chunk of no bytes is none: writing it sends nothing and succeeds, and it does not end
 * the stream.
 * <p>
 * A handler that changes the chunks of a {@link PipeStreamChunkedInput} on their way makes the new ones by {@link
 * #replace} (as {@link #copy()} and {@link #duplicate()} do), so that they stay chunks of that stream.
 */
public sealed class PipeStreamContent extends DefaultByteBufHolder permits LastPipeStreamContent {
    /** The {@link PipeStreamChunkedInput} that it comes from, or {@code null}. */
    final Object input;

    /**
     * Creates a chunk.
     *
     * @param content the bytes; their ownership passes to this chunk
     */
    public PipeStreamContent(ByteBuf content) {
        this(content, null);
    }

    PipeStreamContent(ByteBuf content, Object input) {
        super(content);
        this.input = input;
    }

    @Override
    public PipeStreamContent copy() {
        return (PipeStreamContent) super.copy();
    }

    @Override
    public PipeStreamContent duplicate() {
        return (PipeStreamContent) super.duplicate();
    }

    @Override
    public PipeStreamContent retainedDuplicate() {
        return (PipeStreamContent) super.retainedDuplicate();
    }

    @Override
    public PipeStreamContent replace(ByteBuf content) {
        return new PipeStreamContent(content, input);
    }

    @Override
    public PipeStreamContent retain() {
        super.retain();
        return this;
    }

    @Override
    public PipeStreamContent retain(int increment) {
        super.retain(increment);
        return this;
    }

    @Override
    public PipeStreamContent touch() {
        super.touch();
        return this;
    }

    @Override
    public PipeStreamContent touch(Object hint) {
        super.touch(hint);
        return this;
    }
}
