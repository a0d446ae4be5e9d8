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
package io.nettypipe.microbench;

import io.netty.util.internal.PlatformDependent;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.Win32Error;
import io.nettypipe.win32.Win32Identity;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A system that costs nothing, so that what is measured is the transport: a peer has always just sent a message, and
 * whatever is written is taken at once. A read of it stays outstanding until the next dequeue, as with a real peer that
 * answers what it got. For one thread, and only for what benchmarks do with it.
 */
final class InstantWin32 implements Win32 {
    private static final int ENTRY_SIZE = 32;
    private static final int INTERNAL_HIGH = 8;
    private static final int HANDLES = 1 << 15;
    private static final int STEP = 4;
    private static final int STATUS_BLOCK_SIZE = 16;
    private static final int READ_DATA_AVAILABLE = 20;
    private static final int STATUS_CANCELLED = 0xC0000120;
    /** In place of a length. */
    private static final int CANCELLED = -1;

    private final int messageSize;
    private final int packetsPerDequeue;
    /** How many clients come to the instances that listen. */
    private int clientsToCome;
    private int lastHandle;
    private final int[] free = new int[HANDLES];
    private int freeCount;
    private final long[] keys = new long[HANDLES];
    /** What is left of a message that was read in part. */
    private final int[] left = new int[HANDLES];
    private final long[] pending = new long[HANDLES];
    private final int[] pendingHandles = new int[HANDLES];
    private final int[] pendingLengths = new int[HANDLES];
    private int first;
    private int end;
    private long written;
    private int toBeSilent;
    /** Of which the peer says nothing; and the read of each that waits for it. */
    private final boolean[] silent = new boolean[HANDLES];
    private final long[] waiting = new long[HANDLES];
    private int waitingCount;
    private final Map<Long, Listen> listening = new LinkedHashMap<>();
    private final List<Listen> calls = new ArrayList<>();

    /**
     * Prepares.
     *
     * @param messageSize       how many bytes the peer sends at a time
     * @param packetsPerDequeue how many packets a dequeue brings at most
     * @param clients           how many clients come
     */
    InstantWin32(int messageSize, int packetsPerDequeue, int clients) {
        this.messageSize = messageSize;
        this.packetsPerDequeue = packetsPerDequeue;
        clientsToCome = clients;
    }

    /** How many bytes were written. */
    long written() {
        return written;
    }

    /** So many of the clients say nothing, the first that come. */
    void silent(int clients) {
        toBeSilent = clients;
    }

    /** How many reads wait for one of those. */
    int waiting() {
        return waitingCount;
    }

    /** Whether all clients have come of whom one speaks, and so many instances listen. */
    boolean isIdle(int clients, int instances) {
        return waitingCount == clients - 1 && end > 0 && listening.size() == instances;
    }

    /** A client more comes, to an instance that listens or to the next one that will. */
    void come() {
        if (listening.isEmpty()) {
            clientsToCome++;
            return;
        }
        Iterator<Listen> listens = listening.values().iterator();
        end(listens.next(), Win32Error.STATUS_SUCCESS);
        listens.remove();
    }

    /** Its call is made by the next wait that finds nothing else. */
    private void end(Listen listen, int status) {
        PlatformDependent.putInt(listen.statusBlock, status);
        calls.add(listen);
    }

    private long open() {
        return (long) STEP * (freeCount > 0 ? free[--freeCount] : ++lastHandle);
    }

    private static int index(long handle) {
        return (int) handle / STEP;
    }

    @Override
    public long createCompletionPort() {
        return open();
    }

    @Override
    public int associate(long handle, long port, long key) {
        keys[index(handle)] = key;
        return Win32Error.ERROR_SUCCESS;
    }

    @Override
    public int dissociate(long handle, long scratch) {
        return Win32Error.ERROR_SUCCESS;
    }

    @Override
    public int getQueuedCompletionStatusEx(long port, long entries, int capacity, long removed, int timeoutMillis) {
        int count = Math.min(Math.min(capacity, packetsPerDequeue), end - first);
        for (int i = 0; i < count; i++) {
            int slot = first++ & HANDLES - 1;
            int pipe = pendingHandles[slot];
            if (pendingLengths[slot] == CANCELLED) {
                PlatformDependent.putInt(pending[slot], STATUS_CANCELLED);
                put(entries, i, pipe, pending[slot]);
                continue;
            }
            int there = left[pipe] > 0 ? left[pipe] : messageSize;
            int bytes = Math.min(there, pendingLengths[slot]);
            left[pipe] = there - bytes;
            PlatformDependent.putInt(pending[slot], left[pipe] > 0 ? Win32Error.STATUS_BUFFER_OVERFLOW
                    : Win32Error.STATUS_SUCCESS);
            PlatformDependent.putInt(pending[slot] + INTERNAL_HIGH, bytes);
            put(entries, i, pipe, pending[slot]);
        }
        PlatformDependent.putInt(removed, count);
        if (count == 0 && !calls.isEmpty()) {
            calls.forEach(listen -> PlatformDependent.putLong(listen.signal, 0));
            calls.clear();
            return Win32Error.WAIT_IO_COMPLETION;
        }
        return count > 0 ? Win32Error.ERROR_SUCCESS : Win32Error.WAIT_TIMEOUT;
    }

