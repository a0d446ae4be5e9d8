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
 * Writes what was flushed, in order, with one operation outstanding, or two if they are large; at the close, with all
 * that is left. What an outstanding write sends from is retained here, because {@link ChannelOutboundBuffer} releases
 * its messages when the channel closes.
 */
final class WriteLoop {
    private static final long FAIL_AGAIN_MILLIS = 1;
    private static final long NOTHING_YET_MILLIS = 1;

    private final NamedPipeChannel channel;
    private final WriteGatherer gatherer = new WriteGatherer();
    private final WriteBounds bounds;
    private final Count count = new Count();
    private final OutputShutdown shutdown;
    private final LoopTask later;

    /** The write of what is at the head of the outbound buffer. */
    private Piece first = new Piece();
    /** The one behind it, of which the system has both; {@code null} as long as there was none. */
    private Piece second;
    /** What was read of the file region at the head and is not written yet, or {@code null}. */
    private ByteBuf chunk;
    /** It goes on later, and not before. */
    private boolean waiting;
    /** From the end of a write until its messages left the outbound buffer; their listeners may flush again. */
    private boolean finishing;
    /** How many bytes at the head of the outbound buffer are written already. */
    private int written;
    /** Whether the message at the head of a message-type pipe's outbound buffer is written already. */
    private boolean headWritten;
    /** One failed while the channel closed: what ends behind it is not the message at the head. */
    private boolean gap;
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
        while (!isBusy() && !waiting && channel.canWrite()) {
            Object head = out.current();
            if (head == null) {
                return;
            }
            if (refusesAll()) {
                failFlushed(out);
                return;
            }
            Throwable refusal = channel.keepsBoundaries()
                    ? OutboundMessages.refusalAsOneMessage(head, channel.maxMessageLength()) : null;
            boolean unsendable = refusal != null || isNothing(head);
            if (unsendable ? unsent-- <= 0 : spins-- <= 0) {
                waiting = true;
                later.soon();
            } else if (unsendable) {
                remove(out, refusal);
            } else if (start(out, head)) {
                finish(out);
            }
        }
        if (first.write.isOutstanding() && !finishing && channel.canWrite()) {
            startBehind(out);
        }
    }

    private boolean isBusy() {
        return finishing || first.started;
    }

    /** Whether there is nothing (left) to send. */
    private boolean isNothing(Object message) {
        // Asked in this order, here and below: to find that something is not an interface takes long.
        if (message instanceof ByteBuf) {
            return !((ByteBuf) message).isReadable()
                    && (message != OutboundMessages.EMPTY_MESSAGE || !channel.keepsBoundaries());
        }
        return chunk == null && ((FileRegion) message).transferred() >= ((FileRegion) message).count();
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
    private boolean start(ChannelOutboundBuffer out, Object head) throws IOException {
        if (!(head instanceof ByteBuf)) {
            if (!readChunk((FileRegion) head)) {
                waitFor(NOTHING_YET_MILLIS);
                return false;
            }
            long address = NativeMemory.address(chunk, chunk.readerIndex());
            return first.start(chunk, address, Math.min(chunk.readableBytes(), bounds.length()));
        }
        ByteBuf message = (ByteBuf) head;
        if (channel.keepsBoundaries()) {
            int length = message.readableBytes();
            long address = length == 0 ? 0 : NativeMemory.address(message, message.readerIndex());
            return first.start(message, address, length);
        }
        gatherer.gather(out, message, channel.alloc(), bounds.length());
        first.data = gatherer.takeCopy();
        return first.start(message, gatherer.address(), gatherer.length());
    }

    /**
     * Gives the system another large write while it has one, so that the reader does not wait until the end of that
     * one came here and the next call went there. Only of a pipe of this machine, whose writes are done in order, each
     * whole ("WriteFile"). If the first fails none must follow, or there would be a gap; so the second is cancelled
     * then.
     */
    private void startBehind(ChannelOutboundBuffer out) {
        if (first.length < WriteGatherer.LIMIT || first.length > WriteBounds.MOST || first.data != out.current()
                || second != null && second.started || failure != null || !channel.isOfThisMachine()
                || out.totalPendingWriteBytes() < first.length + WriteGatherer.LIMIT) {
            return;
        }
        NextLarge next = new NextLarge();
        visit(out, next);
        if (next.message == null) {
            return;
        }
        if (second == null) {
            second = new Piece();
        }
        ByteBuf message = next.message;
        long address = NativeMemory.address(message, message.readerIndex() + next.offset);
        boolean ended = second.start(message, address, next.length);
        if (ended && second.write.error() != Win32Error.ERROR_SUCCESS) {
            // Nothing was sent; whether it can be, its turn shows.
            second.end();
        }
    }

    private static void visit(ChannelOutboundBuffer out, ChannelOutboundBuffer.MessageProcessor processor) {
        try {
            out.forEachFlushedMessage(processor);
        } catch (Exception e) {
            throw new IllegalStateException(e);
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

    /** The first write ended. */
    private void finish(ChannelOutboundBuffer out) {
        IocpIoOps write = first.write;
        endFirst();
        if (failure != null) {
            return;
        }
        if (write.error() == Win32Error.ERROR_SUCCESS) {
            bounds.worked();
            finishing = true;
            written(out, write.bytesTransferred());
            finishing = false;
        } else if (!first.started && bounds.isShortage(write)) {
            waitFor(bounds.delayMillis());
        } else {
            if (first.write.isOutstanding()) {
                channel.cancel(first.write);
            }
            fail(out, write.error());
        }
    }

    /** What is behind it is the first now. */
    private void endFirst() {
        first.end();
        if (second != null && second.started) {
            Piece ended = first;
            first = second;
            second = ended;
        }
    }

    private void written(ChannelOutboundBuffer out, int bytes) {
        if (out.current() == null) {
            // It has failed: by a flush of a channel that was closed forcibly.
            return;
        }
        if (!(out.current() instanceof ByteBuf)) {
            Object region = out.current();
            chunk.skipBytes(bytes);
            dropWrittenChunk();
            out.progress(bytes);
            if (out.current() == region && isNothing(region)) {
                remove(out, null);
            }
            return;
        }
        headWritten = channel.keepsBoundaries();
        while (headWritten && out.current() != null && isNothing(out.current())) {
            // Behind the first of two messages.
            remove(out, null);
        }
        written = bytes;
        while ((written > 0 || headWritten) && out.current() != null) {
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

    /** A write ended that was outstanding. If another before it did not, its turn comes. */
    private void completed(Piece piece) {
        boolean failed = piece.hasFailed();
        while (first.started && !first.write.isOutstanding()) {
            ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
            failed |= first.hasFailed();
            gap |= channel.isClosing() && first.hasFailed();
            if (out == null || gap) {
                endFirst();
                if (gap) {
                    channel.closing().cancel(first.write);
                }
            } else {
                finish(out);
            }
        }
        if (channel.isClosing()) {
            channel.closing().flushedWriteEnded(failed);
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

    /** Whether all that remain of so many messages are in the writes that the system has. */
    boolean areWithSystem(long messages) {
        ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
        long taken = count.taken();
        if (taken >= messages || out == null || !first.started || channel.keepsBoundaries()) {
            return taken + (headWritten ? 1 : 0) + started() >= messages;
        }
        long[] left = {messages - taken, written + startedBytes()};
        visit(out, message -> {
            left[1] -= message instanceof ByteBuf ? ((ByteBuf) message).readableBytes() : Integer.MAX_VALUE;
            return left[1] >= 0 && --left[0] > 0;
        });
        return left[0] == 0;
    }

    private int started() {
        return (first.started ? 1 : 0) + (second != null && second.started ? 1 : 0);
    }

    private int startedBytes() {
        return (first.started ? first.length : 0) + (second != null && second.started ? second.length : 0);
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
        // Its turn has not come yet, but what is behind it must not be delivered without it.
        boolean failed = first.hasFailed() || second != null && second.hasFailed();
        if (failed || failure != null) {
            closing.omit();
        }
        ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
        if (out == null || failed || refusesAll()) {
            return;
        }
        int[] skipMessages = {channel.keepsBoundaries() ? started() + (headWritten ? 1 : 0) : 0};
        int[] skipBytes = {channel.keepsBoundaries() ? 0 : startedBytes() + written};
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
            if (isNothing(buf)) {
                return true;
            }
            if (skipMessages[0] > 0) {
                skipMessages[0]--;
            } else if (skip == 0 || skip < buf.readableBytes()) {
                closing.add(buf, skip);
            }
            return true;
        });
    }

    /** A write that the system has, or that has ended before its turn came. */
    private final class Piece implements IocpIoCompletion {
        private final IocpIoOps write = IocpIoOps.write(this);
        private boolean started;
        /** What it sends from while it is outstanding, or a copy that was made for it; else {@code null}. */
        private ByteBuf data;
        private int length;

        /** Returns whether it ended at once. If not, the owner of the bytes is retained, unless they are of a copy. */
        boolean start(ByteBuf owner, long address, int bytes) {
            length = bytes;
            started = true;
            boolean outstanding = false;
            try {
                outstanding = channel.file().submit(write, address, bytes);
            } catch (Throwable t) {
                end();
                throw t;
            }
            if (outstanding && data == null) {
                data = owner.retain();
            }
            return !outstanding;
        }

        /** Whether it has ended without sending anything, and its turn has not come yet. */
        boolean hasFailed() {
            return started && !write.isOutstanding() && write.error() != Win32Error.ERROR_SUCCESS;
        }

        void end() {
            started = false;
            if (data != null) {
                data.release();
                data = null;
            }
        }

        @Override
        public void completed(IocpIoOps ops) {
            WriteLoop.this.completed(this);
        }
    }

    /** Looks for what follows the first write, if that is large and in one piece. */
    private final class NextLarge implements ChannelOutboundBuffer.MessageProcessor {
        private long left = count.visiblyLeft();
        private int skip = first.length;
        private boolean skipped;
        private ByteBuf message;
        private int offset;
        private int length;

        @Override
        public boolean processMessage(Object msg) {
            if (left-- <= 0 || !(msg instanceof ByteBuf)) {
                return false;
            }
            ByteBuf candidate = (ByteBuf) msg;
            if (isNothing(candidate)) {
                return true;
            }
            if (channel.keepsBoundaries() && !skipped) {
                skipped = true;
                return true;
            }
            int here = channel.keepsBoundaries() ? 0 : Math.min(skip, candidate.readableBytes());
            skip -= here;
            int rest = candidate.readableBytes() - here;
            if (here > 0 && rest == 0) {
                return true;
            }
            boolean fits = !channel.keepsBoundaries() || rest <= WriteBounds.MOST;
            if (rest >= WriteGatherer.LIMIT && fits && candidate.nioBufferCount() == 1) {
                message = candidate;
                offset = here;
                length = channel.keepsBoundaries() ? rest : Math.min(rest, bounds.length());
            }
            return false;
        }
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
            visit(out, message -> {
                count[0]++;
                return true;
            });
            return count[0];
        }
    }
}
