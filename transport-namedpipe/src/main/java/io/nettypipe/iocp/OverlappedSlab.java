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

import io.netty.util.collection.LongObjectHashMap;
import io.nettypipe.win32.NativeMemory;
import io.nettypipe.win32.Win32Error;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The OVERLAPPED records of one event loop. Taking one, finding the operation that one belongs to, and giving it back
 * are O(1) and allocate nothing, once as many records exist as are in use at a time.
 * <p>
 * A record has room for {@value #GENERATIONS} OVERLAPPEDs side by side and each use of it takes the next of them. The
 * address that a completion carries thus tells which use it is of, and a completion of an earlier one finds nothing.
 */
final class OverlappedSlab implements AutoCloseable {
    static final int GENERATIONS = 4;
    private static final int OVERLAPPED_SIZE = 32;
    private static final int RECORD_SIZE = GENERATIONS * OVERLAPPED_SIZE;
    private static final int CHUNK_SHIFT = 14;
    private static final int CHUNK_SIZE = 1 << CHUNK_SHIFT;
    private static final int CHUNK_RECORDS = CHUNK_SIZE / RECORD_SIZE;
    private static final int INTERNAL = 0;
    private static final int INTERNAL_HIGH = 8;

    private final LongObjectHashMap<Chunk> chunksByAddress = new LongObjectHashMap<>();
    private final List<Chunk> chunks = new ArrayList<>();
    private int[] free = new int[0];
    private int freeCount;

    /** Gives the operation a zeroed OVERLAPPED, and makes it findable by that one's address. */
    void acquire(IocpIoOps ops) {
        if (freeCount == 0) {
            grow();
        }
        int id = free[--freeCount];
        Chunk chunk = chunks.get(id / CHUNK_RECORDS);
        int record = id % CHUNK_RECORDS;
        int offset = record * RECORD_SIZE + chunk.generations[record] * OVERLAPPED_SIZE;
        // The rest of it, offset and event, is zero, and nobody writes there.
        chunk.view.putLong(offset + INTERNAL, 0);
        chunk.view.putLong(offset + INTERNAL_HIGH, 0);
        chunk.users[record] = ops;
        ops.chunk = chunk;
        ops.record = record;
        ops.overlapped = chunk.memory.address() + offset;
    }

    /** Takes the OVERLAPPED back. The system must not own it. */
    void release(IocpIoOps ops) {
        Chunk chunk = ops.chunk;
        int record = ops.record;
        chunk.users[record] = null;
        chunk.generations[record] = (byte) ((chunk.generations[record] + 1) % GENERATIONS);
        free[freeCount++] = chunk.index * CHUNK_RECORDS + record;
        ops.chunk = null;
        ops.overlapped = 0;
    }

    /** The operation that an OVERLAPPED was given to, or {@code null} if that use of it is over. */
    IocpIoOps find(long overlapped) {
        Chunk chunk = chunksByAddress.get(overlapped >>> CHUNK_SHIFT);
        if (chunk == null) {
            return null;
        }
        IocpIoOps ops = chunk.users[(int) (overlapped & CHUNK_SIZE - 1) / RECORD_SIZE];
        return ops != null && ops.overlapped == overlapped ? ops : null;
    }

    /** How many are given out. */
    int inUse() {
        return chunks.size() * CHUNK_RECORDS - freeCount;
    }

    /** {@code Internal}: the NTSTATUS. */
    static int status(IocpIoOps ops) {
        return ops.chunk.view.getInt(offset(ops) + INTERNAL);
    }

    /** {@code InternalHigh}: the count of bytes. */
    static int bytesTransferred(IocpIoOps ops) {
        return ops.chunk.view.getInt(offset(ops) + INTERNAL_HIGH);
    }

    /** Marks the status block as not ended; calls of {@code kernel32} do that themselves, of {@code ntdll} not. */
    static void markPending(IocpIoOps ops) {
        ops.chunk.view.putInt(offset(ops) + INTERNAL, Win32Error.STATUS_PENDING);
    }

    private static int offset(IocpIoOps ops) {
        return (int) (ops.overlapped - ops.chunk.memory.address());
    }

    private void grow() {
        Chunk chunk = new Chunk(chunks.size());
        chunks.add(chunk);
        chunksByAddress.put(chunk.memory.address() >>> CHUNK_SHIFT, chunk);
        int records = chunks.size() * CHUNK_RECORDS;
        if (free.length < records) {
            // Twice as long, because what is copied for each record would otherwise grow with their number.
            free = Arrays.copyOf(free, 2 * records);
        }
        for (int record = CHUNK_RECORDS - 1; record >= 0; record--) {
            free[freeCount++] = chunk.index * CHUNK_RECORDS + record;
        }
    }

    /** Frees the memory; nothing may be in use. */
    @Override
    public void close() {
        if (inUse() != 0) {
            throw new IllegalStateException(inUse() + " operations are outstanding");
        }
        chunks.forEach(chunk -> chunk.memory.close());
        chunks.clear();
        chunksByAddress.clear();
        freeCount = 0;
    }

    /** Records that share an aligned block, so that a record's address names its block. */
    static final class Chunk {
        final int index;
        final NativeMemory memory = new NativeMemory(CHUNK_SIZE, CHUNK_SIZE);
        final ByteBuffer view = memory.view();
        final IocpIoOps[] users = new IocpIoOps[CHUNK_RECORDS];
        final byte[] generations = new byte[CHUNK_RECORDS];

        Chunk(int index) {
            this.index = index;
        }
    }
}
