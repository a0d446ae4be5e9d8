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

import io.nettypipe.win32.NativeMemory;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.Win32Error;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The outstanding listens of an event loop. They end without a packet: the status block changes, and an asynchronous
 * procedure call ({@link Win32#listen}), which the next alertable wait of the thread takes, clears a signal.
 * <p>
 * Before the loop blocks it needs to look at the signal only: a listen that ended and whose call was not taken ends the
 * wait. But as long as a wait finds packets it takes no call, so that each turn looks at one of the blocks as well, and
 * a loop that is never idle comes round to all of them.
 * <p>
 * The memory of a signal is never freed. A listen may be seen to have ended before its call is made, and then its event
 * loop may end before, too; so what one leaves is another's, who looks once for nothing if it is cleared late.
 */
final class ListenQueue implements AutoCloseable {
    /** What {@code InitializeSListHead} takes: its size and its alignment. */
    private static final int SIGNAL_SIZE = 16;
    private static final long UNTOUCHED = -1;
    /** All there are, so that none is collected with a handler that nobody destroyed. */
    private static final Queue<ByteBuffer> MADE = new ConcurrentLinkedQueue<>();
    private static final Queue<ByteBuffer> LEFT = new ConcurrentLinkedQueue<>();

    private final List<IocpIoOps> outstanding = new ArrayList<>();
    private final ArrayDeque<IocpIoOps> ended = new ArrayDeque<>();
    private final ByteBuffer signal;
    private final long signalAddress;
    private int next;

    ListenQueue() {
        ByteBuffer left = LEFT.poll();
        signal = left != null ? left : make();
        signalAddress = NativeMemory.address(signal);
        signal.putLong(0, UNTOUCHED);
    }

    private static ByteBuffer make() {
        ByteBuffer made = ByteBuffer.allocateDirect(2 * SIGNAL_SIZE).alignedSlice(SIGNAL_SIZE);
        MADE.add(made);
        return made;
    }

    /** Where {@code Win32.listen} is to tell. */
    long signal() {
        return signalAddress;
    }

    void add(IocpIoOps ops) {
        outstanding.add(ops);
    }

    /** Whether a call was made since the last time. */
    private boolean takeSignal() {
        if (signal.getLong(0) == UNTOUCHED) {
            return false;
        }
        signal.putLong(0, UNTOUCHED);
        return true;
    }

    /** Whether one ended that was not answered yet, as far as a wait of the thread would not find out. */
    boolean hasEnded() {
        if (takeSignal()) {
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
        if (!outstanding.isEmpty() && (takeSignal() || hasEnded(nextInTurn()))) {
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
        LEFT.add(signal);
    }
}
