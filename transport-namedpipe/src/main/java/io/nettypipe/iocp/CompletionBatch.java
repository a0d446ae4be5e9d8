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

/** The packets that one {@code GetQueuedCompletionStatusEx} took from the port: an array of OVERLAPPED_ENTRY. */
final class CompletionBatch implements AutoCloseable {
    private static final int ENTRY_SIZE = 32;
    private static final int KEY = 0;
    private static final int OVERLAPPED = 8;

    private final int capacity;
    private final NativeMemory memory;
    private final ByteBuffer view;

    CompletionBatch(int capacity) {
        this.capacity = capacity;
        memory = new NativeMemory((capacity + 1) * ENTRY_SIZE, ENTRY_SIZE);
        view = memory.view();
    }

    /**
     * Takes what is there.
     *
     * @param timeoutMillis how long to wait for a first packet, {@code -1} for ever
     * @return the number of packets, or the negated error
     */
    int dequeue(Win32 win32, long port, int timeoutMillis) {
        int countOffset = capacity * ENTRY_SIZE;
        int error = win32.getQueuedCompletionStatusEx(port, memory.address(), capacity,
                memory.address() + countOffset, timeoutMillis);
        // The count may have changed on failure as well, so it is looked at on success only.
        return error == Win32Error.ERROR_SUCCESS ? view.getInt(countOffset) : -error;
    }

    long key(int i) {
        return view.getLong(i * ENTRY_SIZE + KEY);
    }

    long overlapped(int i) {
        return view.getLong(i * ENTRY_SIZE + OVERLAPPED);
    }

    @Override
    public void close() {
        memory.close();
    }
}
