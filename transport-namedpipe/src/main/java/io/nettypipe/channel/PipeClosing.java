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
import io.netty.channel.ChannelOption;
import io.netty.util.concurrent.Future;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.nettypipe.iocp.IocpIoCompletion;
import io.nettypipe.iocp.IocpIoOps;
import io.nettypipe.iocp.OverlappedFile;
import io.nettypipe.win32.NativeMemory;
import io.nettypipe.win32.PipeFlags;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.Win32Error;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/**
 * The close of a channel. It takes the file from the channel, so that nothing else touches the handle any more, and
 * goes through these states; each end of an operation, the deadline and the event loop's end call {@link #advance()}:
 * <pre>
 *  CANCELLING       all but writes were cancelled; the channel is still what it was
 *      |            only writes are outstanding: the channel is closed, as far as Netty and its handlers know
 *  DELIVERING       what was flushed is written
 *      |     \      all is written or given up, and nothing is outstanding
 *      |   AWAITING_READER  of an instance that may serve again: its client reads what is left
 *      |     /      it has, or has left, or had time enough
 *    GONE           the handle is closed, or its server's again
 * </pre>
 * The deadline is {@code SO_LINGER}: it gives up what is not delivered then, which is what a forcible close does at
 * once. If anything that was flushed is given up, the end is an abort ({@code DisconnectNamedPipe}), so that the peer
 * does not take a cut stream for a whole one.
 * <p>
 * An instance that serves again ({@link NamedPipeChannelOption#REUSE_INSTANCES}) is disconnected from its client, which
 * throws away what that one has not read; so first this waits for it to read.
 */
final class PipeClosing implements OverlappedFile.Owner, IocpIoCompletion {
    private static final InternalLogger LOGGER = InternalLoggerFactory.getInstance(PipeClosing.class);

    /** Where a close is. */
    enum State {
        CANCELLING, DELIVERING, AWAITING_READER, GONE;

        /**
         * Where it goes from here.
         *
         * @param onlyWrites whether nothing but writes is outstanding
         * @param idle       whether nothing is outstanding
         * @param delivered  whether nothing is left to be written
         * @param returns    whether the handle is that of an instance that may serve again
         */
        State next(boolean onlyWrites, boolean idle, boolean delivered, boolean returns) {
            switch (this) {
                case CANCELLING:
                    return onlyWrites ? DELIVERING : this;
                case DELIVERING:
                    return !idle || !delivered ? this : returns ? AWAITING_READER : GONE;
                case AWAITING_READER:
                    return idle ? GONE : this;
                default:
                    return this;
            }
        }
    }

    private final AbstractNamedPipeChannel channel;
    private final OverlappedFile file;
    private final Win32 win32;
    private State state = State.CANCELLING;
    private Runnable whenGone = () -> { };

    /** Of a connected channel, as all that follows. */
    private NamedPipeChannel pipe;
    private int linger;
    /** What its instance is of, or {@code null}. */
    private PipeInstances instances;
    private Unwritten unwritten;
    private Future<?> deadline;
    private boolean abort;
    /** Waits for the client of an instance to have read everything. */
    private IocpIoOps flush;
    /** Nothing is lost by disconnecting that client. */
    private boolean spent;
    /** The server has the handle. */
    private boolean taken;

    /** Takes the file, and asks to cancel what is outstanding, but writes. */
    PipeClosing(AbstractNamedPipeChannel channel, OverlappedFile file) {
        this.channel = channel;
        this.file = file;
        win32 = channel.win32();
        file.ownedBy(this);
        file.cancelAllButWrites();
    }

    /** Says what else is freed when nothing is outstanding any more. */
    void thenFree(Runnable action) {
        whenGone = action;
    }

    /**
     * Delivers what a connected channel has flushed, for as long as {@code SO_LINGER} says.
     *
     * @param instanceOf what the channel's instance is of, or {@code null}
     * @param forcibly   not to deliver anything
     */
    void deliver(NamedPipeChannel connected, WriteLoop writes, PipeInstances instanceOf, boolean forcibly) {
        pipe = connected;
        linger = pipe.config().getOption(ChannelOption.SO_LINGER);
        instances = instanceOf;
        unwritten = new Unwritten(writes.bounds());
        if (forcibly) {
            giveUp();
        } else if (file.registration() == null) {
            // Between two event loops nothing can be delivered.
            abort = linger == 0 || writes.isIncomplete();
        } else if (linger == 0) {
            abort = true;
            giveUp();
        } else {
            try {
                writes.leaveTo(this);
            } catch (Throwable t) {
                abort = true;
                LOGGER.warn("Not all that {} had flushed is delivered", channel, t);
            }
            unwritten.write();
            if (file.outstandingWrites() > 0 || !isDelivered()) {
                startDeadline();
            }
        }
    }

