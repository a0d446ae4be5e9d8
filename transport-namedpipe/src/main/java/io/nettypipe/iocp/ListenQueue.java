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
 * procedure call ({@link Win32#listen}), which the next alertable wait of the thread takes, clears a signal. So many
 * share one that it tells where to look, and there are few to look at.
 * <p>
 * Before the loop blocks it needs to look at the signals only: a listen that ended and whose call was not taken ends
 * the wait. But as long as a wait finds packets it takes no call, so that each turn looks at one of the blocks as well,
 * and a loop that is never idle comes round to all of them.
 */
final class ListenQueue implements AutoCloseable {
    /** How many share a signal: as many as one server has at most. */
    private static final int SHARERS = 64;

    private final List<Group> groups = new ArrayList<>();
    private final ArrayDeque<Group> groupsWithRoom = new ArrayDeque<>();
    private final ArrayDeque<IocpIoOps> ended = new ArrayDeque<>();
    private int turn;

    /** Where {@code Win32.listen} is to tell of the listen that is {@linkplain #add added} next. */
    long signal() {
        if (groupsWithRoom.isEmpty()) {
            Group another = new Group();
            groups.add(another);
            groupsWithRoom.push(another);
        }
        return groupsWithRoom.peek().signal.address;
    }

    void add(IocpIoOps ops) {
        Group group = groupsWithRoom.peek();
        group.listens.add(ops);
        if (group.isFull()) {
            groupsWithRoom.pop();
        }
    }

    /** Whether one ended that was not answered yet, as far as a wait of the thread would not find out. */
    boolean hasEnded() {
        for (int i = 0; i < groups.size(); i++) {
            Group group = groups.get(i);
            if (group.signal.take()) {
                group.collectEnded();
            }
        }
        return !ended.isEmpty();
    }

    /** One turn of the loop: moves those that have ended to where {@link #pollEnded()} finds them. */
    void look() {
        if (!groups.isEmpty()) {
            turn = turn < groups.size() - 1 ? turn + 1 : 0;
            groups.get(turn).look();
        }
    }

    /** One that ended and was not answered yet, or {@code null}. */
    IocpIoOps pollEnded() {
        return ended.poll();
    }

    @Override
    public void close() {
        groups.forEach(group -> group.signal.close());
        groups.clear();
        groupsWithRoom.clear();
    }

    /** Those that share a signal. */
    private final class Group {
        final Signal signal = new Signal();
        final List<IocpIoOps> listens = new ArrayList<>();
        private int next;

        boolean isFull() {
            return listens.size() == SHARERS;
        }

        void look() {
            if (!listens.isEmpty() && (signal.take() || hasEnded(nextInTurn()))) {
                // One client seldom comes alone.
                collectEnded();
            }
        }

        private IocpIoOps nextInTurn() {
            next = next < listens.size() - 1 ? next + 1 : 0;
            return listens.get(next);
        }

        private boolean hasEnded(IocpIoOps ops) {
            return OverlappedSlab.status(ops) != Win32Error.STATUS_PENDING;
        }

        void collectEnded() {
            boolean wasFull = isFull();
            for (int i = listens.size() - 1; i >= 0; i--) {
                IocpIoOps ops = listens.get(i);
                if (hasEnded(ops)) {
                    IocpIoOps last = listens.remove(listens.size() - 1);
                    if (last != ops) {
                        listens.set(i, last);
                    }
                    ended.add(ops);
                }
            }
            if (wasFull && !isFull()) {
                groupsWithRoom.push(this);
            }
        }
    }

    /**
     * What the call of an ended listen clears. The memory is never freed. A listen may be seen to have ended before its
     * call is made, and then its event loop may end before, too; so what one leaves is another's, who looks once for
     * nothing if it is cleared late.
     */
    private static final class Signal {
        /** What {@code InitializeSListHead} takes: its size and its alignment. */
        private static final int SIZE = 16;
        private static final long UNTOUCHED = -1;
        /** All there are, so that none is collected with a handler that nobody destroyed. */
        private static final Queue<ByteBuffer> MADE = new ConcurrentLinkedQueue<>();
        private static final Queue<ByteBuffer> LEFT = new ConcurrentLinkedQueue<>();

        final long address;
        private final ByteBuffer memory;

        Signal() {
            ByteBuffer left = LEFT.poll();
            memory = left != null ? left : make();
            address = NativeMemory.address(memory);
            memory.putLong(0, UNTOUCHED);
        }

        private static ByteBuffer make() {
            ByteBuffer made = ByteBuffer.allocateDirect(2 * SIZE).alignedSlice(SIZE);
            MADE.add(made);
            return made;
        }

        /** Whether a call was made since the last time. */
        boolean take() {
            if (memory.getLong(0) == UNTOUCHED) {
                return false;
            }
            memory.putLong(0, UNTOUCHED);
            return true;
        }

        void close() {
            LEFT.add(memory);
        }
    }
}
