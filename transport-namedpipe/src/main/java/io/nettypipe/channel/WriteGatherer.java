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
import io.netty.channel.ChannelOutboundBuffer;
import io.nettypipe.win32.NativeMemory;

import java.nio.ByteBuffer;

/**
 * Chooses what one {@code WriteFile} of a byte-type pipe sends. Pipes have no gathering write, so small buffers of one
 * flush are copied together, which costs less than a system call each; a buffer that is alone or large goes as it is.
 */
final class WriteGatherer implements ChannelOutboundBuffer.MessageProcessor {
    /** From this size on, in bytes, a copy would cost more than the call that it saves; the default pipe quota, too. */
    static final int LIMIT = 64 * 1024;

    private ByteBuf target;
    private int limit;
    private int messages;
    private int bytes;

    private ByteBuf copy;
    private long address;
    private int length;

    /**
     * Chooses.
     *
     * @param out   what was flushed
     * @param first its first message, not empty
     * @param most  how many bytes may be sent
     */
    void gather(ChannelOutboundBuffer out, ByteBuf first, ByteBufAllocator alloc, int most) {
        limit = Math.min(LIMIT, most);
        boolean onePiece = first.nioBufferCount() == 1;
        if (onePiece && (out.size() == 1 || first.readableBytes() >= limit)) {
            takeFrom(first, most);
            return;
        }
        if (!onePiece && takePiece(first, most)) {
            return;
        }
        visit(out, null);
        if (messages == 1 && onePiece) {
            takeFrom(first, most);
            return;
        }
        ByteBuf gathered = alloc.directBuffer(bytes);
        try {
            visit(out, gathered);
        } catch (Throwable t) {
            gathered.release();
            throw t;
        }
        copy = gathered;
        take(NativeMemory.address(copy, 0), copy.readableBytes());
    }

    private void take(long address, int length) {
        this.address = address;
        this.length = length;
    }

    private void takeFrom(ByteBuf first, int most) {
        take(NativeMemory.address(first, first.readerIndex()), Math.min(first.readableBytes(), most));
    }

    /** Takes the first piece of a composite buffer, if it is large. */
    private boolean takePiece(ByteBuf composite, int most) {
        if (composite.readableBytes() < limit) {
            return false;
        }
        ByteBuffer piece = composite.nioBuffers()[0];
        if (piece.remaining() < limit || !piece.isDirect()) {
            return false;
        }
        take(NativeMemory.address(piece), Math.min(piece.remaining(), most));
        return true;
    }

    private void visit(ChannelOutboundBuffer out, ByteBuf into) {
        target = into;
        messages = 0;
        bytes = 0;
        try {
            out.forEachFlushedMessage(this);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            target = null;
        }
    }

    @Override
    public boolean processMessage(Object msg) {
        if (!(msg instanceof ByteBuf)) {
            return false;
        }
        ByteBuf message = (ByteBuf) msg;
        int room = limit - bytes;
        int readable = message.readableBytes();
        if (readable > room && messages > 0) {
            return false;
        }
        int taken = Math.min(readable, room);
        if (target != null) {
            target.writeBytes(message, message.readerIndex(), taken);
        }
        bytes += taken;
        messages++;
        return bytes < limit;
    }

    /** The copy, if there is one, which is the caller's; or {@code null}: the bytes are where they were. */
    ByteBuf takeCopy() {
        ByteBuf taken = copy;
        copy = null;
        return taken;
    }

    long address() {
        return address;
    }

    int length() {
        return length;
    }
}