    /** Whether the channel is still what it was before. */
    boolean isCancelling() {
        return state == State.CANCELLING;
    }

    private boolean isDelivered() {
        return unwritten == null || unwritten.isEmpty();
    }

    /** Goes on as far as it can. */
    void advance() {
        for (State next = next(); next != state; next = next()) {
            state = next;
            if (next == State.DELIVERING) {
                // This comes back here when the channel is closed.
                channel.closeNow();
            } else if (next == State.AWAITING_READER) {
                awaitReader();
            } else {
                end();
            }
        }
    }

    private State next() {
        boolean returns = instances != null && file.handle() != 0 && file.registration() != null;
        return state.next(file.outstanding() == file.outstandingWrites(), file.isIdle(), isDelivered(), returns);
    }

    @Override
    public void operationEnded() {
        advance();
    }

    /** What is left is written at once, or refused. */
    @Override
    public void loopEnds() {
        writeOn();
    }

    private void writeOn() {
        if (unwritten != null) {
            unwritten.write();
        }
        advance();
    }

    private void startDeadline() {
        if (deadline == null) {
            deadline = channel.eventLoop().schedule(this::timedOut, linger, TimeUnit.SECONDS);
            lingers(1);
            LOGGER.debug("{} is closed, and its handle waits for the peer", channel);
        }
    }

    private void lingers(int more) {
        if (instances != null) {
            pipe.parent().metrics().lingering(more);
        }
    }

    private void timedOut() {
        spent = true;
        giveUp();
        advance();
    }

    /** Asks to cancel all that the system has, and forgets the rest. */
    private void giveUp() {
        abort |= file.outstandingWrites() > 0 || !isDelivered();
        unwritten.giveUp();
        file.cancelAll();
    }

    private void awaitReader() {
        spent = spent || linger == 0 || abort || !pipe.direction().writes();
        if (file.hasPort() && instances.asksWhetherHandlesMove()) {
            // Where a handle cannot leave its port, its instance cannot serve again, and nothing is waited for.
            instances.handlesMove(file.leave());
        }
        taken = instances.giveBack(file.handle(), spent, true, abort, file.hasPort());
        // Without a port nobody would be told of the end of the flush.
        if (!taken && file.join() == Win32Error.ERROR_SUCCESS) {
            startDeadline();
            flush = IocpIoOps.control(PipeFlags.FSCTL_PIPE_FLUSH, this);
            if (!file.submit(flush, 0, 0)) {
                completed(flush);
            }
        }
    }

    /** The flush ended. */
    @Override
    public void completed(IocpIoOps ops) {
        spent = spent || ops.error() == Win32Error.ERROR_SUCCESS || PipeErrors.isPeerGone(ops.error());
    }

    private void end() {
        if (deadline != null) {
            lingers(-1);
            deadline.cancel(false);
        }
        if (abort) {
            LOGGER.debug("{} ends as an abort", channel);
        }
        whenGone.run();
        boolean hasPort = file.hasPort();
        long handle = file.release();
        if (handle == 0 || taken) {
            return;
        }
        if (instances != null) {
            instances.giveBack(handle, spent, false, abort, hasPort);
            return;
        }
        if (abort) {
            // An adopted end may be a server's. Of a client's the system refuses it: that can only be closed.
            win32.disconnectNamedPipe(handle);
        }
        win32.closeHandle(handle);
    }

    /**
     * Adds a message that was flushed, without taking over its ownership.
     *
     * @param skip how many of its first bytes are written already
     */
    void add(ByteBuf message, int skip) {
        unwritten.add(message, skip);
    }

    /** Something that was flushed will not be delivered. */
    void omit() {
        abort = true;
    }