    private void put(long entries, int i, int pipe, long overlapped) {
        long entry = entries + (long) i * ENTRY_SIZE;
        PlatformDependent.putLong(entry, keys[pipe]);
        PlatformDependent.putLong(entry + Long.BYTES, overlapped);
    }

    @Override
    public int postQueuedCompletionStatus(long port, long key) {
        throw new UnsupportedOperationException("there is one thread only");
    }

    @Override
    public int closeHandle(long handle) {
        left[index(handle)] = 0;
        silent[index(handle)] = false;
        free[freeCount++] = index(handle);
        return Win32Error.ERROR_SUCCESS;
    }

    @Override
    public int readFile(long handle, long buffer, int length, long overlapped) {
        int pipe = index(handle);
        PlatformDependent.putInt(overlapped, Win32Error.STATUS_PENDING);
        if (silent[pipe]) {
            waiting[pipe] = overlapped;
            waitingCount++;
        } else {
            queue(pipe, overlapped, length);
        }
        return Win32Error.ERROR_IO_PENDING;
    }

    private void queue(int pipe, long overlapped, int length) {
        int slot = end++ & HANDLES - 1;
        pending[slot] = overlapped;
        pendingHandles[slot] = pipe;
        pendingLengths[slot] = length;
    }

    @Override
    public int writeFile(long handle, long buffer, int length, long overlapped) {
        written += length;
        PlatformDependent.putInt(overlapped + INTERNAL_HIGH, length);
        return Win32Error.ERROR_SUCCESS;
    }

    @Override
    public int fsControlFile(long handle, int controlCode, long input, int inputLength, long overlapped) {
        return Win32Error.ERROR_SUCCESS;
    }

    @Override
    public int listen(long handle, long statusBlock, long listenSignal) {
        if (clientsToCome > 0) {
            clientsToCome--;
            silent[index(handle)] = toBeSilent-- > 0;
            return Win32Error.ERROR_PIPE_CONNECTED;
        }
        listening.put(statusBlock, new Listen(statusBlock, listenSignal));
        return Win32Error.ERROR_IO_PENDING;
    }

    /** A read for which there is data ends by the next dequeue anyway. */
    @Override
    public int cancelIoEx(long handle, long overlapped) {
        int pipe = index(handle);
        if (silent[pipe] && waiting[pipe] == overlapped) {
            waiting[pipe] = 0;
            waitingCount--;
            queue(pipe, overlapped, CANCELLED);
            return Win32Error.ERROR_SUCCESS;
        }
        Listen cancelled = listening.remove(overlapped);
        if (cancelled != null) {
            end(cancelled, STATUS_CANCELLED);
        }
        return Win32Error.ERROR_SUCCESS;
    }

    @Override
    public long createNamedPipe(long name, int openMode, int pipeMode, int maxInstances, int outBufferSize,
                                int inBufferSize, long securityAttributes) {
        return open();
    }

    @Override
    public long holdNamedPipe(long name, int openMode, int pipeMode, int maxInstances, int outBufferSize,
                              int inBufferSize, long securityAttributes) {
        return open();
    }

    @Override
    public long createFile(long name, int access, int flags) {
        return open();
    }

    @Override
    public int setNamedPipeHandleState(long handle, long mode) {
        return Win32Error.ERROR_SUCCESS;
    }

    @Override
    public int getNamedPipeInfo(long handle, long flags) {
        PlatformDependent.putInt(flags, 0);
        return Win32Error.ERROR_SUCCESS;
    }

    @Override
    public int disconnectNamedPipe(long handle) {
        return Win32Error.ERROR_SUCCESS;
    }

    /** {@code FILE_PIPE_LOCAL_INFORMATION} only: how much is left of what was read in part. */
    @Override
    public int queryInformationFile(long handle, int informationClass, long scratch, int length) {
        PlatformDependent.setMemory(scratch, STATUS_BLOCK_SIZE + length, (byte) 0);
        PlatformDependent.putInt(scratch + STATUS_BLOCK_SIZE + READ_DATA_AVAILABLE, left[index(handle)]);
        return Win32Error.ERROR_SUCCESS;
    }

    @Override
    public int waitNamedPipe(long name, int timeoutMillis) {
        return Win32Error.ERROR_SUCCESS;
    }

    @Override
    public int errorOf(int ntStatus) {
        return ntStatus == STATUS_CANCELLED ? Win32Error.ERROR_OPERATION_ABORTED : ntStatus;
    }

    /** Off the path of anything that is measured. */
    @Override
    public Win32Identity identity() {
        return (Win32Identity) Proxy.newProxyInstance(Win32Identity.class.getClassLoader(),
                new Class<?>[] {Win32Identity.class}, (proxy, method, arguments) -> {
                    Class<?> answer = method.getReturnType();
                    return answer == String.class ? "S-1-5-21-1" : answer == byte[].class ? new byte[64]
                            : answer == List.class ? List.of() : answer == long.class ? (Object) 0L : (Object) 0;
                });
    }

    private record Listen(long statusBlock, long signal) { }
}
