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

import io.nettypipe.win32.model.ModelWin32;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Calls a {@link Win32} the way the transport does, from one thread, with one completion port. */
final class Rig implements AutoCloseable {
    static final int DUPLEX = PipeFlags.PIPE_ACCESS_DUPLEX | PipeFlags.FILE_FLAG_OVERLAPPED;
    static final int MESSAGE = PipeFlags.PIPE_TYPE_MESSAGE | PipeFlags.PIPE_READMODE_MESSAGE;
    static final int QUOTA = 1024;
    static final String AT_ONCE = "at once: ";
    static final String LATER = "pending, then a packet: ";
    private static final int CLIENT_ACCESS = PipeFlags.GENERIC_READ | PipeFlags.GENERIC_WRITE;
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int CAPACITY = 4;
    private static final int ENTRY_SIZE = 32;
    /** For ever, because a call may be made when a rig is gone. */
    private static final NativeMemory SIGNAL = new NativeMemory(16, 16);

    final ContractSystem system;
    final Win32 win32;
    final long port;
    String path;
    private final Set<Long> handles = new LinkedHashSet<>();
    private final List<NativeMemory> memories = new ArrayList<>();
    private final NativeMemory batch = new NativeMemory((CAPACITY + 1) * ENTRY_SIZE, 8);
    private final Map<Long, Op> pending = new HashMap<>();
    private final List<Op> listens = new ArrayList<>();
    private int procedureCalls;
    private boolean violates;

    Rig(ContractSystem system) {
        this.system = system;
        win32 = system.open();
        rename();
        port = own(win32.createCompletionPort());
    }

    /** Goes on with another name. */
    void rename() {
        path = "\\\\.\\pipe\\nettypipe-contract-" + UUID.randomUUID();
    }

    // Handles

    /** Sees to it that a handle is closed in the end. */
    long own(long handle) {
        if (handle >= 0) {
            handles.add(handle);
        }
        return handle;
    }

    void close(long handle) {
        handles.remove(handle);
        assertEquals(Win32Error.ERROR_SUCCESS, win32.closeHandle(handle));
    }

    /** An instance, or the negated error. */
    long create(int openMode, int pipeMode, int maxInstances) {
        return create(path, openMode, pipeMode, maxInstances);
    }

    long create(String name, int openMode, int pipeMode, int maxInstances) {
        return create(name, openMode, pipeMode, maxInstances, QUOTA, QUOTA);
    }

    private long create(String name, int openMode, int pipeMode, int maxInstances, int outQuota, int inQuota) {
        try (NativeMemory text = NativeMemory.wideString(name)) {
            return own(win32.createNamedPipe(text.address(), openMode, pipeMode, maxInstances, outQuota, inQuota, 0));
        }
    }

    /** An instance with quotas of its own: what the server may write ahead, and what the client may. */
    long serverOfQuotas(int pipeMode, int outQuota, int inQuota) {
        return opened(create(path, DUPLEX, pipeMode, PipeFlags.PIPE_UNLIMITED_INSTANCES, outQuota, inQuota));
    }

    /** An instance that serves nobody, or the negated error. */
    long hold(int openMode, int pipeMode, int maxInstances, String sddl) throws SystemCallException {
        try (NativeMemory text = NativeMemory.wideString(path);
                SecurityAttributes security = new SecurityAttributes(win32.identity().descriptor(sddl))) {
            return own(win32.holdNamedPipe(text.address(), openMode, pipeMode, maxInstances, QUOTA, QUOTA,
                    security.address()));
        }
    }

    long server(int pipeMode) {
        return opened(create(DUPLEX, pipeMode, PipeFlags.PIPE_UNLIMITED_INSTANCES));
    }

    /** A client's end, or the negated error. */
    long dial(String name) {
        return dial(name, CLIENT_ACCESS);
    }

    long dial(String name, int access) {
        try (NativeMemory text = NativeMemory.wideString(name)) {
            return own(win32.createFile(text.address(), access, PipeFlags.FILE_FLAG_OVERLAPPED));
        }
    }

    /** A client's end, or the negated error. */
    long dial(int access, int flags) {
        try (NativeMemory text = NativeMemory.wideString(path)) {
            return own(win32.createFile(text.address(), access, PipeFlags.FILE_FLAG_OVERLAPPED | flags));
        }
    }

    long client() {
        return opened(dial(path));
    }

    long device() {
        try (NativeMemory text = NativeMemory.wideString("\\\\.\\pipe\\")) {
            long device = opened(own(win32.createFile(text.address(),
                    PipeFlags.FILE_READ_ATTRIBUTES | PipeFlags.SYNCHRONIZE, PipeFlags.FILE_FLAG_OVERLAPPED)));
            join(device);
            return device;
        }
    }

    static long opened(long handle) {
        assertTrue(handle > 0, () -> "error " + -handle);
        return handle;
    }

