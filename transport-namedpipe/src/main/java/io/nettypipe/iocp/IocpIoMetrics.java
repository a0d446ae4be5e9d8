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
package io.nettypipe.iocp;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What one event loop's completion port has done and has to do. The event loop counts as it goes, without a lock and
 * without an atomic operation; each getter may be called by any thread, sees its count a moment late at worst, and says
 * nothing of how it relates to the others. {@link IocpIoHandlerFactory#metrics()} has those of all loops.
 */
public final class IocpIoMetrics {
    private enum Count { REGISTERED, OUTSTANDING, SUBMITTED, DEQUEUES, PACKETS, READ, WRITTEN }

    private final AtomicLongArray counts = new AtomicLongArray(Count.values().length);

    IocpIoMetrics() {
    }

    /** How many handles are registered now: a channel's, also one that is closed and still delivers. */
    public long registeredHandles() {
        return get(Count.REGISTERED);
    }

    /** How many operations the system has now. */
    public long outstandingOperations() {
        return get(Count.OUTSTANDING);
    }

    /** How many operations were given to the system, whether they ended at once or later, well or not. */
    public long submittedOperations() {
        return get(Count.SUBMITTED);
    }

    /** How many times {@code GetQueuedCompletionStatusEx} was called. */
    public long dequeues() {
        return get(Count.DEQUEUES);
    }

    /** How many completion packets those calls brought, those that only wake the loop included. */
    public long packets() {
        return get(Count.PACKETS);
    }

    /** How many bytes all {@code ReadFile} read. */
    public long bytesRead() {
        return get(Count.READ);
    }

    /** How many bytes all {@code WriteFile} wrote. */
    public long bytesWritten() {
        return get(Count.WRITTEN);
    }

    void registered(int more) {
        add(Count.REGISTERED, more);
    }

    void outstanding(int more) {
        add(Count.OUTSTANDING, more);
    }

    void submitted() {
        add(Count.SUBMITTED, 1);
    }

    void dequeued(int packets) {
        add(Count.DEQUEUES, 1);
        add(Count.PACKETS, packets);
    }

    void moved(IocpIoOps ops) {
        if (ops.kind == IocpIoOps.Kind.READ) {
            add(Count.READ, ops.bytesTransferred());
        } else if (ops.kind == IocpIoOps.Kind.WRITE) {
            add(Count.WRITTEN, ops.bytesTransferred());
        }
    }

    private long get(Count count) {
        return counts.getOpaque(count.ordinal());
    }

    /** By the event loop only, so that nothing is lost between the two. */
    private void add(Count count, long more) {
        counts.setOpaque(count.ordinal(), counts.getPlain(count.ordinal()) + more);
    }

    @Override
    public String toString() {
        StringBuilder all = new StringBuilder("IocpIoMetrics(");
        for (Count count : Count.values()) {
            all.append(count.ordinal() == 0 ? "" : ", ").append(count.name().toLowerCase(Locale.ROOT))
                    .append(": ").append(get(count));
        }
        return all.append(')').toString();
    }
}
