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
package io.nettypipe.channel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.DefaultByteBufHolder;

/**
 * A message of a message-type pipe, or a part of one.
 * <p>
 * Reading from a channel in message-read mode delivers these. A message that fits the read buffer arrives as one
 * {@code PipeMessage} with {@link #isEndOfMessage()} {@code true}; a longer one arrives in parts, in order, of which
 * only the last is marked ({@code ReadFile} answers {@code ERROR_MORE_DATA} for the others): two of them, unless it is
 * longer than {@link NamedPipeChannelOption#MAX_PART_SIZE} allows. A message of no bytes is a message like any other.
 * <p>
 * Writing one sends its content as one message, also if it has no bytes, which an empty {@link ByteBuf} does not; to
 * a byte-type pipe it sends the bytes. A part ({@code endOfMessage == false}) cannot be written to a
 * message-type pipe, because one {@code WriteFile} is one message there.
 */
public final class PipeMessage extends DefaultByteBufHolder {
    private final boolean endOfMessage;

    /**
     * Creates a whole message.
     *
     * @param content the bytes of the message; its ownership passes to this message
     */
    public PipeMessage(ByteBuf content) {
        this(content, true);
    }

    /**
     * Creates a message or a part of one.
     *
     * @param content      the bytes; their ownership passes to this message
     * @param endOfMessage {@code false} if more parts of the same message follow
     */
    public PipeMessage(ByteBuf content, boolean endOfMessage) {
        super(content);
        this.endOfMessage = endOfMessage;
    }

    /** Whether this is a whole message or the last part of one. */
    public boolean isEndOfMessage() {
        return endOfMessage;
    }

    @Override
    public PipeMessage copy() {
        return (PipeMessage) super.copy();
    }

    @Override
    public PipeMessage duplicate() {
        return (PipeMessage) super.duplicate();
    }

    @Override
    public PipeMessage retainedDuplicate() {
        return (PipeMessage) super.retainedDuplicate();
    }

    @Override
    public PipeMessage replace(ByteBuf content) {
        return new PipeMessage(content, endOfMessage);
    }

    @Override
    public PipeMessage retain() {
        super.retain();
        return this;
    }

    @Override
    public PipeMessage retain(int increment) {
        super.retain(increment);
        return this;
    }

    @Override
    public PipeMessage touch() {
        super.touch();
        return this;
    }

    @Override
    public PipeMessage touch(Object hint) {
        super.touch(hint);
        return this;
    }

    @Override
    public boolean equals(Object o) {
        return super.equals(o) && endOfMessage == ((PipeMessage) o).endOfMessage;
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + Boolean.hashCode(endOfMessage);
    }

    @Override
    public String toString() {
        return "PipeMessage(endOfMessage: " + endOfMessage + ", content: " + contentToString() + ')';
    }
}
