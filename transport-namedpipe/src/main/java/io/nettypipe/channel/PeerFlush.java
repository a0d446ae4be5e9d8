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

import io.nettypipe.iocp.IocpIoCompletion;
import io.nettypipe.iocp.IocpIoOps;
import io.nettypipe.win32.PipeFlags;
import io.nettypipe.win32.WinError;

/**
 * Waits, without blocking the event loop, until the peer has read all that the system had been given when it was
 * started. Works on a closed channel too, as long as its handle is open.
 * <p>
 * That the system is done does not say that the peer has read: what a peer that left had not read is gone, and flushed.
 * So it counts only if the peer was still there once the flush was queued behind the data. A success otherwise is
 * reported as {@code ERROR_NO_DATA}: the peer may have read everything, or not.
 */
final class PeerFlush implements IocpIoCompletion {
    private final NamedPipeChannel channel;
    private final Runnable whenEnded;
    private final IocpIoOps flush = IocpIoOps.control(PipeFlags.FSCTL_PIPE_FLUSH, this);
    private final PeerPresence peer;
    private BlockingFlush blocking;
    /** Whether the answer about the peer is still to come. */
    private boolean asking;
    private boolean flushed;
    private int error;

    /**
     * Prepares.
     *
     * @param whenEnded told on the event loop of each end that {@link #start()} did not tell
     */
    PeerFlush(NamedPipeChannel channel, Runnable whenEnded) {
        this.channel = channel;
        this.whenEnded = whenEnded;
        peer = new PeerPresence(channel, this::peerAnswered);
    }

    /** Starts. Returns whether it ended at once, so that {@link #error()} tells how. */
    boolean start() {
        boolean outstanding = channel.file().submit(flush, 0, 0);
        asking = !peer.ask();
        if (!outstanding && flush.error() == WinError.ERROR_NOT_SUPPORTED) {
            blocking = BlockingFlush.start(channel.win32(), channel.handle(), channel.eventLoop(),
                    this::returned);
            outstanding = true;
        }
        flushed = !outstanding;
        if (flushed) {
            error = flush.error();
        }
        return endIfComplete();
    }

    /** The flush counts only if the peer was there behind it. */
    private boolean endIfComplete() {
        if (!flushed || asking) {
            return false;
        }
        flushed = false;
        if (error == WinError.ERROR_SUCCESS && peer.answer() != PeerPresence.Answer.THERE) {
            error = WinError.ERROR_NO_DATA;
        }
        return true;
    }

    private void flushed(int result) {
        flushed = true;
        error = result;
        if (endIfComplete()) {
            whenEnded.run();
        }
    }

    private void peerAnswered() {
        asking = false;
        if (endIfComplete()) {
            whenEnded.run();
        }
    }

    @Override
    public void completed(IocpIoOps ops) {
        flushed(flush.error());
    }

    private void returned(int result) {
        blocking = null;
        // Whether the call had to wait cannot be told, so that the peer must be there now.
        asking = !peer.ask();
        flushed(result);
    }

    /** How the last one ended: 0 if the peer has read everything. */
    int error() {
        return error;
    }

    /** Asks to cancel. It ends with {@code ERROR_OPERATION_ABORTED}, or as it would have. */
    void cancel() {
        peer.cancel();
        if (flush.isOutstanding()) {
            channel.cancel(flush);
        } else if (blocking != null) {
            blocking.stop();
            blocking = null;
            flushed(WinError.ERROR_OPERATION_ABORTED);
        } else if (flushed) {
            error = WinError.ERROR_OPERATION_ABORTED;
        }
    }
}