    void join(long handle) {
        assertEquals(Win32Error.ERROR_SUCCESS, win32.associate(handle, port, handle));
    }

    /** Takes a handle from its port. Returns the error. */
    int leave(long handle) {
        try (NativeMemory scratch = new NativeMemory(32, 8)) {
            return win32.dissociate(handle, scratch.address());
        }
    }

    /** A connected pair: the server's end and the client's, both of which read as their server says. */
    long[] pair(int pipeMode) {
        return pair(server(pipeMode), pipeMode);
    }

    /** A connected pair of an instance. */
    long[] pair(long server, int pipeMode) {
        long client = client();
        if ((pipeMode & PipeFlags.PIPE_READMODE_MESSAGE) != 0) {
            assertEquals(Win32Error.ERROR_SUCCESS, readMode(client, PipeFlags.PIPE_READMODE_MESSAGE));
        }
        join(server);
        join(client);
        return new long[] {server, client};
    }

    int readMode(long handle, int mode) {
        try (NativeMemory memory = new NativeMemory(4, 4)) {
            memory.view().putInt(0, mode);
            return win32.setNamedPipeHandleState(handle, memory.address());
        }
    }

    /** One of the numbers of a FILE_PIPE_LOCAL_INFORMATION, or the negated error. */
    int localInformation(long handle, int index) {
        try (NativeMemory scratch = new NativeMemory(16 + 40, 8)) {
            int error = win32.queryInformationFile(handle, PipeFlags.FILE_PIPE_LOCAL_INFORMATION, scratch.address(),
                    40);
            return error == Win32Error.ERROR_SUCCESS ? scratch.view().getInt(16 + index * 4) : -error;
        }
    }

    int wait(String name, int millis) {
        try (NativeMemory text = NativeMemory.wideString(name)) {
            return win32.waitNamedPipe(text.address(), millis);
        }
    }

    // Operations

    Op read(long handle, int length) {
        Op op = new Op(handle, length);
        return started(op, win32.readFile(handle, op.address(), length, op.block.address()));
    }

    Op write(long handle, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        Op op = new Op(handle, bytes.length);
        op.buffer.view().put(0, bytes);
        return started(op, win32.writeFile(handle, op.address(), bytes.length, op.block.address()));
    }

    Op await(long device, String name, int millis) {
        String bare = name.substring(name.lastIndexOf('\\') + 1);
        byte[] bytes = bare.getBytes(StandardCharsets.UTF_16LE);
        Op op = new Op(device, 14 + bytes.length);
        op.buffer.view().putLong(0, -10_000L * millis).putInt(8, bytes.length).put(12, (byte) 1).put(14, bytes);
        return control(op, PipeFlags.FSCTL_PIPE_WAIT, op.address());
    }

    Op flush(long handle) {
        return control(handle, PipeFlags.FSCTL_PIPE_FLUSH);
    }

    /** The state of an end: 1 disconnected, 2 listening, 3 connected, 4 closing. */
    int state(long handle) {
        try (NativeMemory scratch = new NativeMemory(16 + 40, 8)) {
            assertEquals(Win32Error.ERROR_SUCCESS, win32.queryInformationFile(handle,
                    PipeFlags.FILE_PIPE_LOCAL_INFORMATION, scratch.address(), 40));
            return scratch.view().getInt(16 + 32);
        }
    }

    Op control(long handle, int code) {
        return control(new Op(handle, 0), code, 0);
    }

    private Op control(Op op, int code, long input) {
        op.block.view().putInt(0, Win32Error.STATUS_PENDING);
        return started(op, win32.fsControlFile(op.handle, code, input, op.length, op.block.address()));
    }

    Op listen(long handle) {
        Op op = new Op(handle, 0);
        op.block.view().putInt(0, Win32Error.STATUS_PENDING);
        SIGNAL.view().putLong(0, -1);
        op.answer = win32.listen(handle, op.block.address(), SIGNAL.address());
        if (op.answer == Win32Error.ERROR_IO_PENDING) {
            listens.add(op);
        }
        return op;
    }

    private Op started(Op op, int answer) {
        op.answer = answer;
        if (answer == Win32Error.ERROR_IO_PENDING) {
            pending.put(op.block.address(), op);
        } else {
            op.error = answer;
        }
        return op;
    }

    int cancel(Op op) {
        return win32.cancelIoEx(op.handle, op.block.address());
    }

    /** Waits for the end of an operation. */
    Op end(Op op) {
        while (pending.containsValue(op)) {
            int error = dequeue(TIMEOUT_MILLIS);
            assertTrue(error == Win32Error.ERROR_SUCCESS || error == Win32Error.WAIT_IO_COMPLETION, "error " + error);
        }
        return op;
    }

    /** Whether a procedure call was made since the last listen. */
    boolean isSignalled() {
        return SIGNAL.view().getLong(0) == 0;
    }

