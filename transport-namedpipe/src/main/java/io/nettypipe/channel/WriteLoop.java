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
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.FileRegion;
import io.nettypipe.iocp.IocpIoCompletion;
import io.nettypipe.iocp.IocpIoOps;
import io.nettypipe.win32.NativeMemory;
import io.nettypipe.win32.Win32Error;

import java.io.IOException;

/**
 * Writes what was flushed, in order, with one operation outstanding; at the close, with all that is left. What the
 * system writes from is retained here, because {@link ChannelOutboundBuffer} releases its messages when the channel
 * closes.
 */
final class WriteLoop implements IocpIoCompletion {
    private static final long FAIL_AGAIN_MILLIS = 1;
    private static final long NOTHING_YET_MILLIS = 1;

    private final NamedPipeChannel channel;
    private final IocpIoOps write = IocpIoOps.write(this);
    private final WriteGatherer gatherer = new WriteGatherer();
    private final WriteBounds bounds;
    private final Count count = new Count();
    private final OutputShutdown shutdown;
    private final LoopTask later;

    /** What the outstanding write sends. */
    private ByteBuf data;
    private int length;
    /** What was read of the file region at the head and is not written yet, or {@code null}. */
    private ByteBuf chunk;
    /** It goes on later, and not before. */
    private boolean waiting;
    /** From the start of a write until its messages left the outbound buffer; their listeners may flush again. */
    private boolean busy;
    /** How many bytes at the head of the outbound buffer are written already. */
    private int written;
    /** Whether the message at the head of a message-type pipe's outbound buffer is written already. */
    private boolean headWritten;
    /** What the first write failed with that did, or {@code null}; and whether because the peer was gone. */
    private NamedPipeException failure;
    private boolean peerGone;

    WriteLoop(NamedPipeChannel channel) {
        this.channel = channel;
        bounds = new WriteBounds(channel);
        shutdown = new OutputShutdown(channel, this);
        later = new LoopTask(channel, this::advance);
    }

    /** Goes on when it was waited for long enough, or the channel is registered anew. */
    void advance() {
        waiting = false;
        channel.pipeUnsafe().flushNow();
    }

    /** Starts to write what was flushed. */
    void write(ChannelOutboundBuffer out) throws IOException {
        int spins = channel.config().getWriteSpinCount();
        int unsent = out.size();
        while (!busy && !waiting && channel.canWrite()) {
            Object first = out.current();
            if (first == null) {
                return;
            }
            if (refusesAll()) {
                failFlushed(out);
                return;
            }
            Throwable refusal = channel.keepsBoundaries()
                    ? OutboundMessages.refusalAsOneMessage(first, channel.maxMessageLength()) : null;
            boolean unsendable = refusal != null || isNothing(first);
            if (unsendable ? unsent-- <= 0 : spins-- <= 0) {
                waiting = true;
                later.soon();
            } else if (unsendable) {
                remove(out, refusal);
            } else if (start(out, first)) {
                finish(out);
            } else {
                return;
            }
        }
    }

    /** Whether there is nothing (left) to send. */
    private boolean isNothing(Object message) {
        if (message instanceof FileRegion) {
            return chunk == null && ((FileRegion) message).transferred() >= ((FileRegion) message).count();
        }
        return !((ByteBuf) message).isReadable()
                && (message != OutboundMessages.EMPTY_MESSAGE || !channel.keepsBoundaries());
    }

    /** Whether no message is sent any more, from the one at the head on. */
    private boolean refusesAll() {
        return failure != null || !channel.direction().writes() || count.isAtEnd();
    }

    /** Why {@link #refusesAll()}. */
    private Throwable refusal() {
        if (failure != null) {
            return failure();
        }
        return channel.direction().writes() ? OutputShutdown.exception()
                : new UnsupportedOperationException("this end of the pipe is INBOUND, it only reads: " + channel);
    }

    /** What is not flushed at this moment, and what is written later, fails in its turn. */
    void end(ChannelOutboundBuffer out) {
        count.end(out);
    }

