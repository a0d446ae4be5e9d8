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
package io.nettypipe.testsuite.streams;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.stream.ChunkedInput;

import java.util.Arrays;

/** Bytes that show when one is lost, doubled or out of place. */
final class PatternInput implements ChunkedInput<ByteBuf> {
    private final long length;
    private final int chunk;
    private volatile long progress;

    PatternInput(long length, int chunk) {
        this.length = length;
        this.chunk = chunk;
    }

    /** The bytes at {@code from} and after it. */
    static byte[] array(long from, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            long position = from + i;
            bytes[i] = (byte) (position * 31 + (position >>> 8) * 17);
        }
        return bytes;
    }

    static ByteBuf bytes(ByteBufAllocator allocator, long from, int length) {
        return allocator.directBuffer(Math.max(length, 1)).writeBytes(array(from, length));
    }

    /** Takes the bytes out of the buffer, and answers whether they are those at {@code from} and after it. */
    static boolean takes(long from, ByteBuf buffer) {
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.readBytes(bytes);
        return Arrays.equals(bytes, array(from, bytes.length));
    }

    @Override
    public boolean isEndOfInput() {
        return progress == length;
    }

    @Override
    public void close() {
    }

    @Override
    @Deprecated
    public ByteBuf readChunk(ChannelHandlerContext ctx) {
        return readChunk(ctx.alloc());
    }

    @Override
    public ByteBuf readChunk(ByteBufAllocator allocator) {
        int size = (int) Math.min(chunk, length - progress);
        ByteBuf bytes = bytes(allocator, progress, size);
        progress += size;
        return bytes;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public long progress() {
        return progress;
    }
}
