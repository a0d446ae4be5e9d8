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
package io.nettypipe.example.docker;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.PrematureChannelClosureException;

import java.util.List;

/**
 * Takes apart what a container without a terminal writes: frames of a stream's number, three bytes of nothing, a
 * length of four bytes, the highest first, and as many bytes. A long frame comes in parts, as its bytes do.
 */
final class StdFrameDecoder extends ByteToMessageDecoder {
    private static final int HEADER = 8;

    private Std stream;
    private long left;

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (left == 0) {
            if (in.readableBytes() < HEADER) {
                return;
            }
            int number = in.readUnsignedByte();
            in.skipBytes(3);
            left = in.readUnsignedInt();
            if (number >= Std.values().length) {
                throw new CorruptedFrameException("no stream of a container: " + number);
            }
            stream = Std.values()[number];
        }
        int part = (int) Math.min(left, in.readableBytes());
        if (part > 0) {
            left -= part;
            out.add(new StdPart(stream, in.readRetainedSlice(part)));
        }
    }

    @Override
    protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        while (in.isReadable() && (left > 0 || in.readableBytes() >= HEADER)) {
            decode(ctx, in, out);
        }
        if (left > 0 || in.isReadable()) {
            throw new PrematureChannelClosureException("the engine left inside a frame");
        }
    }
}
