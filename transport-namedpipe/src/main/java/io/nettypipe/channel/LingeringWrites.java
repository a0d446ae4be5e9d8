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
import io.netty.util.concurrent.Future;
import io.nettypipe.iocp.IocpIoCompletion;
import io.nettypipe.iocp.IocpIoOps;
import io.nettypipe.win32.NativeMemory;
import io.nettypipe.win32.WinError;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/**
 * What a closed channel had flushed and the system has not taken yet. It is written one after another, behind the write
 * that may be outstanding; nobody waits for it but the handle.
 */
final class LingeringWrites implements IocpIoCompletion {
    /** How many writes that end at once are made before the event loop does something else. */
    private static final int BURST = 16;

    private final NamedPipeChannel channel;
    private final IocpIoOps writeBefore;
    private final WriteBounds bounds;
    private final IocpIoOps write = IocpIoOps.write(this);
    /** The first one is the one that is outstanding. */
    private final ArrayDeque<ByteBuf> queue = new ArrayDeque<>();
    /** The last one, if small buffers of a byte-type pipe are copied together there. */
    private ByteBuf gathered;
    private boolean incomplete;
    private boolean givenUp;
    /** The first one is tried again, after a shortage. */
    private Future<?> retry;

    /**
     * Prepares.
     *
     * @param writeBefore the write that must end first. If it is given up, so is all behind it: what the peer gets may
     *                    end early, but nothing is missing in its middle.
     */
    LingeringWrites(NamedPipeChannel channel, IocpIoOps writeBefore, WriteBounds bounds) {
        this.channel = channel;
        this.writeBefore = writeBefore;
        this.bounds = bounds;
    }

    /**
     * Adds a message, without taking over its ownership.
     *
     * @param skip how many of its first bytes are written already
     */
    void add(ByteBuf message, int skip) {
        int from = message.readerIndex() + skip;
        int length = message.readableBytes() - skip;
        if (!channel.keepsBoundaries() && length < WriteGatherer.LIMIT) {
            if (gathered == null || gathered.maxWritableBytes() < length) {
                // It grows: a peer that does not read may keep what is left, mostly little, for as long as it lingers.
                gathered = channel.alloc().directBuffer(length, WriteGatherer.LIMIT);
                queue.add(gathered);
            }
            gathered.writeBytes(message, from, length);
            return;
        }
        gathered = null;
        if (message.nioBufferCount() == 1) {
            queue.add(message.retainedSlice(from, length));
        } else {
            ByteBuf copy = channel.alloc().directBuffer(length);
            queue.add(copy.writeBytes(message, from, length));
        }
    }

    /** Whether there is something that the system has not finished with. */
    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Whether something that was flushed will not be delivered. */
    boolean isIncomplete() {
        return incomplete;
    }

    /** Something that was flushed is not even added. */
    void omit() {
        incomplete = true;
    }

    boolean isOutstanding() {
        return write.isOutstanding();
    }

    /** Goes on writing. */
    void proceed() {
        gathered = null;
        if (writeBefore.isOutstanding()) {
            return;
        }
        if (retry != null) {
            if (!channel.eventLoop().isShuttingDown()) {
                return;
            }
            // A loop that shuts down may not come to its timers, but comes here again.
            retry.cancel(false);
            retry = null;
        }
        for (int i = 0; i < BURST && !write.isOutstanding(); i++) {
            ByteBuf data = queue.peek();
            if (data == null) {
                return;
            }
            int length = channel.keepsBoundaries() ? data.readableBytes()
                    : Math.min(data.readableBytes(), bounds.length());
            long address = length == 0 ? 0 : NativeMemory.address(data, data.readerIndex());
            if (!channel.file().submit(write, address, length)) {
                finish();
                if (retry != null) {
                    return;
                }
            }
        }
        if (!queue.isEmpty() && !write.isOutstanding()) {
            // Not by a timer, which a loop that shuts down does not run any more.
            channel.eventLoop().execute(channel::linger);
        }
    }

    /** The write that may be outstanding at the close ended. */
    void writeBeforeEnded() {
        if (writeBefore.error() != WinError.ERROR_SUCCESS) {
            incomplete = true;
            discard();
        }
        proceed();
    }

    private void finish() {
        if (write.error() == WinError.ERROR_SUCCESS && !givenUp) {
            bounds.worked();
            ByteBuf data = queue.peek().skipBytes(write.bytesTransferred());
            if (channel.keepsBoundaries() || !data.isReadable()) {
                queue.remove().release();
            }
        } else if (!givenUp && bounds.isShortage(write)) {
            retry = channel.eventLoop().schedule(this::tryAgain, bounds.delayMillis(), TimeUnit.MILLISECONDS);
        } else {
            incomplete = true;
            discard();
        }
    }

    private void tryAgain() {
        retry = null;
        if (!queue.isEmpty()) {
            channel.linger();
        }
    }

    @Override
    public void completed(IocpIoOps ops) {
        finish();
        proceed();
    }

    /** Gives up what the system does not have, and asks to cancel what it has. */
    void cancel() {
        givenUp = true;
        ByteBuf outstanding = write.isOutstanding() ? queue.remove() : null;
        discard();
        if (outstanding != null) {
            queue.add(outstanding);
            channel.file().cancel(write);
        }
    }

    private void discard() {
        queue.forEach(ByteBuf::release);
        queue.clear();
    }
}