    /** Returns whether the write ended at once. */
    private boolean start(ChannelOutboundBuffer out, Object first) throws IOException {
        busy = true;
        try {
            long address;
            if (first instanceof FileRegion) {
                if (!readChunk((FileRegion) first)) {
                    busy = false;
                    waitFor(NOTHING_YET_MILLIS);
                    return false;
                }
                data = chunk.retain();
                length = Math.min(chunk.readableBytes(), bounds.length());
                address = NativeMemory.address(chunk, chunk.readerIndex());
            } else if (channel.keepsBoundaries()) {
                ByteBuf message = (ByteBuf) first;
                data = message.retain();
                length = message.readableBytes();
                address = length == 0 ? 0 : NativeMemory.address(message, message.readerIndex());
            } else {
                gatherer.gather(out, (ByteBuf) first, channel.alloc(), bounds.length());
                data = gatherer.takeData();
                length = gatherer.length();
                address = gatherer.address();
            }
            return !channel.file().submit(write, address, length);
        } catch (Throwable t) {
            if (data != null) {
                data.release();
                data = null;
            }
            busy = false;
            throw t;
        }
    }

    /** Returns whether there is something of the region to write; it may have nothing yet, as one of a socket. */
    private boolean readChunk(FileRegion region) throws IOException {
        if (chunk == null) {
            chunk = FileRegionChunk.read(region, channel.alloc(), Math.min(WriteGatherer.LIMIT, bounds.length()));
            dropWrittenChunk();
        }
        return chunk != null;
    }

    private void dropWrittenChunk() {
        if (chunk != null && !chunk.isReadable()) {
            close();
        }
    }

    /** Gives up what was read of a file region and is not written. Called again, it does nothing. */
    void close() {
        if (chunk != null) {
            chunk.release();
            chunk = null;
        }
    }

    private void finish(ChannelOutboundBuffer out) {
        data.release();
        data = null;
        if (write.error() == Win32Error.ERROR_SUCCESS) {
            bounds.worked();
            written(out, write.bytesTransferred());
            busy = false;
        } else if (bounds.isShortage(write)) {
            busy = false;
            waitFor(bounds.delayMillis());
        } else {
            busy = false;
            fail(out, write.error());
        }
    }

    private void written(ChannelOutboundBuffer out, int bytes) {
        if (out.current() instanceof FileRegion) {
            Object region = out.current();
            chunk.skipBytes(bytes);
            dropWrittenChunk();
            out.progress(bytes);
            if (out.current() == region && isNothing(region)) {
                remove(out, null);
            }
            return;
        }
        written = bytes;
        headWritten = channel.keepsBoundaries();
        while (written > 0 || headWritten) {
            ByteBuf message = (ByteBuf) out.current();
            int taken = Math.min(written, message.readableBytes());
            out.progress(taken);
            if (out.current() != message) {
                // A listener closed the channel, which emptied the outbound buffer.
                break;
            }
            written -= taken;
            if (headWritten || taken == message.readableBytes()) {
                headWritten = false;
                remove(out, null);
            } else {
                message.skipBytes(taken);
            }
            if (out.current() == null) {
                break;
            }
        }
        written = 0;
        headWritten = false;
    }

    private void waitFor(long millis) {
        waiting = true;
        later.after(millis);
    }

    private void remove(ChannelOutboundBuffer out, Throwable cause) {
        count.take(out);
        if (cause == null) {
            out.remove();
        } else {
            out.remove(cause);
        }
    }

    /** A write failed, and so does all that is or will be written. */
    void fail(ChannelOutboundBuffer out, int error) {
        peerGone = PipeErrors.isPeerGone(error);
        failure = new NamedPipeException("WriteFile", channel.remoteAddress(), error);
        if (!peerGone && channel.config().isAutoClose()) {
            channel.pipeUnsafe().closeFor(failure);
            return;
        }
        failFlushed(out);
        shutdown.writeFailed();
        if (peerGone) {
            // What the peer wrote before it left can still be read; then the end of the stream closes the channel.
            channel.watchForEnd();
        }
    }

    /**
     * Fails what was flushed. A handler that writes whenever it may writes more when it is told; that fails later, or
     * the event loop would never get to anything else, such as the end of the stream, which ends this.
     */
    private void failFlushed(ChannelOutboundBuffer out) {
        close();
        for (int left = out.size(); left > 0 && out.current() != null; left--) {
            remove(out, refusal());
        }
        waitFor(FAIL_AGAIN_MILLIS);
    }

    @Override
    public void completed(IocpIoOps ops) {
        ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
        if (out == null || channel.isClosing() && write.error() != Win32Error.ERROR_SUCCESS) {
            data.release();
            data = null;
            busy = false;
        } else {
            finish(out);
        }
        if (channel.isClosing()) {
            channel.closing().flushedWriteEnded(write);
            return;
        }
        channel.pipeUnsafe().flushNow();
        channel.advanceDrains();
    }

    /** Whether something that was flushed is not written. */
    boolean isIncomplete() {
        ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
        return failure != null || out != null && out.current() != null && !refusesAll();
    }

