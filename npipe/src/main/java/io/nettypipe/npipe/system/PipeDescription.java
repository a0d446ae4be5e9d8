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
package io.nettypipe.npipe.system;

import io.nettypipe.win32.NativeMemory;
import io.nettypipe.win32.PipeFlags;
import io.nettypipe.win32.SystemCallException;
import io.nettypipe.win32.SystemWin32;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.Win32Error;

import java.util.Optional;

/**
 * What the system tells of a pipe. Whether it is there and has a free instance it tells who does not connect; all else
 * it tells only of an open end, and whoever opens the client's end is a client: that uses up an instance until it is
 * closed, even without the right to read and write, and the server sees somebody come and leave.
 */
public final class PipeDescription {
    /** An IO_STATUS_BLOCK, then a FILE_PIPE_LOCAL_INFORMATION. */
    private static final int ANSWER = 16;
    private static final int ANSWER_SIZE = ANSWER + 40;

    /** Whether somebody could connect. */
    public enum State {
        /** There is no such pipe. */
        ABSENT,
        /** An instance listens. */
        FREE,
        /** All instances have a client. */
        BUSY
    }

    /**
     * What FILE_PIPE_LOCAL_INFORMATION and its like tell; what may not be asked is {@code null}.
     *
     * @param message      whether it is of messages
     * @param direction    0 from the client, 1 from the server, 2 both
     * @param maxInstances -1 is no limit
     * @param inQuota      what a client may write before the server reads, in bytes
     * @param outQuota     what the server may write before a client reads, in bytes
     * @param sddl         owner and DACL
     * @param processId    the server's
     * @param sessionId    the server's
     */
    public record Details(boolean message, int direction, int instances, int maxInstances, int inQuota, int outQuota,
                          String sddl, Long processId, Integer sessionId) { }

    private final Win32 win32 = SystemWin32.get();
    private final String path;

    /** Of a pipe of this machine. */
    public PipeDescription(String path) {
        this.path = path;
    }

    /**
     * Whether somebody could connect. Uses up no instance ({@code WaitNamedPipe}).
     *
     * @throws SystemCallException if the system does not tell
     */
    public State state() throws SystemCallException {
        try (NativeMemory name = NativeMemory.wideString(path)) {
            int error = win32.waitNamedPipe(name.address(), 1);
            return switch (error) {
                case Win32Error.ERROR_SUCCESS -> State.FREE;
                case Win32Error.ERROR_FILE_NOT_FOUND -> State.ABSENT;
                case Win32Error.ERROR_SEM_TIMEOUT -> State.BUSY;
                default -> throw new SystemCallException("WaitNamedPipe", error);
            };
        }
    }

    /**
     * Connects, asks, and leaves. Anonymously: the server cannot tell who asks.
     *
     * @return nothing if all instances have become busy
     * @throws SystemCallException if it may not connect
     */
    public Optional<Details> connect() throws SystemCallException {
        long handle = open(PipeFlags.FILE_READ_ATTRIBUTES | PipeFlags.READ_CONTROL);
        if (handle == -Win32Error.ERROR_ACCESS_DENIED) {
            handle = open(PipeFlags.FILE_READ_ATTRIBUTES);
        }
        if (handle == -Win32Error.ERROR_PIPE_BUSY) {
            return Optional.empty();
        }
        if (handle < 0) {
            throw new SystemCallException("CreateFile", (int) -handle);
        }
        try {
            return Optional.of(ask(handle));
        } finally {
            win32.closeHandle(handle);
        }
    }

    private long open(int access) {
        try (NativeMemory name = NativeMemory.wideString(path)) {
            return win32.createFile(name.address(), access,
                    PipeFlags.SECURITY_SQOS_PRESENT | PipeFlags.SECURITY_ANONYMOUS);
        }
    }

    private Details ask(long handle) throws SystemCallException {
        try (NativeMemory scratch = new NativeMemory(ANSWER_SIZE, 8)) {
            int error = win32.queryInformationFile(handle, PipeFlags.FILE_PIPE_LOCAL_INFORMATION, scratch.address(),
                    ANSWER_SIZE - ANSWER);
            if (error != Win32Error.ERROR_SUCCESS) {
                throw new SystemCallException("NtQueryInformationFile", error);
            }
            int[] local = new int[10];
            scratch.view().position(ANSWER).slice().order(scratch.view().order()).asIntBuffer().get(local);
            return new Details(local[0] != 0, local[1], local[3], local[2], local[4], local[6],
                    orNull(() -> win32.identity().descriptorOf(handle)),
                    orNull(() -> Integer.toUnsignedLong(win32.identity().processId(handle, false))),
                    orNull(() -> win32.identity().sessionId(handle, false)));
        }
    }

    private interface Question<T> {
        T ask() throws SystemCallException;
    }

    private static <T> T orNull(Question<T> question) {
        try {
            return question.ask();
        } catch (SystemCallException refused) {
            return null;
        }
    }
}
