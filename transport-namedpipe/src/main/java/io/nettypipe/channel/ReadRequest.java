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

import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/** A {@code read()} that is still to be answered. The event loop, unless said otherwise. */
final class ReadRequest {
    private static final AtomicLongFieldUpdater<ReadRequest> ASKED =
            AtomicLongFieldUpdater.newUpdater(ReadRequest.class, "asked");
    private static final AtomicLongFieldUpdater<ReadRequest> TAKEN_BACK =
            AtomicLongFieldUpdater.newUpdater(ReadRequest.class, "takenBack");

    private boolean pending;
    /** How often it was called. */
    private volatile long asked;
    /** How often it had been called when it was last taken back. */
    private volatile long takenBack;

    boolean isPending() {
        return pending && asked != takenBack;
    }

    /** {@code read()} is called. */
    void ask() {
        // Written here only, so that no fence is needed.
        ASKED.lazySet(this, asked + 1);
        pending = true;
    }

    /** It is answered. */
    void clear() {
        pending = false;
    }

    /**
     * {@code setAutoRead(false)}: what comes from now on is held until the next {@code read()}. One that another thread
     * called, and that the event loop has not come to, is such a next one. Any thread.
     */
    void takeBack() {
        TAKEN_BACK.accumulateAndGet(this, asked, Math::max);
    }
}