    /** How many messages were flushed since the channel was made. */
    long flushed() {
        ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
        return count.taken() + (out == null ? 0 : out.size());
    }

    /** Whether so many messages, since the channel was made, are written or failed. */
    boolean areDone(long messages) {
        return count.taken() >= messages;
    }

    /** Whether all that remain of so many messages are in the write that the system has. */
    boolean areWithSystem(long messages) {
        ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
        long taken = count.taken();
        if (taken >= messages || out == null || !write.isOutstanding() || channel.keepsBoundaries()) {
            return taken + (write.isOutstanding() ? 1 : 0) >= messages;
        }
        long[] left = {messages - taken, length};
        try {
            out.forEachFlushedMessage(message -> {
                left[1] -= message instanceof ByteBuf ? ((ByteBuf) message).readableBytes() : Integer.MAX_VALUE;
                return left[1] >= 0 && --left[0] > 0;
            });
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return left[0] == 0;
    }

    boolean hasFailed() {
        return failure != null;
    }

    /** Why what was flushed is not, or not all, written: each time another object; {@code null} if it is. */
    IOException failure() {
        if (failure == null) {
            return null;
        }
        NamedPipeException another = new NamedPipeException(failure);
        return peerGone ? PipeErrors.peerGone(another) : another;
    }

    /** How much a write may have. */
    WriteBounds bounds() {
        return bounds;
    }

    /** How the output is shut down. */
    OutputShutdown shutdown() {
        return shutdown;
    }

    /** Leaves everything that was flushed to the close, which does not lose it. */
    void leaveTo(PipeClosing closing) throws Exception {
        if (failure != null) {
            closing.omit();
        }
        ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
        if (out == null || refusesAll()) {
            return;
        }
        boolean[] skipHead = {channel.keepsBoundaries() && (write.isOutstanding() || headWritten)};
        int[] skipBytes = {channel.keepsBoundaries() ? 0 : write.isOutstanding() ? length : written};
        long[] left = {count.visiblyLeft()};
        out.forEachFlushedMessage(message -> {
            if (left[0]-- <= 0) {
                return false;
            }
            if (channel.keepsBoundaries()
                    && OutboundMessages.refusalAsOneMessage(message, channel.maxMessageLength()) != null) {
                // It would have failed, and what is behind it would have been sent.
                return true;
            }
            if (message instanceof FileRegion) {
                // A file is read as it is written, so it ends with the channel, and what is behind it too.
                closing.omit();
                return false;
            }
            ByteBuf buf = (ByteBuf) message;
            int skip = Math.min(skipBytes[0], buf.readableBytes());
            skipBytes[0] -= skip;
            if (skipHead[0]) {
                skipHead[0] = false;
            } else if (!isNothing(buf) && (skip == 0 || skip < buf.readableBytes())) {
                closing.add(buf, skip);
            }
            return true;
        });
    }

    /**
     * Counts the messages that left the outbound buffer, and knows the last that is to be written. {@link
     * ChannelOutboundBuffer} takes messages from its head only; so those that came too late wait behind what is still
     * written, and fail when their turn comes.
     */
    private static final class Count {
        private long taken;
        /** Without those that were cancelled, which {@code forEachFlushedMessage} leaves out. */
        private long visiblyTaken;
        private long last = Long.MAX_VALUE;
        private long lastVisible = Long.MAX_VALUE;

        /** The message at the head is about to leave the buffer, written or failed. */
        void take(ChannelOutboundBuffer out) {
            taken++;
            // What Netty puts in the place of a cancelled write; nobody else's is (OutboundMessages).
            if (out.current() != Unpooled.EMPTY_BUFFER) {
                visiblyTaken++;
            }
        }

        /** How many left, since the channel was made. */
        long taken() {
            return taken;
        }

        /** What is not flushed at this moment is not to be written, nor what comes later; the turn of both comes. */
        void end(ChannelOutboundBuffer out) {
            last = taken + out.size();
            lastVisible = visiblyTaken + visible(out);
            out.addFlush();
        }

        /** Whether the message at the head, and all behind it, is not to be written. */
        boolean isAtEnd() {
            return taken >= last;
        }

        /** To how many messages {@code forEachFlushedMessage} comes before the first that is not to be written. */
        long visiblyLeft() {
            return lastVisible - visiblyTaken;
        }

        private static int visible(ChannelOutboundBuffer out) {
            int[] count = {0};
            try {
                out.forEachFlushedMessage(message -> {
                    count[0]++;
                    return true;
                });
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            return count[0];
        }
    }
}
