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

import io.nettypipe.win32.Win32Error;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The outstanding listens of an event loop. They end without a packet: the status block changes, and an asynchronous
 * procedure call, which the next alertable wait of the thread takes, clears the {@link ListenSignal}.
 * <p>
 * Before the loop blocks it needs to look at the signal only: a listen that ended and whose call was not taken ends the
 * wait. But as long as a wait finds packets it takes no call, so that each turn looks at one of the blocks as well, and
 * a loop that is never idle comes round to all of them.
 */
final class ListenQueue implements AutoCloseable {
    private final List<IocpIoOps> outstanding = new ArrayList<>();
    private final ArrayDeque<IocpIoOps> ended = new ArrayDeque<>();
    private final ListenSignal signal = new ListenSignal();
    private int next;

    /** Where {@code Win32.listen} is to tell. */
    long signal() {
        return signal.address();
    }

    void add(IocpIoOps ops) {
        outstanding.add(ops);
    }

    /** Whether one ended that was not answered yet, as far as a wait of the thread would not find out. */
    boolean hasEnded() {
        if (signal.take()) {
            collectEnded();
        }
        return !ended.isEmpty();
    }

    /** A wait of the loop itself took calls, whatever they were of: it needs no signal to know that. */
    void callsRan() {
        collectEnded();
    }

    /** One turn of the loop: moves those that have ended to where {@link #pollEnded()} finds them. */
    void look() {
        if (!outstanding.isEmpty() && (signal.take() || hasEnded(nextInTurn()))) {
            // One client seldom comes alone.
            collectEnded();
        }
    }

    private IocpIoOps nextInTurn() {
        next = next < outstanding.size() - 1 ? next + 1 : 0;
        return outstanding.get(next);
    }

    private static boolean hasEnded(IocpIoOps ops) {
        return OverlappedSlab.status(ops) != Win32Error.STATUS_PENDING;
    }

    private void collectEnded() {
        for (int i = outstanding.size() - 1; i >= 0; i--) {
            IocpIoOps ops = outstanding.get(i);
            if (hasEnded(ops)) {
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

    @Override
    public void close() {
        signal.close();
    }
}
