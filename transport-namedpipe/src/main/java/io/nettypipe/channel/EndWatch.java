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

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Looks from time to time whether the peer of an end that only writes is still there. An end that reads is told by its
 * pending read; there is nothing that such an end could leave with the system to be told.
 */
final class EndWatch {
    private static final long INTERVAL_MILLIS = 1000;

    private final NamedPipeChannel channel;
    private final BooleanSupplier wanted;
    private final PeerPresence peer;
    private Future<?> next;

    /**
     * Prepares.
     *
     * @param wanted whether to look again
     */
    EndWatch(NamedPipeChannel channel, BooleanSupplier wanted) {
        this.channel = channel;
        this.wanted = wanted;
        peer = new PeerPresence(channel, this::answered);
    }

    /** Looks, never from inside its caller, and then from time to time. */
    void start() {
        if (next == null) {
            next = channel.eventLoop().schedule(this::look, 0, TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        next = null;
        if (isWanted() && peer.ask()) {
            answered();
        }
    }

    private boolean isWanted() {
        return wanted.getAsBoolean() && channel.isActive() && channel.canSubmit();
    }

    private void answered() {
        if (!isWanted()) {
            return;
        }
        if (peer.answer() == PeerPresence.Answer.GONE) {
            channel.unsafe().close(channel.unsafe().voidPromise());
        } else if (next == null) {
            next = channel.eventLoop().schedule(this::look, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Stops until the next {@link #start()}. */
    void cancel() {
        if (next != null) {
            next.cancel(false);
            next = null;
        }
        peer.cancel();
    }
}
