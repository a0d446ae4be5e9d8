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
package io.nettypipe.testsuite.dropin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.stream.ChunkedInput;

import java.util.zip.CRC32;

/** A stream of numbered blocks, so that its checksum shows a byte lost, doubled or out of place. */
final class Pattern implements ChunkedInput<ByteBuf> {
    private static final int BLOCK = 64 * 1024;

    private final byte[] block = new byte[BLOCK];
    private final long length;
    private long offset;

    Pattern(long length) {
        this.length = length;
        for (int i = 0; i < BLOCK; i++) {
            block[i] = (byte) (i * 31 + (i >>> 8));
        }
    }

    /** What {@link Digest} says of the whole stream. */
    static String digest(long length) {
        Digest digest = new Digest();
        Pattern pattern = new Pattern(length);
        while (!pattern.isEndOfInput()) {
            digest.update(pattern.block, pattern.next());
        }
        return digest.toString();
    }

    private int next() {
        long number = offset / BLOCK;
        for (int i = 0; i < Long.BYTES; i++) {
            block[i] = (byte) (number >>> i * 8);
        }
        int size = (int) Math.min(BLOCK, length - offset);
        offset += size;
        return size;
    }

    @Override
    public boolean isEndOfInput() {
        return offset == length;
    }

    @Override
    public void close() {
        offset = length;
    }

    @Override
    @Deprecated
    public ByteBuf readChunk(ChannelHandlerContext ctx) {
        return readChunk(ctx.alloc());
    }

    @Override
    public ByteBuf readChunk(ByteBufAllocator allocator) {
        int size = next();
        return allocator.directBuffer(size).writeBytes(block, 0, size);
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public long progress() {
        return offset;
    }

    /** The length and the checksum of what came by. */
    static final class Digest {
        private final CRC32 crc = new CRC32();
        private long length;

        void update(byte[] bytes, int count) {
            crc.update(bytes, 0, count);
            length += count;
        }

        void update(ByteBuf bytes) {
            length += bytes.readableBytes();
            crc.update(bytes.nioBuffer());
        }

        @Override
        public String toString() {
            return length + " bytes, CRC " + Long.toHexString(crc.getValue());
        }
    }
}
