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
import io.netty.buffer.Unpooled;

/**
 * The end of a stream, and maybe its last chunk. Everything of the stream has arrived when this has; a stream that is
 * aborted ends without.
 * <p>
 * {@link PipeStreamDecoder} delivers {@link #EMPTY_LAST}, because on the pipe the end is a message of its own.
 */
public final class LastPipeStreamContent extends PipeStreamContent {
    /** The end of a stream, without a chunk. It need not be released. */
    public static final LastPipeStreamContent EMPTY_LAST = new LastPipeStreamContent(Unpooled.EMPTY_BUFFER);

    /**
     * Creates the end of a stream.
     *
     * @param content the bytes before the end, none or more; their ownership passes to this object
     */
    public LastPipeStreamContent(ByteBuf content) {
        super(content);
    }

    private LastPipeStreamContent(ByteBuf content, Object input) {
        super(content, input);
    }

    /** The end of the stream that {@code input} is. */
    static LastPipeStreamContent endOf(PipeStreamChunkedInput input) {
        return new LastPipeStreamContent(Unpooled.EMPTY_BUFFER, input);
    }

    @Override
    public LastPipeStreamContent copy() {
        return (LastPipeStreamContent) super.copy();
    }

    @Override
    public LastPipeStreamContent duplicate() {
        return (LastPipeStreamContent) super.duplicate();
    }

    @Override
    public LastPipeStreamContent retainedDuplicate() {
        return (LastPipeStreamContent) super.retainedDuplicate();
    }

    @Override
    public LastPipeStreamContent replace(ByteBuf content) {
        return new LastPipeStreamContent(content, input);
    }

    @Override
    public LastPipeStreamContent retain() {
        super.retain();
        return this;
    }

    @Override
    public LastPipeStreamContent retain(int increment) {
        super.retain(increment);
        return this;
    }

    @Override
    public LastPipeStreamContent touch() {
        super.touch();
        return this;
    }

    @Override
    public LastPipeStreamContent touch(Object hint) {
        super.touch(hint);
        return this;
    }
}
