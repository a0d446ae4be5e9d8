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
package io.nettypipe.channel;

import io.nettypipe.iocp.OverlappedFile;
import io.nettypipe.win32.NativeMemory;
import io.nettypipe.win32.PipeFlags;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.Win32Error;

import java.nio.charset.StandardCharsets;

/**
 * A handle that somebody else opened and that a channel is made of. It is the caller's, whatever is found out about it,
 * until it has joined the port of the channel's event loop.
 */
final class AdoptedHandle {
    private static final int SYNCHRONOUS = 0x30;
    private static final int STATE = 32;
    private static final int END = 36;
    private static final int CONNECTED = 3;
    private static final int CLOSING = 4;
    private static final int ANSWER = 16;
    private static final int ROOM = 4 + 2 * Short.MAX_VALUE;

    final long handle;
    /** {@code null} if it is a pipe without a name, or with one that {@link NamedPipeAddress} refuses. */
    final NamedPipeAddress address;
    /** Who is at the other end of a server's end that has a name, or {@code null}. */
    final PeerAddress client;
    final NamedPipeMode pipeType;
    final NamedPipeMode readMode;
    final NamedPipeDirection direction;
    final boolean serversEnd;
    private final Win32 win32;

    /**
     * Finds out what a handle is.
     *
     * @throws IllegalArgumentException if no channel can be made of it, saying why
     */
    AdoptedHandle(Win32 win32, long handle) {
        this.win32 = win32;
        this.handle = handle;
        if (handle <= 0) {
            throw refused("it is none", null);
        }
        try (NativeMemory scratch = new NativeMemory(ANSWER + ROOM, 8)) {
            pipeType = ask(PipeFlags.FILE_PIPE_LOCAL_INFORMATION, scratch) == 0 ? NamedPipeMode.BYTE
                    : NamedPipeMode.MESSAGE;
            int state = scratch.view().getInt(ANSWER + STATE);
            serversEnd = scratch.view().getInt(ANSWER + END) == PipeFlags.PIPE_SERVER_END;
            // A mode that the system knows of the handle alone.
            if ((ask(PipeFlags.FILE_MODE_INFORMATION, scratch) & SYNCHRONOUS) != 0) {
                throw refused("it is synchronous, so that a read which waits would block the event loop and every "
                        + "write; it has to be opened with FILE_FLAG_OVERLAPPED, which the ends of an anonymous pipe "
                        + "(CreatePipe) never are", null);
            }
            if (state != CONNECTED && state != CLOSING) {
                throw refused("its pipe is not connected", null);
            }
            direction = direction(ask(PipeFlags.FILE_ACCESS_INFORMATION, scratch));
            readMode = ask(PipeFlags.FILE_PIPE_INFORMATION, scratch) == 0 ? NamedPipeMode.BYTE : NamedPipeMode.MESSAGE;
            if (scratch.view().getInt(ANSWER + 4) != 0) {
                throw refused("it is in PIPE_NOWAIT mode, in which nothing is overlapped", null);
            }
            address = name(scratch);
            client = serversEnd && address != null ? new PeerAddress(win32, handle, address) : null;
            if (client != null) {
                // Now, because the handle is the caller's until the channel is registered.
                client.get();
            }
        }
    }

    private IllegalArgumentException refused(String reason, Throwable cause) {
        return new IllegalArgumentException("cannot make a channel of the handle 0x" + Long.toHexString(handle) + ": "
                + reason + " (it stays open)", cause);
    }

    /** Returns the first integer of the answer. */
    private int ask(int informationClass, NativeMemory scratch) {
        int error = win32.queryInformationFile(handle, informationClass, scratch.address(), ROOM);
        if (error != Win32Error.ERROR_SUCCESS) {
            throw refused(reason(error), new NamedPipeException("NtQueryInformationFile", null, error));
        }
        return scratch.view().getInt(ANSWER);
    }

    private static String reason(int error) {
        switch (error) {
            case Win32Error.ERROR_INVALID_HANDLE:
                return "it is not an open handle, or of no file";
            case Win32Error.ERROR_ACCESS_DENIED:
                return "it may not be asked about, for which it needs FILE_READ_ATTRIBUTES, which GENERIC_READ has";
            case Win32Error.ERROR_PIPE_NOT_CONNECTED:
                return "its pipe is not connected";
            default:
                return "it is not an end of a named pipe";
        }
    }

    private NamedPipeDirection direction(int access) {
        boolean reads = (access & PipeFlags.FILE_READ_DATA) != 0;
        boolean writes = (access & PipeFlags.FILE_WRITE_DATA) != 0;
        if (!reads && !writes) {
            throw refused("it may neither read nor write", null);
        }
        return !reads ? NamedPipeDirection.OUTBOUND : writes ? NamedPipeDirection.DUPLEX : NamedPipeDirection.INBOUND;
    }

    /** The system says {@code \name}, which may be one that no path but {@code \\?\pipe\name} names. */
    private NamedPipeAddress name(NativeMemory scratch) {
        int error = win32.queryInformationFile(handle, PipeFlags.FILE_NAME_INFORMATION, scratch.address(), ROOM);
        if (error != Win32Error.ERROR_SUCCESS) {
            return null;
        }
        byte[] bytes = new byte[scratch.view().getInt(ANSWER)];
        scratch.view().get(ANSWER + 4, bytes);
        String name = new String(bytes, StandardCharsets.UTF_16LE);
        try {
            return NamedPipeAddress.of("\\\\?\\pipe" + name);
        } catch (IllegalArgumentException unnamed) {
            return null;
        }
    }

    /** Checks a read mode that is wanted instead of the one that the handle has. */
    void checkReadMode(NamedPipeMode wanted) {
        if (wanted == NamedPipeMode.MESSAGE && pipeType == NamedPipeMode.BYTE) {
            throw new IllegalArgumentException("READ_MODE MESSAGE needs a message-type pipe; this one is of bytes");
        }
    }

    /** Gives the handle to a channel: sets its read mode, and joins the port. If that fails, nothing has changed. */
    void join(NamedPipeMode wanted, OverlappedFile file) throws NamedPipeException {
        setReadMode(wanted, readMode);
        int error = file.open(handle);
        if (error != Win32Error.ERROR_SUCCESS) {
            NamedPipeException e = new NamedPipeException("CreateIoCompletionPort", address, error);
            try {
                setReadMode(readMode, wanted);
            } catch (NamedPipeException alsoFailed) {
                e.addSuppressed(alsoFailed);
            }
            if (error == Win32Error.ERROR_INVALID_PARAMETER) {
                throw new IllegalStateException("cannot make a channel of the handle 0x" + Long.toHexString(handle)
                        + ": it belongs to a completion port already, and a handle joins no other (it stays open)", e);
            }
            throw e;
        }
    }

    private void setReadMode(NamedPipeMode mode, NamedPipeMode before) throws NamedPipeException {
        if (mode != before) {
            int error = mode.setOn(win32, handle);
            if (error != Win32Error.ERROR_SUCCESS) {
                throw new NamedPipeException("SetNamedPipeHandleState", address, error);
            }
        }
    }
}
