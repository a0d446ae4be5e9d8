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
package io.nettypipe.win32;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Wine, which stands in for Windows, made to answer as Windows does where Wine 8 does not. What is made up for may take
 * more than the one call, and memory of the Java heap.
 */
final class StandInWin32 extends JnaWin32 {
    private static final int ERROR_PIPE_LISTENING = 536;
    private static final int STATUS_CANCELLED = 0xC0000120;
    private static final int STATUS_INSUFFICIENT_RESOURCES = 0xC000009A;
    private static final int STATUS_PIPE_BROKEN = 0xC000014B;
    private static final int STATUS_IO_TIMEOUT = 0xC00000B5;
    /** An OVERLAPPED_ENTRY, and where it names the OVERLAPPED. */
    private static final int ENTRY_SIZE = 32;
    private static final int ENTRY_OVERLAPPED = 8;
    /** What a wait is made in, 250 ms in units of 100 ns: how long one that is cancelled still takes. */
    private static final long WAIT_PIECE = 2_500_000;
    private static final int CONNECTED = 3;
    private static final int STATUS_BLOCK_SIZE = 32;
    /** A status block, and a FILE_PIPE_LOCAL_INFORMATION, which has the state behind 32 bytes. */
    private static final int ANSWER_SIZE = 16 + 40;
    private static final int STATE = 32;
    /** As many as wait at a time, since each blocks one. */
    private static final Executor HELPERS = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS,
            new SynchronousQueue<>(), new HelperThreadFactory("nettypipe-flush"));

    /** The ports that handles belong to. */
    private final Map<Long, Port> ports = new ConcurrentHashMap<>();
    /** The flushes that are outstanding, by the OVERLAPPED of each. */
    private final Map<Long, Flush> flushes = new ConcurrentHashMap<>();
    /** And the waits for a free instance. */
    private final Map<Long, Wait> waits = new ConcurrentHashMap<>();

    StandInWin32() {
        Native.register(Ntdll.class, "ntdll");
    }

    static boolean isHere() {
        try {
            NativeLibrary.getInstance("ntdll").getFunction("wine_get_version");
            return true;
        } catch (UnsatisfiedLinkError windows) {
            return false;
        }
    }

    @Override
    public long createNamedPipe(long name, int openMode, int pipeMode, int maxInstances, int outBufferSize,
                                int inBufferSize, long securityAttributes) {
        if ((openMode & PipeFlags.FILE_FLAG_FIRST_PIPE_INSTANCE) != 0 && exists(name)) {
            return -Win32Error.ERROR_ACCESS_DENIED;
        }
        return super.createNamedPipe(name, openMode, pipeMode, maxInstances, outBufferSize, inBufferSize,
                securityAttributes);
    }

    /** Wine does not know {@code FILE_CREATE}, so the name is asked for. This can be raced, which Windows' cannot. */
    private boolean exists(long name) {
        return waitNamedPipe(name, 1) != Win32Error.ERROR_FILE_NOT_FOUND;
    }

    /** Wine's begins listening, and cannot be disconnected before somebody was connected; so this connects to it. */
    @Override
    public long holdNamedPipe(long name, int openMode, int pipeMode, int maxInstances, int outBufferSize,
                              int inBufferSize, long securityAttributes) {
        if (exists(name)) {
            return -Win32Error.ERROR_ACCESS_DENIED;
        }
        // Wine takes any other type than 0 for messages, that which rejects other machines' clients included.
        long holder = super.holdNamedPipe(name, openMode, pipeMode & ~PipeFlags.PIPE_REJECT_REMOTE_CLIENTS,
                maxInstances, outBufferSize, inBufferSize, securityAttributes);
        if (holder < 0) {
            return holder;
        }
        long client = createFile(name, PipeFlags.FILE_READ_ATTRIBUTES, 0);
        // If that was refused, somebody else was faster, whom this disconnects.
        int error = disconnectNamedPipe(holder);
        if (client >= 0) {
            closeHandle(client);
        }
        if (error != Win32Error.ERROR_SUCCESS) {
            closeHandle(holder);
            return error == ERROR_PIPE_LISTENING && client < 0 ? client : -error;
        }
        return holder;
    }

    @Override
    public int associate(long handle, long port, long key) {
        int error = super.associate(handle, port, key);
        if (error == Win32Error.ERROR_SUCCESS) {
            ports.put(handle, new Port(port, key));
        }
        return error;
    }

    @Override
    public int closeHandle(long handle) {
        ports.remove(handle);
        return super.closeHandle(handle);
    }

    @Override
    public int fsControlFile(long handle, int controlCode, long input, int inputLength, long overlapped) {
        Port port = ports.get(handle);
        if (port != null && controlCode == PipeFlags.FSCTL_PIPE_FLUSH) {
            return flush(handle, port, overlapped);
        }
        if (port != null && controlCode == PipeFlags.FSCTL_PIPE_WAIT) {
            return await(handle, input, inputLength, overlapped);
        }
        return super.fsControlFile(handle, controlCode, input, inputLength, overlapped);
    }

    /**
     * Wine has no {@code FSCTL_PIPE_FLUSH}, but a {@code NtFlushBuffersFile} that blocks and that another thread can
     * cancel. So a helper thread makes that call, and queues the packet when it is over. It waits for what is written
     * later as well, and fails if the peer has left, because it cannot be told what it had read.
     */
    private int flush(long handle, Port port, long overlapped) {
        Flush flush = null;
        try {
            flush = new Flush(handle, port, overlapped);
            flushes.put(overlapped, flush);
            HELPERS.execute(flush);
            return Win32Error.ERROR_IO_PENDING;
        } catch (Throwable noMemoryOrThread) {
            flushes.remove(overlapped);
            if (flush != null) {
                flush.memory.close();
            }
            return Win32Error.ERROR_NO_SYSTEM_RESOURCES;
        }
    }

    /**
     * Wine 8 cannot cancel {@code FSCTL_PIPE_WAIT}, which may be to last for ever. So it is made one piece after
     * another: whoever takes the packet of one that timed out makes the next.
     */
    private int await(long handle, long input, int length, long overlapped) {
        try {
            Wait wait = new Wait(handle, input, length, overlapped);
            waits.put(overlapped, wait);
            int error = super.fsControlFile(handle, PipeFlags.FSCTL_PIPE_WAIT, wait.nextPiece(), length, overlapped);
            if (error != Win32Error.ERROR_IO_PENDING) {
                wait.end();
            }
            return error;
        } catch (OutOfMemoryError noMemory) {
            return Win32Error.ERROR_NO_SYSTEM_RESOURCES;
        }
    }

    @Override
    public int getQueuedCompletionStatusEx(long port, long entries, int capacity, long removed, int timeoutMillis) {
        int error = super.getQueuedCompletionStatusEx(port, entries, capacity, removed, timeoutMillis);
        if (error == Win32Error.ERROR_SUCCESS && !waits.isEmpty()) {
            Pointer packets = new Pointer(entries);
            int all = new Pointer(removed).getInt(0);
            int kept = 0;
            for (int i = 0; i < all; i++) {
                Wait wait = waits.get(packets.getLong((long) i * ENTRY_SIZE + ENTRY_OVERLAPPED));
                if (wait == null || !wait.goesOn()) {
                    byte[] packet = packets.getByteArray((long) i * ENTRY_SIZE, ENTRY_SIZE);
                    packets.write((long) kept++ * ENTRY_SIZE, packet, 0, ENTRY_SIZE);
                }
            }
            new Pointer(removed).setInt(0, kept);
            // None is left: another answer of a wait that ended early, after which one waits again.
            return kept == 0 ? Win32Error.WAIT_IO_COMPLETION : error;
        }
        return error;
    }

    @Override
    public int cancelIoEx(long handle, long overlapped) {
        Flush flush = flushes.get(overlapped);
        Wait wait = waits.get(overlapped);
        if (flush != null) {
            flush.cancel();
        } else if (wait != null) {
            wait.cancelled = true;
            super.cancelIoEx(handle, overlapped);
        } else {
            return super.cancelIoEx(handle, overlapped);
        }
        return Win32Error.ERROR_SUCCESS;
    }

    private record Port(long port, long key) { }

    /** One wait for a free instance, on the thread that takes its packets. */
    private final class Wait {
        private final long handle;
        private final long overlapped;
        private final int length;
        /** A FILE_PIPE_WAIT_FOR_BUFFER, whose timeout is that of a piece. */
        private final NativeMemory input;
        /** In units of 100 ns, negative, as of any timeout that is relative. */
        private long left;
        private boolean cancelled;

        Wait(long handle, long given, int length, long overlapped) {
            this.handle = handle;
            this.overlapped = overlapped;
            this.length = length;
            input = new NativeMemory(length, 8);
            input.view().put(0, new Pointer(given).getByteArray(0, length));
            left = input.view().getLong(0);
        }

        long nextPiece() {
            long piece = Math.max(left, -WAIT_PIECE);
            left -= piece;
            input.view().putLong(0, piece);
            return input.address();
        }

        /** A piece ended. Returns whether there is another; if not, the wait is over. */
        boolean goesOn() {
            Pointer status = new Pointer(overlapped);
            if (status.getInt(0) == STATUS_IO_TIMEOUT && cancelled) {
                status.setInt(0, STATUS_CANCELLED);
            } else if (status.getInt(0) == STATUS_IO_TIMEOUT && left < 0) {
                status.setInt(0, Win32Error.STATUS_PENDING);
                int error = StandInWin32.super.fsControlFile(handle, PipeFlags.FSCTL_PIPE_WAIT, nextPiece(), length,
                        overlapped);
                if (error == Win32Error.ERROR_IO_PENDING) {
                    return true;
                }
                // At once: an instance is free; or what is so now, another look at the pipe tells.
                status.setInt(0, error == Win32Error.ERROR_SUCCESS ? Win32Error.STATUS_SUCCESS : STATUS_IO_TIMEOUT);
            }
            end();
            return false;
        }

        void end() {
            waits.remove(overlapped);
            input.close();
        }
    }

    /** One flush: the helper's call, and what becomes of the OVERLAPPED that it was asked for with. */
    private final class Flush implements Runnable {
        private final long handle;
        private final Port port;
        private final long overlapped;
        /**
         * The call's status block, by which it is found to be cancelled, and room for the answer about the peer. Made
         * beforehand, so that the helper cannot fail for want of it; the helper frees it.
         */
        private final NativeMemory memory = new NativeMemory(STATUS_BLOCK_SIZE + ANSWER_SIZE, 8);
        private boolean called;
        private boolean cancelled;
        private boolean returned;

        Flush(long handle, Port port, long overlapped) {
            this.handle = handle;
            this.port = port;
            this.overlapped = overlapped;
        }

        @Override
        public void run() {
            int status = STATUS_INSUFFICIENT_RESOURCES;
            try {
                status = isToBeCalled() ? Ntdll.NtFlushBuffersFile(handle, memory.address()) : STATUS_CANCELLED;
                if (status == Win32Error.STATUS_SUCCESS) {
                    status = peer();
                }
            } finally {
                tell(status);
            }
        }

        private void tell(int status) {
            synchronized (this) {
                returned = true;
                notifyAll();
            }
            memory.close();
            flushes.remove(overlapped);
            new Pointer(overlapped).setInt(0, status);
            // Somebody counts on this packet. It fails for want of resources only, which others give back.
            while (post(port.port, port.key, overlapped) != Win32Error.ERROR_SUCCESS) {
                Thread.yield();
            }
        }

        private synchronized boolean isToBeCalled() {
            called = !cancelled;
            return called;
        }

        /** Whether the peer is there, as a status. */
        private int peer() {
            long scratch = memory.address() + STATUS_BLOCK_SIZE;
            int error = queryInformationFile(handle, PipeFlags.FILE_PIPE_LOCAL_INFORMATION, scratch, ANSWER_SIZE - 16);
            if (error == Win32Error.ERROR_ACCESS_DENIED) {
                // An end that only writes may not ask, but listen, which says at once that somebody is there.
                error = StandInWin32.super.fsControlFile(handle, PipeFlags.FSCTL_PIPE_LISTEN, 0, 0, scratch);
                return error == Win32Error.ERROR_PIPE_CONNECTED ? Win32Error.STATUS_SUCCESS : STATUS_PIPE_BROKEN;
            }
            return error == Win32Error.ERROR_SUCCESS
                    && memory.view().getInt(STATUS_BLOCK_SIZE + 16 + STATE) == CONNECTED
                    ? Win32Error.STATUS_SUCCESS : STATUS_PIPE_BROKEN;
        }

        /** The helper may be on its way into the call, where a cancel does not find it yet. */
        synchronized void cancel() {
            cancelled = true;
            boolean interrupted = false;
            while (called && !returned) {
                StandInWin32.super.cancelIoEx(handle, memory.address());
                try {
                    wait(1);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static final class Ntdll {
        static native int NtFlushBuffersFile(long file, long statusBlock);

        private Ntdll() {
        }
    }
}
