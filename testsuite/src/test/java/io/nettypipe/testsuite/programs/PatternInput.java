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
package io.nettypipe.testsuite.programs;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.stream.ChunkedInput;

/** The bytes of a {@link Pattern}, for a {@code ChunkedWriteHandler}. */
final class PatternInput implements ChunkedInput<ByteBuf> {
    private final int seed;
    private final long size;
    private long progress;

    PatternInput(int seed, long size) {
        this.seed = seed;
        this.size = size;
    }

    @Override
    public boolean isEndOfInput() {
        return progress == size;
    }

    @Override
    public ByteBuf readChunk(ByteBufAllocator allocator) {
        int length = (int) Math.min(Pattern.CHUNK, size - progress);
        long from = progress;
        progress += length;
        return length == 0 ? null : Pattern.bytes(seed, from, length);
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
