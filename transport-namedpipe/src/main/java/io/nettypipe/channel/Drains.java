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

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.nettypipe.iocp.IocpIoCompletion;
import io.nettypipe.iocp.IocpIoOps;
import io.nettypipe.win32.PipeFlags;
import io.nettypipe.win32.Win32Error;

import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * {@link NamedPipeChannel#drain()}: each waits until what was flushed before it is with the system, and then until the
 * peer has read that. Later writes do not hold it up.
 */
final class Drains {
    private final NamedPipeChannel channel;
    private final WriteLoop writes;
    private final ArrayDeque<Drain> drains = new ArrayDeque<>();

    Drains(NamedPipeChannel channel, WriteLoop writes) {
        this.channel = channel;
        this.writes = writes;
    }

    /** Any thread. */
    ChannelFuture add(ChannelPromise promise) {
        if (promise.isVoid()) {
            throw new IllegalArgumentException("a void promise would not tell when the pipe is drained");
        }
        if (!channel.isActive()) {
            promise.tryFailure(channel.isOpen() ? new NotYetConnectedException() : new ClosedChannelException());
        } else {
            channel.tasks().run(() -> begin(promise), promise::tryFailure);
        }
        return promise;
    }

    private void begin(ChannelPromise promise) {
        long messages = writes.flushed();
        if (channel.isClosing()) {
            promise.tryFailure(new ClosedChannelException());
        } else if (messages == 0) {
            promise.trySuccess();
        } else if (!promise.isDone()) {
            Drain last = drains.peekLast();
            if (last == null || last.messages != messages) {
                last = new Drain(messages);
                drains.add(last);
            }
            last.add(promise);
            last.advance();
        }
    }

    /** Goes on after the system took or finished a write, or the channel was registered anew. */
    void advance() {
        if (!drains.isEmpty()) {
            new ArrayList<>(drains).forEach(Drain::advance);
        }
    }

    /** The channel is closed. */
    void fail() {
        while (!drains.isEmpty()) {
            drains.peek().complete(new ClosedChannelException());
        }
    }

    private Throwable failure(int error) {
        if (writes.failure() != null) {
            return writes.failure();
        }
        if (error == Win32Error.ERROR_SUCCESS) {
            return null;
        }
        if (PipeErrors.isPeerGone(error)) {
            // As after a failed write: what the peer wrote can still be read, then the end closes the channel.
            channel.watchForEnd();
            return PipeErrors.peerGone(
                    new NamedPipeException("FSCTL_PIPE_FLUSH", channel.remoteAddress(), error));
        }
        NamedPipeException failure = new NamedPipeException("FSCTL_PIPE_FLUSH", channel.remoteAddress(), error);
        if (error == Win32Error.ERROR_NOT_SUPPORTED || error == Win32Error.ERROR_INVALID_FUNCTION) {
            return new UnsupportedOperationException("the system does not tell when the peer has read", failure);
        }
        return failure;
    }

    private enum Stage { WAITING, FLUSHING, FLUSHED }

    /**
     * Those that wait for the same, and the flush that tells them. That the system is done with it does not say that
     * the peer has read: what a peer that left had not read is gone, and flushed. So it counts only if the peer was
     * still there once the flush was queued behind the data; otherwise that one may have read everything, or not.
     */
    private final class Drain implements IocpIoCompletion {
        /** How many messages, since the channel was made, the system must have taken before the flush. */
        final long messages;
        private final List<ChannelPromise> promises = new ArrayList<>(1);
        private final IocpIoOps flush = IocpIoOps.control(PipeFlags.FSCTL_PIPE_FLUSH, this);
        private final PeerPresence peer = new PeerPresence(channel, this::ended);
        private Stage stage = Stage.WAITING;
        private int error;

        Drain(long messages) {
            this.messages = messages;
        }

        void add(ChannelPromise promise) {
            promises.add(promise);
            promise.addListener(future -> {
                if (future.isCancelled()) {
                    // Refused, the flush goes on until it ends.
                    channel.tasks().execute(this::abandonIfUnwanted, refused -> { });
                }
            });
        }

        private void abandonIfUnwanted() {
            if (promises.stream().allMatch(ChannelPromise::isDone) && drains.remove(this)) {
                channel.cancel(flush);
                peer.cancel();
            }
        }

        /** The flush is queued as early as can be, behind a write that is outstanding. */
        void advance() {
            if (stage == Stage.WAITING && channel.canSubmit() && writes.areWithSystem(messages)) {
                stage = Stage.FLUSHING;
                channel.file().submit(flush, 0, 0);
                peer.ask();
            }
            if (stage == Stage.FLUSHING && !flush.isOutstanding() && !peer.isAsked()) {
                end();
            }
            if (stage == Stage.FLUSHED && writes.areDone(messages)) {
                complete(failure(error));
            }
        }

        private void end() {
            error = flush.error();
            if (error == Win32Error.ERROR_SUCCESS && peer.answer() == PeerPresence.Answer.CANCELLED) {
                error = Win32Error.ERROR_OPERATION_ABORTED;
            } else if (error == Win32Error.ERROR_SUCCESS && peer.answer() != PeerPresence.Answer.THERE) {
                error = Win32Error.ERROR_NO_DATA;
            }
            // Cancelled, it begins anew: the channel leaves its event loop, and comes to another.
            stage = error == Win32Error.ERROR_OPERATION_ABORTED ? Stage.WAITING : Stage.FLUSHED;
        }

        @Override
        public void completed(IocpIoOps ops) {
            ended();
        }

        private void ended() {
            if (drains.contains(this) && !channel.isClosing()) {
                advance();
                if (stage == Stage.WAITING) {
                    // Somebody else cancelled it.
                    advance();
                }
            }
        }

        void complete(Throwable failure) {
            if (drains.remove(this)) {
                for (ChannelPromise promise : promises) {
                    if (failure == null) {
                        promise.trySuccess();
                    } else {
                        promise.tryFailure(failure);
                    }
                }
            }
        }
    }
}
