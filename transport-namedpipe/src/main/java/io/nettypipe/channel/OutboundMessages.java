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
import io.netty.buffer.EmptyByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.FileRegion;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.ReferenceCounted;
import io.netty.util.internal.StringUtil;

/** Turns what a handler writes into what {@link WriteLoop} can give to the system: direct buffers. */
final class OutboundMessages {
    /** An empty message to send: what an empty {@link PipeMessage} becomes, and nothing else does. */
    static final ByteBuf EMPTY_MESSAGE = new EmptyByteBuf(UnpooledByteBufAllocator.DEFAULT);
    /**
     * Nothing to send: what an empty buffer becomes, which Netty's codecs write trusting that it does not reach the
     * wire. It is not {@code Unpooled.EMPTY_BUFFER}, because that stands for a cancelled write.
     */
    private static final ByteBuf NOTHING = new EmptyByteBuf(UnpooledByteBufAllocator.DEFAULT);

    private OutboundMessages() {
    }

    /**
     * Answers a direct buffer with the bytes of a message, or the file region that it is, and takes over its ownership.
     *
     * @param type the pipe's type, {@code null} if it is not known yet
     * @throws UnsupportedOperationException if it is not a message that a pipe can carry; it is still the caller's
     */
    static Object toDirect(Object msg, NamedPipeMode type, ByteBufAllocator alloc) {
        if (msg instanceof PipeMessage) {
            PipeMessage message = (PipeMessage) msg;
            if (!message.isEndOfMessage() && type != NamedPipeMode.BYTE) {
                throw new UnsupportedOperationException(
                        "a part of a message cannot be written, since a write is a whole message: " + message);
            }
            return toDirect(message, message.content(), EMPTY_MESSAGE, type, alloc);
        }
        if (msg instanceof ByteBuf) {
            return toDirect((ByteBuf) msg, (ByteBuf) msg, NOTHING, type, alloc);
        }
        if (msg instanceof FileRegion && type != NamedPipeMode.MESSAGE) {
            return msg;
        }
        throw unsupported(msg);
    }

    private static UnsupportedOperationException unsupported(Object msg) {
        return new UnsupportedOperationException("unsupported message type: " + StringUtil.simpleClassName(msg)
                + " (expected: ByteBuf, PipeMessage, and on a byte-type pipe FileRegion)");
    }

    /**
     * Why a message that was written cannot be sent to a message-type pipe, {@code null} if it can. Only then it is
     * known of what was written before the channel was connected.
     *
     * @param most how long a message may be, in bytes
     */
    static UnsupportedOperationException refusalAsOneMessage(Object direct, int most) {
        if (!(direct instanceof ByteBuf)) {
            return unsupported(direct);
        }
        int length = ((ByteBuf) direct).readableBytes();
        return length <= most ? null : new UnsupportedOperationException("a message of " + length + " bytes is too "
                + "long: to a pipe of another machine one has at most " + most);
    }

    private static ByteBuf toDirect(ReferenceCounted holder, ByteBuf content, ByteBuf empty, NamedPipeMode type,
                                    ByteBufAllocator alloc) {
        int readable = content.readableBytes();
        if (readable == 0) {
            ReferenceCountUtil.safeRelease(holder);
            return empty;
        }
        // A message is one WriteFile, so it must be one piece.
        if (content.isDirect() && (type == NamedPipeMode.BYTE || content.nioBufferCount() == 1)) {
            return content;
        }
        ByteBuf direct = alloc.directBuffer(readable).writeBytes(content, content.readerIndex(), readable);
        ReferenceCountUtil.safeRelease(holder);
        return direct;
    }
}