    /** Asks to cancel a write that was outstanding at the close, if it still is. */
    void cancel(IocpIoOps write) {
        file.cancel(write);
    }

    /**
     * A write that was outstanding at the close ended. If one failed, so does all behind it: what the peer gets may end
     * early, but nothing is missing in its middle.
     */
    void flushedWriteEnded(boolean failed) {
        if (failed) {
            abort = true;
            unwritten.discard();
        }
        unwritten.write();
    }

    /** What the system was not given yet. It is written one after another, behind a write that is outstanding. */
    private final class Unwritten implements IocpIoCompletion {
        /** How many writes that end at once are made before the event loop does something else. */
        private static final int BURST = 16;

        private final WriteBounds bounds;
        private final IocpIoOps write = IocpIoOps.write(this);
        /** The first one is the one that is outstanding. */
        private final ArrayDeque<ByteBuf> queue = new ArrayDeque<>();
        /** The last one, if small buffers of a byte-type pipe are copied together there. */
        private ByteBuf gathered;
        private boolean givenUp;
        /** The first one is tried again, after a shortage. */
        private Future<?> retry;

        Unwritten(WriteBounds bounds) {
            this.bounds = bounds;
        }

        void add(ByteBuf message, int skip) {
            int from = message.readerIndex() + skip;
            int length = message.readableBytes() - skip;
            if (!pipe.keepsBoundaries() && length < WriteGatherer.LIMIT) {
                if (gathered == null || gathered.maxWritableBytes() < length) {
                    // It grows: a peer that does not read may keep what is left, mostly little, while this lingers.
                    gathered = pipe.alloc().directBuffer(length, WriteGatherer.LIMIT);
                    queue.add(gathered);
                }
                gathered.writeBytes(message, from, length);
                return;
            }
            gathered = null;
            if (message.nioBufferCount() == 1) {
                queue.add(message.retainedSlice(from, length));
            } else {
                ByteBuf copy = pipe.alloc().directBuffer(length);
                queue.add(copy.writeBytes(message, from, length));
            }
        }

        boolean isEmpty() {
            return queue.isEmpty();
        }

        void write() {
            gathered = null;
            if (file.outstandingWrites() > 0) {
                return;
            }
            if (retry != null) {
                if (!pipe.eventLoop().isShuttingDown()) {
                    return;
                }
                // A loop that shuts down may not come to its timers, but comes here again.
                retry.cancel(false);
                retry = null;
            }
            for (int i = 0; i < BURST && !queue.isEmpty(); i++) {
                if (submit()) {
                    return;
                }
                finish();
                if (retry != null) {
                    return;
                }
            }
            if (!queue.isEmpty()) {
                // Not by a timer, which a loop that shuts down does not run any more.
                pipe.eventLoop().execute(PipeClosing.this::writeOn);
            }
        }

        /** Returns whether it is outstanding. */
        private boolean submit() {
            ByteBuf data = queue.peek();
            int length = pipe.keepsBoundaries() ? data.readableBytes()
                    : Math.min(data.readableBytes(), bounds.length());
            long address = length == 0 ? 0 : NativeMemory.address(data, data.readerIndex());
            return file.submit(write, address, length);
        }

        private void finish() {
            if (write.error() == Win32Error.ERROR_SUCCESS && !givenUp) {
                bounds.worked();
                ByteBuf data = queue.peek().skipBytes(write.bytesTransferred());
                if (pipe.keepsBoundaries() || !data.isReadable()) {
                    queue.remove().release();
                }
            } else if (!givenUp && bounds.isShortage(write)) {
                retry = pipe.eventLoop().schedule(this::tryAgain, bounds.delayMillis(), TimeUnit.MILLISECONDS);
            } else {
                abort = true;
                discard();
            }
        }

        private void tryAgain() {
            retry = null;
            if (!queue.isEmpty()) {
                writeOn();
            }
        }

        @Override
        public void completed(IocpIoOps ops) {
            finish();
            write();
        }

        /** Forgets all but what the system has. */
        void giveUp() {
            givenUp = true;
            ByteBuf outstanding = write.isOutstanding() ? queue.remove() : null;
            discard();
            if (outstanding != null) {
                queue.add(outstanding);
            }
        }

        void discard() {
            queue.forEach(ByteBuf::release);
            queue.clear();
        }
    }
}
