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
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import io.nettypipe.channel.NamedPipeChannelOption;
import io.nettypipe.channel.PipeMessage;

/**
 * Receives streams from a channel in message-read mode, one after another: each {@link PipeMessage} is a
 * {@link PipeStreamContent}, and a message of no bytes is {@link LastPipeStreamContent#EMPTY_LAST}, the end of the
 * stream. Nothing is copied and nothing is kept: a message longer than the read buffer is passed on part by part, so
 * the memory of a stream is one read buffer, however long its chunks are.
 * <p>
 * Every stream that began and is not delivered up to its end is reported by exactly one exception, through
 * {@code exceptionCaught}:
 * <ul>
 *   <li>{@link PipeStreamAbortedException} if the input ends inside it ({@code channelInactive} or
 *       {@link ChannelInputShutdownEvent}). The other end aborted it, or died.</li>
 *   <li>{@link TooLongFrameException} if one of its messages is longer than {@code maxChunkLength}. The rest of this
 *       stream is dropped as it arrives; its end is not delivered, and the next stream is.</li>
 * </ul>
 * An empty message could also be the other end's half-close. Where this decoder is, it is not: it sets
 * {@link NamedPipeChannelOption#EMPTY_MESSAGE_AS_DATA} on its channel, and leaves that as it was when it is removed.
 * <p>
 * With {@code autoRead} off, one {@code read()} yields exactly one chunk, or the end: there the channel reads one
 * buffer, whatever {@code maxMessagesPerRead} is (that counts what one loop may read with {@code autoRead} on), and
 * after input that yields nothing the decoder reads again by itself.
 * <p>
 * It holds the state of one connection: use a new one for each. All methods run on the channel's executor.
 */
public final class PipeStreamDecoder extends PipePartDecoder {
    private enum State {
        /** The next message is the first of a stream. */
        BETWEEN_STREAMS,
        IN_STREAM,
        /** A message was too long: what comes up to the end of the stream is dropped. */
        DROPPING
    }

    private static final AttributeKey<EmptyMessages> EMPTY_MESSAGES =
            AttributeKey.valueOf(PipeStreamDecoder.class, "emptyMessages");

    private final int maxChunkLength;

    private State state = State.BETWEEN_STREAMS;
    /** Between the first part of a message and the last. */
    private boolean inMessage;
    private long messageLength;
    private long streamLength;

    /**
     * Creates a decoder that takes messages of any length. Since they come in parts, only the read buffer
     * ({@code RECVBUF_ALLOCATOR}) bounds a chunk then, which is enough for memory's sake.
     */
    public PipeStreamDecoder() {
        this(Integer.MAX_VALUE);
    }

    /**
     * Creates a decoder.
     *
     * @param maxChunkLength the longest message to accept, in bytes, at least 1; {@link Integer#MAX_VALUE} for any
     * @throws IllegalArgumentException if {@code maxChunkLength} is less than 1
     */
    public PipeStreamDecoder(int maxChunkLength) {
        if (maxChunkLength < 1) {
            throw new IllegalArgumentException("maxChunkLength: " + maxChunkLength + " (expected: >= 1)");
        }
        this.maxChunkLength = maxChunkLength;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        EmptyMessages emptyMessages = ctx.channel().attr(EMPTY_MESSAGES).get();
        if (emptyMessages == null) {
            emptyMessages = new EmptyMessages(ctx.channel());
            ctx.channel().attr(EMPTY_MESSAGES).set(emptyMessages);
        }
        emptyMessages.decoders++;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        EmptyMessages emptyMessages = ctx.channel().attr(EMPTY_MESSAGES).get();
        if (--emptyMessages.decoders == 0) {
            ctx.channel().attr(EMPTY_MESSAGES).set(null);
            emptyMessages.restore(ctx.channel());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (msg instanceof ByteBuf) {
            ReferenceCountUtil.release(msg);
            throw new DecoderException("bytes without the boundaries of messages, which streams need"
                    + " (expected: a channel with READ_MODE MESSAGE, and no PipeMessageDecoder before this one)");
        }
        super.channelRead(ctx, msg);
    }

    @Override
    Object decode(ChannelHandlerContext ctx, PipeMessage part) {
        int length = part.content().readableBytes();
        boolean endOfStream = !inMessage && length == 0 && part.isEndOfMessage();
        if (endOfStream) {
            Object end = state == State.DROPPING ? null : LastPipeStreamContent.EMPTY_LAST;
            finishStream();
            return end;
        }
        messageLength = inMessage ? messageLength + length : length;
        inMessage = !part.isEndOfMessage();
        streamLength += length;
        if (state == State.BETWEEN_STREAMS) {
            state = State.IN_STREAM;
        }
        if (state == State.IN_STREAM && messageLength > maxChunkLength && maxChunkLength != Integer.MAX_VALUE) {
            state = State.DROPPING;
            throw new TooLongFrameException("Chunk of a stream exceeds " + maxChunkLength + " bytes: "
                    + messageLength + " have arrived; the rest of the stream is dropped");
        }
        return state == State.IN_STREAM && length > 0 ? new PipeStreamContent(part.content().retain()) : null;
    }

    /** The option as it was before the first decoder; one that replaces another comes before that one goes. */
    private static final class EmptyMessages {
        int decoders;
        private final boolean wereData;

        EmptyMessages(Channel channel) {
            wereData = Boolean.TRUE.equals(channel.config().getOption(NamedPipeChannelOption.EMPTY_MESSAGE_AS_DATA));
            // Other channels, and those of byte-type pipes, do not have it, which does no harm.
            channel.config().setOption(NamedPipeChannelOption.EMPTY_MESSAGE_AS_DATA, true);
        }

        void restore(Channel channel) {
            if (!wereData) {
                channel.config().setOption(NamedPipeChannelOption.EMPTY_MESSAGE_AS_DATA, false);
            }
        }
    }

    private void finishStream() {
        state = State.BETWEEN_STREAMS;
        inMessage = false;
        streamLength = 0;
    }

    @Override
    void inputEnded(ChannelHandlerContext ctx) {
        boolean aborted = state == State.IN_STREAM;
        long arrived = streamLength;
        finishStream();
        if (aborted) {
            ctx.fireExceptionCaught(new PipeStreamAbortedException(
                    "Connection ended inside a stream of which " + arrived + " bytes had arrived"));
        }
    }
}
