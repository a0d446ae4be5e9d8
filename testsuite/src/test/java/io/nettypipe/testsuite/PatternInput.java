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
package io.nettypipe.testsuite;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.stream.ChunkedInput;
import io.nettypipe.testing.Pattern;

/** The bytes of a {@link Pattern}, for a {@code ChunkedWriteHandler}. */
public final class PatternInput implements ChunkedInput<ByteBuf> {
    private final int seed;
    private final long size;
    private final int chunk;
    private volatile long progress;

    public PatternInput(int seed, long size) {
        this(seed, size, Pattern.CHUNK);
    }

    public PatternInput(int seed, long size, int chunk) {
        this.seed = seed;
        this.size = size;
        this.chunk = chunk;
    }

    @Override
    public boolean isEndOfInput() {
        return progress == size;
    }

    @Override
    public ByteBuf readChunk(ByteBufAllocator allocator) {
        int length = (int) Math.min(chunk, size - progress);
        if (length == 0) {
            return null;
        }
        ByteBuf bytes = Pattern.buffer(allocator, seed, progress, length);
        progress += length;
        return bytes;
    }

    @Override
    @Deprecated
    public ByteBuf readChunk(ChannelHandlerContext ctx) {
        return readChunk(ctx.alloc());
    }

    @Override
    public long length() {
        return size;
    }

    @Override
    public long progress() {
        return progress;
    }

    @Override
    public void close() {
        // holds nothing
    }
}
