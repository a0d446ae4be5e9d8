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
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.util.concurrent.PromiseNotifier;
import io.nettypipe.iocp.IocpIoCompletion;
import io.nettypipe.iocp.IocpIoOps;
import io.nettypipe.win32.Win32Error;

import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;

/**
 * Half-closes a message-type pipe: what was flushed is written, the peer reads it, and then an empty message tells it
 * that there is no more.
 * <p>
 * The empty message waits for the peer to have read the others, because one that reads bytes ({@code
 * PIPE_READMODE_BYTE}, as go-winio and Docker do) would never see it otherwise: a read with room left goes on over it.
 */
final class OutputShutdown implements IocpIoCompletion {
    /** So often it is asked again, for about a second in all. */
    private static final int SHORTAGES = 10;

    private final NamedPipeChannel channel;
    private final WriteLoop writes;
    private final IocpIoOps emptyMessage = IocpIoOps.write(this);
    private final LoopTask later;
    /** It was asked for; no message is sent any more but those before it. */
    private volatile boolean begun;
    /** A write failed; each later one fails as it did. */
    private volatile boolean failed;
    private ChannelPromise promise;
    /** It is time for the empty message, which is not under way yet; or to wait for the peer to read, once more. */
    private boolean due;
    private boolean unread;
    /** How often the system had no resources to wait for the peer. */
    private int shortages;
    private boolean eventFired;

    OutputShutdown(NamedPipeChannel channel, WriteLoop writes) {
        this.channel = channel;
        this.writes = writes;
        later = new LoopTask(channel, this::advance);
    }

    /** Whether all that is written now fails. Any thread. */
    boolean isShutDown() {
        return begun || failed;
    }

    static ChannelOutputShutdownException exception() {
        return new ChannelOutputShutdownException("the output of the channel is shut down");
    }

    /** Begins, or says why not. */
    void begin(ChannelPromise asked) {
        if (!asked.setUncancellable()) {
            return;
        }
        Throwable refusal = refusal();
        if (refusal != null) {
            asked.tryFailure(refusal);
        } else if (promise != null) {
            promise.addListener(new PromiseNotifier<>(false, asked.unvoid()));
        } else {
            promise = asked.unvoid();
            begun = true;
            ChannelFuture drained = channel.drain();
            writes.end(channel.unsafe().outboundBuffer());
            channel.pipeUnsafe().flushNow();
            goOnAfter(drained);
        }
    }

    private void goOnAfter(ChannelFuture drained) {
        drained.addListener(done -> {
            due = true;
            unread = !writes.hasFailed() && isShortage(done.cause()) && shortages < SHORTAGES;
            if (unread) {
                later.after(1L << shortages++);
            } else {
                // Whether the peer is gone, or the system could not tell: the empty message finds out.
                advance();
            }
        });
    }

    private static boolean isShortage(Throwable failure) {
        return failure instanceof NamedPipeException
                && PipeErrors.isShortage(((NamedPipeException) failure).errorCode());
    }

    private Throwable refusal() {
        if (!channel.isOpen() || channel.isClosing() || channel.unsafe().outboundBuffer() == null) {
            return new ClosedChannelException();
        }
        if (!channel.isActive()) {
            return new NotYetConnectedException();
        }
        if (!channel.direction().writes()) {
            return new UnsupportedOperationException("this end of the pipe is INBOUND, it has no output: " + channel);
        }
        if (!channel.keepsBoundaries()) {
            return new UnsupportedOperationException("a byte-type pipe has no half-closure: its peer would not notice. "
                    + "Close the channel, or let the server set PIPE_TYPE to MESSAGE: " + channel);
        }
        return null;
    }

    /** Goes on after everything was read, or the channel was registered anew. */
    void advance() {
        if (!due || !channel.canWrite()) {
            return;
        }
        due = false;
        if (unread) {
            unread = false;
            goOnAfter(channel.drain());
        } else if (writes.hasFailed()) {
            // Not everything was sent, so that an end in good order would be a lie.
            promise.tryFailure(writes.failure());
        } else if (!channel.file().submit(emptyMessage, 0, 0)) {
            sent();
        }
    }

    @Override
    public void completed(IocpIoOps ops) {
        if (!channel.isClosing()) {
            sent();
        } else if (emptyMessage.error() == Win32Error.ERROR_SUCCESS) {
            // The peer answered it by its own end, which was told first.
            promise.trySuccess();
        } else {
            promise.tryFailure(new ClosedChannelException());
        }
    }

    private void sent() {
        if (emptyMessage.error() == Win32Error.ERROR_SUCCESS) {
            promise.trySuccess();
            fireEvent();
        } else if (writes.bounds().isShortage(emptyMessage)) {
            due = true;
            later.after(writes.bounds().delayMillis());
        } else {
            writes.fail(channel.unsafe().outboundBuffer(), emptyMessage.error());
            promise.tryFailure(writes.failure());
        }
    }

    /**
     * A write failed, so that none can follow it. Of a peer that left a byte-type pipe there is no event, as there is
     * none with TCP: the channel is about to close.
     */
    void writeFailed() {
        failed = true;
        if (channel.keepsBoundaries() || !channel.config().isAutoClose()) {
            fireEvent();
        }
    }

    private void fireEvent() {
        if (!eventFired) {
            eventFired = true;
            channel.pipeline().fireUserEventTriggered(ChannelOutputShutdownEvent.INSTANCE);
        }
    }

    /** The channel is closed. Of an empty message that the system has, its end tells. */
    void channelClosed() {
        if (promise != null && !emptyMessage.isOutstanding()) {
            promise.tryFailure(new ClosedChannelException());
        }
    }
}
