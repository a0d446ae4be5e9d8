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
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.stream.ChunkedInput;

import java.util.Objects;

/**
 * Makes a {@link ChunkedInput}, such as a {@code ChunkedNioFile}, a whole stream, its end included, that a
 * {@code ChunkedWriteHandler} sends no faster than the other end takes it:
 * <pre>
 * pipeline.addLast(new PipeStreamCodec(), new ChunkedWriteHandler(), ...);
 * ...
 * ctx.writeAndFlush(new PipeStreamChunkedInput(new ChunkedNioFile(file)));
 * </pre>
 * If the input fails, the write fails with its exception, and the connection is closed, so that the other end sees an
 * abort. So does a file that becomes shorter meanwhile. If the promise of the write is cancelled, {@code
 * ChunkedWriteHandler} drops what was not read yet, and does not close the input; the connection is closed at the next
 * write, which must not go on with the stream that lacks its end.
 * <p>
 * It needs {@code io.netty:netty-handler}, which this module does not bring along.
 */
@SuppressWarnings("exports") // who names it has netty-handler
public final class PipeStreamChunkedInput implements ChunkedInput<Object> {
    private final ChunkedInput<ByteBuf> input;
    private boolean ended;

    /**
     * Creates a stream.
     *
     * @param input the bytes of the stream; it is closed with this
     */
    public PipeStreamChunkedInput(ChunkedInput<ByteBuf> input) {
        this.input = Objects.requireNonNull(input, "input");
    }

    @Override
    public boolean isEndOfInput() {
        return ended;
    }

    @Override
    public void close() throws Exception {
        input.close();
    }

    @Deprecated
    @Override
    public Object readChunk(ChannelHandlerContext ctx) {
        return readChunk(ctx.alloc());
    }

    @Override
    public Object readChunk(ByteBufAllocator allocator) {
        if (ended) {
            return null;
        }
        try {
            return next(allocator);
        } catch (Throwable t) {
            // Not thrown: ChunkedWriteHandler would fail the write, and the other end would wait for the rest for ever.
            ended = true;
            return new PipeStreamEncoder.BrokenInput(t);
        }
    }

    private Object next(ByteBufAllocator allocator) throws Exception {
        if (!input.isEndOfInput()) {
            ByteBuf chunk = input.readChunk(allocator);
            if (chunk != null) {
                return new PipeStreamContent(chunk, this);
            }
            if (!input.isEndOfInput()) {
                return null;
            }
        }
        ended = true;
        return LastPipeStreamContent.endOf(this);
    }

    @Override
    public long length() {
        return input.length();
    }

    @Override
    public long progress() {
        return input.progress();
    }
}