    /** Waits for the end of a listen. Returns the Win32 error. */
    int endListen(Op op) {
        while (op.block.view().getInt(0) == Win32Error.STATUS_PENDING || procedureCalls == 0) {
            int error = dequeue(TIMEOUT_MILLIS);
            assertTrue(error == Win32Error.ERROR_SUCCESS || error == Win32Error.WAIT_IO_COMPLETION, "error " + error);
        }
        procedureCalls = 0;
        assertTrue(isSignalled());
        return win32.errorOf(op.block.view().getInt(0));
    }

    /** Ends the listens that a test has left waiting, for their memory is freed with the rest. */
    private void endListens() {
        for (Op op : listens) {
            if (op.block.view().getInt(0) == Win32Error.STATUS_PENDING) {
                cancel(op);
                endListen(op);
            }
        }
    }

    /** Handles what the port has. Returns the answer of the last call. */
    int dequeue(int timeoutMillis) {
        int error = win32.getQueuedCompletionStatusEx(port, batch.address(), CAPACITY,
                batch.address() + CAPACITY * ENTRY_SIZE, timeoutMillis);
        if (error == Win32Error.WAIT_IO_COMPLETION) {
            procedureCalls++;
        } else if (error == Win32Error.ERROR_SUCCESS) {
            int count = removed();
            assertTrue(count > 0 && count <= CAPACITY, "count " + count);
            for (int i = 0; i < count; i++) {
                if (overlapped(i) != 0) {
                    Op op = pending.remove(overlapped(i));
                    assertTrue(op != null, "a packet of nothing that is pending");
                    assertEquals(op.handle, key(i));
                    op.error = win32.errorOf(op.block.view().getInt(0));
                }
            }
        }
        return error;
    }

    /** Writes where a dequeue writes its count. */
    void fillRemoved() {
        batch.view().putInt(CAPACITY * ENTRY_SIZE, Integer.MAX_VALUE);
    }

    int removed() {
        return batch.view().getInt(CAPACITY * ENTRY_SIZE);
    }

    long key(int i) {
        return batch.view().getLong(i * ENTRY_SIZE);
    }

    long overlapped(int i) {
        return batch.view().getLong(i * ENTRY_SIZE + 8);
    }

    /** An error in words. */
    static String text(int error) {
        return error == Win32Error.ERROR_SUCCESS ? "success" : "error " + error;
    }

    /** How the end of an operation was told, which has ended or is about to; asserts that it was told once only. */
    String told(Op op) {
        boolean later = op.answer == Win32Error.ERROR_IO_PENDING;
        end(op);
        // The packet of a call that told its end itself would be one of nothing that is pending.
        assertEquals(Win32Error.WAIT_TIMEOUT, dequeue(0));
        return (later ? LATER : AT_ONCE) + text(op.error);
    }

    void assertPending(Op op) {
        assertEquals(Win32Error.ERROR_IO_PENDING, op.answer);
        dequeue(0);
        assertTrue(pending.containsValue(op), () -> "ended with " + op);
    }

    /** Asserts that the call itself told the end, and that no packet follows. */
    void assertAtOnce(Op op) {
        if (system.endsAtOnce()) {
            assertTrue(op.answer != Win32Error.ERROR_IO_PENDING, "pending");
            assertEquals(Win32Error.WAIT_TIMEOUT, dequeue(0));
        }
    }

    /** The test breaks a rule on purpose. */
    void violates() {
        violates = true;
    }

    @Override
    public void close() {
        List<Op> left = new ArrayList<>(pending.values());
        left.forEach(this::cancel);
        left.forEach(this::end);
        endListens();
        handles.forEach(handle -> assertEquals(Win32Error.ERROR_SUCCESS, win32.closeHandle(handle)));
        memories.forEach(NativeMemory::close);
        batch.close();
        if (win32 instanceof ModelWin32) {
            assertEquals(violates, !((ModelWin32) win32).violations().isEmpty());
            if (!violates) {
                ((ModelWin32) win32).verify();
            }
        }
    }

    /** An operation and its memory. */
    final class Op {
        final long handle;
        final int length;
        final NativeMemory block = new NativeMemory(32, 8);
        final NativeMemory buffer;
        /** What the call that started it answered. */
        int answer;
        /** How it ended. */
        int error = -1;

        Op(long handle, int length) {
            this.handle = handle;
            this.length = length;
            buffer = new NativeMemory(Math.max(length, 1), 8);
            memories.add(block);
            memories.add(buffer);
        }

        long address() {
            return length == 0 ? 0 : buffer.address();
        }

        int bytes() {
            return block.view().getInt(8);
        }

        String text() {
            byte[] bytes = new byte[bytes()];
            buffer.view().get(0, bytes);
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }

        @Override
        public String toString() {
            return "error " + error + (error == 0 || error == Win32Error.ERROR_MORE_DATA ? ", \"" + text() + '"' : "");
        }
    }
}
