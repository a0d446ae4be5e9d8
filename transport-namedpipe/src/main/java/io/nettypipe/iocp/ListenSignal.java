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

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What an ended listen clears when the thread takes its asynchronous procedure call ({@link Win32#listen}).
 * <p>
 * The memory is never freed. A listen may be seen to have ended before its call is made, and then its event loop may
 * end before, too; so what one leaves is another's, who looks once for nothing if it is cleared late.
 */
final class ListenSignal implements AutoCloseable {
    /** What {@code InitializeSListHead} takes: its size and its alignment. */
    private static final int SIZE = 16;
    private static final long UNTOUCHED = -1;
    /** All there are, so that none is collected with a handler that nobody destroyed. */
    private static final Queue<ByteBuffer> MADE = new ConcurrentLinkedQueue<>();
    private static final Queue<ByteBuffer> LEFT = new ConcurrentLinkedQueue<>();

    private final ByteBuffer memory;
    private final long address;

    ListenSignal() {
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

    long address() {
        return address;
    }

    /** Whether a call was made since the last time. */
    boolean take() {
        if (memory.getLong(0) == UNTOUCHED) {
            return false;
        }
        memory.putLong(0, UNTOUCHED);
        return true;
    }

    @Override
    public void close() {
        LEFT.add(memory);
    }
}
