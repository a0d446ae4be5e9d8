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
import io.netty.buffer.CompositeByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import io.nettypipe.channel.PipeMessage;

/**
 * Joins the {@link PipeMessage} parts that a channel in message-read mode delivers into whole messages, one
 * {@link ByteBuf} each. Nothing is copied: a message of one part is passed on as the buffer it arrived in, one of
 * several parts as a {@link CompositeByteBuf} of theirs. A message of no bytes is a frame of no bytes. Everything that
 * is not a {@code PipeMessage}, such as the {@code ByteBuf}s of a channel in byte-read mode, passes through untouched.
 * <p>
 * Every message that is not delivered is reported by exactly one exception, through {@code exceptionCaught}:
 * <ul>
 *   <li>{@link TooLongFrameException} if it is longer than {@code maxFrameLength}. What has arrived of it is released,
 *       the rest is dropped as it arrives, and the next message is decoded. With {@code failFast} the exception comes
 *       as soon as a part exceeds the limit, otherwise when the end of the message has arrived, with its length.</li>
 *   <li>{@link CorruptedFrameException} if the input ends inside it ({@code channelInactive} or
 *       {@link ChannelInputShutdownEvent}) and it has not been reported as too long before.</li>
 * </ul>
 * With {@code autoRead} off, a part that completes no message makes the decoder read again, so one {@code read()} of
 * the user yields one message, however many parts it takes.
 * <p>
 * A decoder removed from the pipeline inside a message hands on what it holds as one {@code PipeMessage} with
 * {@code endOfMessage == false}, so that nothing is lost: the parts that follow reach the next handler too, and a
 * decoder that replaces this one carries on with the same message. Of a message that is being dropped there is nothing
 * to hand on; its remaining parts then reach the next handler, so do not replace a decoder there.
 * <p>
 * It holds the state of one connection: use a new one for each. All methods run on the channel's executor.
 */
public final class PipeMessageDecoder extends PipePartDecoder {
    /** The limit of a decoder that is not given one: 16 MiB. */
    public static final int DEFAULT_MAX_FRAME_LENGTH = 16 * 1024 * 1024;

    private enum State {
        /** The next part is the first of a message. */
        BETWEEN_MESSAGES,
        /** {@link #parts} holds what has arrived of the current message. */
        JOINING,
        /** The current message is too long; {@link #parts} is {@code null}. */
        DROPPING
    }

    private final int maxFrameLength;
    private final boolean failFast;

    private State state = State.BETWEEN_MESSAGES;
    private CompositeByteBuf parts;
    /** Bytes of the current message that have arrived; those of a dropped one can be more than an int holds. */
    private long length;

    /** Creates a decoder with a limit of {@link #DEFAULT_MAX_FRAME_LENGTH} that fails fast. */
    public PipeMessageDecoder() {
        this(DEFAULT_MAX_FRAME_LENGTH);
    }

    /**
     * Creates a decoder that fails fast.
     *
     * @param maxFrameLength the longest message to deliver, in bytes; at least 1
     * @throws IllegalArgumentException if {@code maxFrameLength} is less than 1
     */
    public PipeMessageDecoder(int maxFrameLength) {
        this(maxFrameLength, true);
    }

    /**
     * Creates a decoder.
     *
     * @param maxFrameLength the longest message to deliver, in bytes; at least 1
     * @param failFast       whether {@link TooLongFrameException} is thrown as soon as a message is known to exceed
     *                       {@code maxFrameLength} (the default) or when all of it has arrived
     * @throws IllegalArgumentException if {@code maxFrameLength} is less than 1
     */
    public PipeMessageDecoder(int maxFrameLength, boolean failFast) {
        if (maxFrameLength < 1) {
            throw new IllegalArgumentException("maxFrameLength: " + maxFrameLength + " (expected: >= 1)");
        }
        this.maxFrameLength = maxFrameLength;
        this.failFast = failFast;
    }

    @Override
    Object decode(ChannelHandlerContext ctx, PipeMessage part) {
        length += part.content().readableBytes();
        if (state == State.DROPPING) {
            dropPart(part);
        } else if (length > maxFrameLength) {
            startDropping(part);
        } else if (state == State.BETWEEN_MESSAGES && part.isEndOfMessage()) {
            finishMessage();
            return part.content();
        } else {
            return join(ctx, part);
        }
        return null;
    }

    private ByteBuf join(ChannelHandlerContext ctx, PipeMessage part) {
        if (state == State.BETWEEN_MESSAGES) {
            // The limit on bytes bounds the components too, because parts of no bytes are not kept. Any lower bound
            // would make the composite consolidate, that is, copy everything that has arrived so far.
            parts = ctx.alloc().compositeBuffer(Integer.MAX_VALUE);
            state = State.JOINING;
        }
        if (part.content().isReadable()) {
            parts.addComponent(true, part.content().retain());
        }
        if (!part.isEndOfMessage()) {
            return null;
        }
        ByteBuf whole = parts;
        parts = null;
        finishMessage();
        return whole;
    }

    private void startDropping(PipeMessage part) {
        releaseParts();
        state = State.DROPPING;
        if (failFast) {
            long arrived = length;
            if (part.isEndOfMessage()) {
                finishMessage();
            }
            throw new TooLongFrameException("Pipe message exceeds " + maxFrameLength + " bytes: "
                    + arrived + " have arrived; all of it is dropped");
        }
        dropPart(part);
    }

    private void dropPart(PipeMessage part) {
        if (part.isEndOfMessage()) {
            long total = length;
            finishMessage();
            if (!failFast) {
                throw new TooLongFrameException(
                        "Pipe message exceeds " + maxFrameLength + " bytes: all " + total + " were dropped");
            }
        }
    }

    private void finishMessage() {
        state = State.BETWEEN_MESSAGES;
        length = 0;
    }

    private void releaseParts() {
        if (parts != null) {
            parts.release();
            parts = null;
        }
    }

    @Override
    void inputEnded(ChannelHandlerContext ctx) {
        boolean unreported = state == State.JOINING || state == State.DROPPING && !failFast;
        long arrived = length;
        releaseParts();
        finishMessage();
        if (unreported) {
            ctx.fireExceptionCaught(new CorruptedFrameException(
                    "Connection ended inside a pipe message of which " + arrived + " bytes had arrived"));
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        State was = state;
        long arrived = length;
        CompositeByteBuf held = parts;
        parts = null;
        finishMessage();
        if (was == State.JOINING) {
            ctx.fireChannelRead(new PipeMessage(held, false));
            ctx.fireChannelReadComplete();
        } else if (was == State.DROPPING && !failFast) {
            ctx.fireExceptionCaught(new TooLongFrameException("Pipe message exceeds " + maxFrameLength + " bytes: "
                    + arrived + " were dropped before its decoder was removed"));
        }
    }
}
