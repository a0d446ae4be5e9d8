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
package io.nettypipe.win32.model;

import io.nettypipe.win32.PipeFlags;
import io.nettypipe.win32.Win32Error;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An end of an instance: what its peer wrote to it, and its reads that wait for more. */
final class PipeEnd extends KernelObject {
    private static final int PIPE_SERVER_END = 1;

    final PipeInstance instance;
    private final Kernel kernel;
    private final boolean server;
    private final int access;
    /** How many bytes that this end has not read its peer may write without waiting. */
    private final int quota;
    private boolean readsMessages;
    /** The instance went on without this client's end. */
    private boolean detached;
    /** Opened without FILE_FLAG_OVERLAPPED. The model does no I/O on such a handle. */
    boolean synchronous;
    /** Who opened it, at the level that it allows its peer. */
    ModelToken opener;
    /** Whether the system notes who opened it at once, rather than with each of its writes. */
    boolean staysWhoItWas;
    /** Whether anything was read from the peer. */
    boolean everRead;
    private final ArrayDeque<Chunk> incoming = new ArrayDeque<>();
    private final ArrayDeque<Operation> reads = new ArrayDeque<>();
    /** The peer's flushes, which wait until this end has read, and the last write that each waits for. */
    private final Map<Operation, Chunk> flushes = new LinkedHashMap<>();

    PipeEnd(PipeInstance instance, boolean server, int access, int quota, boolean readsMessages, long handle) {
        super(handle);
        this.instance = instance;
        this.kernel = instance.kernel;
        this.server = server;
        this.access = access;
        this.quota = quota;
        this.readsMessages = readsMessages;
    }

    @Override
    String name() {
        return (server ? "server's" : "client's") + " end of " + instance.pipe;
    }

    /** The server disconnected this client's end, which has nothing to do with the instance from now on. */
    void detach() {
        detached = true;
        discard(NtStatus.PIPE_DISCONNECTED);
    }

    boolean isDetached() {
        return detached;
    }

    private PipeInstance.State state() {
        return detached ? PipeInstance.State.DISCONNECTED : instance.state;
    }

    int access() {
        return access;
    }

    boolean readsMessages() {
        return readsMessages;
    }

    /** Whether its handle has all these rights. */
    boolean grants(int rights) {
        return (access & rights) == rights;
    }

    int setReadMode(int mode) {
        if ((mode & ~PipeFlags.PIPE_READMODE_MESSAGE) != 0) {
            throw new IllegalArgumentException("the model knows no pipe mode 0x" + Integer.toHexString(mode));
        }
        boolean message = mode == PipeFlags.PIPE_READMODE_MESSAGE;
        if (message && !instance.pipe.messageType) {
            return Win32Error.ERROR_INVALID_PARAMETER;
        }
        readsMessages = message;
        return Win32Error.ERROR_SUCCESS;
    }

    int info() {
        return (server ? PIPE_SERVER_END : 0) | (instance.pipe.messageType ? PipeFlags.PIPE_TYPE_MESSAGE : 0);
    }

    /** A FILE_PIPE_LOCAL_INFORMATION. */
    int[] localInformation() {
        PipeEnd peer = instance.peer(this);
        int writable = peer == null ? instance.outQuota : peer.quotaLeft();
        return new int[] {instance.pipe.messageType ? 1 : 0, instance.configuration(), instance.pipe.maxInstances,
            instance.pipe.count(), instance.server.quota, allUnread(), instance.outQuota,
            kernel.personality.tellsWriteQuota() ? writable : 0, instance.stateNumber(), server ? 1 : 0};
    }

    /** How many bytes the peer may write without waiting. A read that waits has taken its share. */
    private int quotaLeft() {
        long taken = allUnread();
        for (Operation read : reads) {
            taken += read.length;
        }
        return (int) Math.max(quota - taken, 0);
    }

    private int allUnread() {
        int unread = 0;
        for (Chunk chunk : incoming) {
            unread += chunk.unread();
        }
        return unread;
    }

    private void requireOverlapped() {
        if (synchronous) {
            throw new IllegalStateException("the model does no I/O on a synchronous handle: " + this);
        }
    }

    void read(Operation op) {
        requireOverlapped();
        switch (state()) {
            case LISTENING:
                kernel.end(op, NtStatus.PIPE_LISTENING, 0);
                return;
            case DISCONNECTED:
                kernel.end(op, NtStatus.PIPE_DISCONNECTED, 0);
                return;
            case CLOSING:
                if (incoming.isEmpty()) {
                    kernel.end(op, NtStatus.PIPE_BROKEN, 0);
                    return;
                }
                break;
            default:
        }
        boolean emptyMessage = !incoming.isEmpty() && incoming.peek().unread() == 0;
        if (op.length == 0 && emptyMessage && kernel.personality.leavesEmptyMessages()) {
            kernel.end(op, NtStatus.SUCCESS, 0);
            return;
        }
        reads.add(op);
        move();
    }

    void write(Operation op) {
        requireOverlapped();
        switch (state()) {
            case LISTENING:
                kernel.end(op, NtStatus.PIPE_LISTENING, 0);
                return;
            case DISCONNECTED:
                kernel.end(op, NtStatus.PIPE_DISCONNECTED, 0);
                return;
            case CLOSING:
                kernel.end(op, NtStatus.PIPE_CLOSING, 0);
                return;
            default:
        }
        if (op.length == 0 && !instance.pipe.messageType) {
            kernel.end(op, NtStatus.SUCCESS, 0);
            return;
        }
        PipeEnd reader = instance.peer(this);
        reader.incoming.add(new Chunk(op));
        reader.move();
    }

