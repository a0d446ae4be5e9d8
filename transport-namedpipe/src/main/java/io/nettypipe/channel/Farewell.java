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

import io.netty.util.concurrent.Future;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.nettypipe.win32.Win32;

import java.util.concurrent.TimeUnit;

/**
 * What comes between the close of a connected channel and that of its handle: what was flushed is delivered for as long
 * as {@code SO_LINGER} says. If any of it is given up, the end is an abort, so that the peer does not take a cut stream
 * for a whole one.
 */
final class Farewell {
    private static final InternalLogger LOGGER = InternalLoggerFactory.getInstance(Farewell.class);

    private final NamedPipeChannel channel;
    private final WriteLoop writes;
    private Future<?> timeout;
    private boolean abort;

    Farewell(NamedPipeChannel channel, WriteLoop writes) {
        this.channel = channel;
        this.writes = writes;
    }

    /** The connected channel is about to close. */
    void begin() {
        int seconds = channel.config().getSoLinger();
        abort = seconds == 0;
        if (channel.file().registration() == null) {
            // Between two event loops nothing can be delivered.
            abort |= writes.isIncomplete();
            return;
        }
        if (abort) {
            writes.cancelAll();
            return;
        }
        try {
            writes.linger(channel.unsafe().outboundBuffer());
        } catch (Throwable t) {
            abort = true;
            LOGGER.warn("Not all that {} had flushed is delivered", channel, t);
        }
        if (writes.outstanding() > 0 || isLingering()) {
            startTimeout();
        }
    }

    /** Sees to it that the handle of the closed channel is not waited for in vain. */
    void startTimeout() {
        if (timeout == null) {
            timeout = channel.eventLoop().schedule(this::timedOut, channel.config().getSoLinger(), TimeUnit.SECONDS);
            lingers(1);
            LOGGER.debug("{} is closed, and its handle waits for the peer", channel);
        }
    }

    private void timedOut() {
        giveUp();
        channel.giveUpInstance();
        if (channel.state() == ChannelState.CLOSED) {
            channel.releaseIfDrained();
        }
    }

    /** Whether there is something that the system was not given yet. */
    boolean isLingering() {
        return !writes.lingering().isEmpty();
    }

    /** Asks to cancel what the system has not delivered, and forgets the rest. */
    void giveUp() {
        abort |= writes.outstanding() > 0 || isLingering();
        writes.cancelAll();
    }

    /** Whether the closed channel's end is an abort; final once nothing is outstanding and nothing lingers. */
    boolean aborts() {
        return abort || writes.lingering().isIncomplete();
    }

    /** Closes a handle that goes back to no server of ours. */
    void close(Win32 win32, long handle) {
        if (aborts()) {
            // An adopted end may be a server's. Of a client's the system refuses it: that can only be closed.
            win32.disconnectNamedPipe(handle);
        }
        win32.closeHandle(handle);
    }

    /** The handle is about to be closed. */
    void end() {
        if (timeout != null) {
            lingers(-1);
            timeout.cancel(false);
            timeout = null;
        }
        if (aborts()) {
            LOGGER.debug("{} ends as an abort", channel);
        }
    }

    private void lingers(int more) {
        if (channel.parent() != null) {
            channel.parent().metrics().lingering(more);
        }
    }
}
