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

import io.nettypipe.win32.WinError;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The outstanding listens of an event loop. They end without a packet: the status block changes, and an asynchronous
 * procedure call wakes the loop. So the blocks are looked at, which are few, each time the loop comes round.
 */
final class ListenQueue {
    private final List<IocpIoOps> outstanding = new ArrayList<>();
    private final ArrayDeque<IocpIoOps> ended = new ArrayDeque<>();

    void add(IocpIoOps ops) {
        outstanding.add(ops);
    }

    boolean isEmpty() {
        return outstanding.isEmpty() && ended.isEmpty();
    }

    /** Whether one ended that was not answered yet. */
    boolean hasEnded() {
        collectEnded();
        return !ended.isEmpty();
    }

    /** Moves those whose status changed to where {@link #pollEnded()} finds them. */
    void collectEnded() {
        for (int i = outstanding.size() - 1; i >= 0; i--) {
            IocpIoOps ops = outstanding.get(i);
            if (OverlappedSlab.status(ops) != WinError.STATUS_PENDING) {
                IocpIoOps last = outstanding.remove(outstanding.size() - 1);
                if (last != ops) {
                    outstanding.set(i, last);
                }
                ended.add(ops);
            }
        }
    }

    /** One that ended and was not answered yet, or {@code null}. */
    IocpIoOps pollEnded() {
        return ended.poll();
    }
}
