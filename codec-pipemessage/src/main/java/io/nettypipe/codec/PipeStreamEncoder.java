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
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.EncoderException;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.PromiseNotifier;
import io.nettypipe.channel.NamedPipeChannel;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.channel.PipeMessage;

import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CancellationException;

/**
 * Sends streams over a message-type pipe, one after another: each chunk is a message, and a message of no bytes ends
 * the stream. Nothing is copied.
 * <table>
 *   <caption>What is written, and what goes over the pipe</caption>
 *   <tr><td>{@link PipeStreamContent}, or {@link ByteBuf}</td><td>a message; several if it is longer than
 *       {@code maxChunkLength}; nothing if it is empty</td></tr>
 *   <tr><td>{@link LastPipeStreamContent}</td><td>its bytes likewise, then a message of no bytes</td></tr>
 *   <tr><td>{@link PipeStreamAbort}</td><td>nothing: the connection is closed</td></tr>
 *   <tr><td>{@link PipeMessage}</td><td>refused: it would be taken for a chunk, or for the end</td></tr>
 *   <tr><td>anything else</td><td>whatever the handlers before this one make of it</td></tr>
 * </table>
 * The promise of a write completes when all of it has been written, as without this handler, so it paces the next.
 * <p>
 * A chunk that could not be written, or whose promise was cancelled, would be missing from a stream that otherwise
 * ends well. The encoder closes the connection then, so that the other end sees an abort. (Not where the connection is
 * going already: what the other end had sent is still read.)
 * <p>
 * On a byte-type pipe chunks are refused with {@link UnsupportedOperationException}.
 * <p>
 * It holds the state of one connection, and no buffers: use a new one for each. All methods run on the channel's
 * executor.
 */
public final class PipeStreamEncoder extends ChannelOutboundHandlerAdapter {
    /** The limit of an encoder that is not given one: 1 MiB. */
    public static final int DEFAULT_MAX_CHUNK_LENGTH = 1024 * 1024;

    private final int maxChunkLength;
    /** Volatile because a promise may tell its listener on another executor. */
    private volatile Throwable abortedFor;
    /** The last message, behind which what is nothing has its turn; {@code null} before there is one. */
    private ChannelFuture lastWritten;
    /** The {@link PipeStreamChunkedInput} whose stream has begun and not ended, or {@code null}. */
    private Object unfinishedInput;

    /** Creates an encoder with a limit of {@link #DEFAULT_MAX_CHUNK_LENGTH}. */
    public PipeStreamEncoder() {
        this(DEFAULT_MAX_CHUNK_LENGTH);
    }

    /**
     * Creates an encoder.
     *
     * @param maxChunkLength the longest message to send, in bytes, at least 1: what a program can read at once that
     *                       does not expect {@code ERROR_MORE_DATA}. To a pipe of
     *                       another machine they have at most {@link NamedPipeChannel#maxMessageLength()}
     * @throws IllegalArgumentException if {@code maxChunkLength} is less than 1
     */
    public PipeStreamEncoder(int maxChunkLength) {
        if (maxChunkLength < 1) {
            throw new IllegalArgumentException("maxChunkLength: " + maxChunkLength + " (expected: >= 1)");
        }
        this.maxChunkLength = maxChunkLength;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        if (msg instanceof PipeStreamContent) {
            boolean last = msg instanceof LastPipeStreamContent;
            startChunk(ctx, ((PipeStreamContent) msg).input, last);
            writeChunk(ctx, ((PipeStreamContent) msg).content(), last, promise);
        } else if (msg instanceof ByteBuf) {
            startChunk(ctx, null, false);
            writeChunk(ctx, (ByteBuf) msg, false, promise);
        } else if (msg instanceof PipeStreamAbort) {
            abort(ctx, ((PipeStreamAbort) msg).cause(), promise);
        } else if (msg instanceof BrokenInput) {
            Throwable cause = ((BrokenInput) msg).cause();
            abort(ctx, cause, ctx.newPromise());
            promise.tryFailure(cause);
        } else if (msg instanceof PipeMessage) {
            ReferenceCountUtil.release(msg);
            promise.tryFailure(new EncoderException("a PipeMessage among streams would be taken for a chunk or for "
                    + "the end of one (expected: PipeStreamContent, ByteBuf)"));
        } else {
            ctx.write(msg, promise);
        }
    }

    /** A {@code ChunkedWriteHandler} drops the rest of an input whose promise is cancelled, and tells nobody. */
    private void startChunk(ChannelHandlerContext ctx, Object input, boolean last) {
        if (unfinishedInput != null && unfinishedInput != input && abortedFor == null) {
            abort(ctx, new CancellationException("the stream before this was cancelled"), ctx.newPromise());
        }
        unfinishedInput = last ? null : input;
    }

    private void writeChunk(ChannelHandlerContext ctx, ByteBuf chunk, boolean last, ChannelPromise promise) {
        if (isByteType(ctx.channel())) {
            chunk.release();
            promise.tryFailure(new UnsupportedOperationException(
                    "a byte-type pipe has no messages, and so no end of a stream; the server's PIPE_TYPE is BYTE"));
            return;
        }
        int most = maxMessageLength(ctx.channel());
        while (chunk.readableBytes() > most && abortedFor == null) {
            writeMessage(ctx, chunk.readRetainedSlice(most), ctx.newPromise());
        }
        if (last && chunk.isReadable() && abortedFor == null) {
            writeMessage(ctx, chunk.readRetainedSlice(chunk.readableBytes()), ctx.newPromise());
        }
        if (abortedFor != null) {
            chunk.release();
            ClosedChannelException closed = new ClosedChannelException();
            closed.initCause(abortedFor);
            promise.tryFailure(closed);
        } else if (last) {
            chunk.release();
            writeMessage(ctx, Unpooled.EMPTY_BUFFER, promise.unvoid());
        } else if (chunk.isReadable()) {
            writeMessage(ctx, chunk, promise.unvoid());
        } else {
            chunk.release();
            succeedInTurn(promise);
        }
    }

    private void succeedInTurn(ChannelPromise promise) {
        if (lastWritten == null || lastWritten.isDone() || promise.isVoid()) {
            promise.trySuccess();
        } else {
            lastWritten.addListener(new PromiseNotifier<>(false, promise));
        }
    }

    private int maxMessageLength(Channel channel) {
        return channel instanceof NamedPipeChannel
                ? Math.min(maxChunkLength, ((NamedPipeChannel) channel).maxMessageLength()) : maxChunkLength;
    }

    private static boolean isByteType(Channel channel) {
        return channel instanceof NamedPipeChannel && ((NamedPipeChannel) channel).pipeType() == NamedPipeMode.BYTE;
    }

    private void writeMessage(ChannelHandlerContext ctx, ByteBuf message, ChannelPromise promise) {
        lastWritten = ctx.write(new PipeMessage(message), promise);
        lastWritten.addListener(done -> {
            if (!done.isSuccess() && abortedFor == null) {
                messageLost(ctx, done.cause());
            }
        });
    }

    private void messageLost(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof ClosedChannelException) {
            // The read side closes the channel, after what the other end had sent before it left.
            abortedFor = cause;
        } else {
            abort(ctx, cause, ctx.newPromise());
        }
    }

    private void abort(ChannelHandlerContext ctx, Throwable cause, ChannelPromise promise) {
        abortedFor = cause;
        ctx.close(promise.unvoid());
    }

    /** What {@link PipeStreamChunkedInput} gives in place of chunks that cannot be had: its write fails. */
    record BrokenInput(Throwable cause) {
    }
}