    /**
     * Waits until the peer has read what is there. As public descriptions of the pipe driver have it (ReactOS'
     * {@code NpCommonFlushBuffers}), the flush is an entry of the queue of writes that ends when it is the first; with
     * no writes in the queue it succeeds in any state, also if the peer has left.
     */
    void flush(Operation op) {
        if (detached) {
            kernel.end(op, NtStatus.PIPE_DISCONNECTED, 0);
            return;
        }
        PipeEnd reader = instance.peer(this);
        if (instance.state != PipeInstance.State.CONNECTED && !kernel.personality.flushesByItself()) {
            kernel.end(op, NtStatus.PIPE_BROKEN, 0);
        } else if (reader == null || reader.incoming.isEmpty()) {
            kernel.end(op, NtStatus.SUCCESS, 0);
        } else {
            reader.flushes.put(op, reader.incoming.peekLast());
        }
    }

    private void endFlushes() {
        boolean all = kernel.personality.flushWaitsForLaterWrites();
        for (Map.Entry<Operation, Chunk> flush : new ArrayList<>(flushes.entrySet())) {
            if (all ? incoming.isEmpty() : !incoming.contains(flush.getValue())) {
                flushes.remove(flush.getKey());
                kernel.end(flush.getKey(), NtStatus.SUCCESS, 0);
            }
        }
    }

    /** Serves the reads from what is there, and ends the writes that the quota has room for. */
    private void move() {
        while (!reads.isEmpty() && !incoming.isEmpty()) {
            serve(reads.poll());
        }
        long unread = 0;
        for (Chunk chunk : incoming) {
            unread += chunk.unread();
            if (unread <= quota || chunk.op.length == 0) {
                chunk.endWrite();
            }
        }
        endFlushes();
    }

    private void serve(Operation read) {
        everRead = true;
        byte[] result = new byte[(int) Math.min(read.length, unread())];
        int count = 0;
        int status = NtStatus.SUCCESS;
        do {
            Chunk chunk = incoming.peek();
            int n = Math.min(chunk.unread(), read.length - count);
            chunk.take(n, result, count);
            count += n;
            if (chunk.unread() == 0) {
                incoming.poll();
                chunk.endWrite();
            } else if (readsMessages) {
                status = NtStatus.BUFFER_OVERFLOW;
            }
        } while (!readsMessages && count < read.length && (unread() > 0
                || !incoming.isEmpty() && kernel.personality.bytesHideAnEmptyMessage()));
        read.result = count == result.length ? result : Arrays.copyOf(result, count);
        kernel.end(read, status, count);
    }

    private long unread() {
        long unread = 0;
        for (Chunk chunk : incoming) {
            unread += chunk.unread();
            if (readsMessages) {
                break;
            }
        }
        return unread;
    }

    void failReads(int status) {
        List<Operation> failed = new ArrayList<>(reads);
        reads.clear();
        failed.forEach(op -> kernel.end(op, status, 0));
    }

    /** Forgets what the peer wrote; its pending writes fail. */
    void dropIncoming(int status) {
        List<Chunk> dropped = new ArrayList<>(incoming);
        incoming.clear();
        dropped.forEach(chunk -> chunk.failWrite(status));
        List<Operation> waiting = new ArrayList<>(flushes.keySet());
        flushes.clear();
        waiting.forEach(op -> kernel.end(op, status, 0));
    }

    void discard(int status) {
        failReads(status);
        dropIncoming(status);
    }

    @Override
    void abort(Operation op, int status) {
        if (op.kind == Operation.Kind.LISTEN || op.kind == Operation.Kind.CONNECT) {
            instance.abortListen(op, status);
        } else if (op.kind == Operation.Kind.READ) {
            reads.remove(op);
            kernel.end(op, status, 0);
        } else if (op.kind == Operation.Kind.FLUSH) {
            instance.peer(this).flushes.remove(op);
            kernel.end(op, status, 0);
        } else {
            abortWrite(op, status);
        }
    }

    private void abortWrite(Operation op, int status) {
        PipeEnd reader = instance.peer(this);
        for (Iterator<Chunk> i = reader.incoming.iterator(); i.hasNext();) {
            Chunk chunk = i.next();
            if (chunk.op == op) {
                i.remove();
                chunk.failWrite(status);
                break;
            }
        }
        reader.move();
    }

    @Override
    void close() {
        if (!detached) {
            instance.endClosed(this);
        }
    }

    /** What one write brought. */
    private final class Chunk {
        final Operation op;
        private int position;

        Chunk(Operation op) {
            this.op = op;
        }

        int unread() {
            return op.length - position;
        }

        void take(int count, byte[] target, int offset) {
            if (!op.ended) {
                kernel.memory.use(op, position, position + count);
            }
            System.arraycopy(op.content, position, target, offset, count);
            position += count;
        }

        void endWrite() {
            if (!op.ended) {
                kernel.memory.use(op, position, op.length);
                kernel.end(op, NtStatus.SUCCESS, op.length);
            }
        }

        void failWrite(int status) {
            if (!op.ended) {
                kernel.end(op, status, 0);
            }
        }
    }
}
