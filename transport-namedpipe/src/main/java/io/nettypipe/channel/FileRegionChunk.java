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
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.FileRegion;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * The next part of a {@link FileRegion}, as a buffer: a pipe has no {@code TransmitFile}, so a file is copied in
 * chunks.
 */
final class FileRegionChunk implements WritableByteChannel {
    private final ByteBuf chunk;

    private FileRegionChunk(ByteBuf chunk) {
        this.chunk = chunk;
    }

    /**
     * Reads on in a region, which counts it as transferred.
     *
     * @param most how many bytes, at least 1
     * @return a direct buffer, empty if the region has nothing for the moment. A file that ends too early is no such
     *         case: its region throws
     * @throws IOException if the file cannot be read, or ends before the region does
     */
    static ByteBuf read(FileRegion region, ByteBufAllocator alloc, int most) throws IOException {
        int size = (int) Math.min(region.count() - region.transferred(), most);
        ByteBuf chunk = alloc.directBuffer(size, size);
        try {
            region.transferTo(new FileRegionChunk(chunk), region.transferred());
            return chunk.retain();
        } finally {
            chunk.release();
        }
    }

    @Override
    public int write(ByteBuffer source) {
        int length = Math.min(source.remaining(), chunk.writableBytes());
        ByteBuffer part = source.duplicate();
        part.limit(part.position() + length);
        chunk.writeBytes(part);
        source.position(source.position() + length);
        return length;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {
        // The buffer is the write loop's.
    }
}
