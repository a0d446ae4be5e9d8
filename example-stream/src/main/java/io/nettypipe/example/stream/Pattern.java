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
package io.nettypipe.example.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.stream.ChunkedInput;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;

/**
 * A stream of bytes that is made as it is sent, chunk by chunk, as one from a file is read; and the check of one that
 * is received.
 */
final class Pattern implements ChunkedInput<ByteBuf> {
    /** What is sent in one message, and read at once. */
    static final int CHUNK = 64 * 1024;

    /** Repeated, it is the stream. Its length has no factor in common with a chunk's, so that a lost one shows. */
    private static final ByteBuffer BYTES = bytes(CHUNK + 1);

    private final long length;
    private final MemoryPeak memory;
    private long position;

    /** A stream of so many bytes to send. */
    Pattern(long length, MemoryPeak memory) {
        this.length = length;
        this.memory = memory;
    }

    /** A stream of any length to check. */
    Pattern(MemoryPeak memory) {
        this(Long.MAX_VALUE, memory);
    }

    private static ByteBuffer bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(0).nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    /** The next bytes of the stream, at most so many. */
    private ByteBuffer next(long most) {
        int from = (int) (position % BYTES.capacity());
        int count = (int) Math.min(BYTES.capacity() - from, most);
        position += count;
        return BYTES.slice(from, count);
    }

    /** How many bytes were sent, or checked. */
    long position() {
        return position;
    }

    /** Checks the next bytes. */
    void check(ByteBuf chunk) throws IOException {
        ByteBuffer bytes = chunk.nioBuffer();
        while (bytes.hasRemaining()) {
            ByteBuffer expected = next(bytes.remaining());
            int count = expected.remaining();
            if (!expected.equals(bytes.slice(bytes.position(), count))) {
                throw new IOException("Wrong bytes among the " + count + " before " + position);
            }
            bytes.position(bytes.position() + count);
        }
        memory.look();
    }

    @Override
    public ByteBuf readChunk(ByteBufAllocator allocator) {
        ByteBuf chunk = allocator.directBuffer(CHUNK);
        while (chunk.isWritable() && position < length) {
            chunk.writeBytes(next(Math.min(chunk.writableBytes(), length - position)));
        }
        memory.look();
        return chunk;
    }

    @Override
    @Deprecated
    public ByteBuf readChunk(ChannelHandlerContext ctx) {
        return readChunk(ctx.alloc());
    }

    @Override
    public boolean isEndOfInput() {
        return position == length;
    }

    @Override
    public void close() {
        // there is nothing to close
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public long progress() {
        return position;
    }
}
