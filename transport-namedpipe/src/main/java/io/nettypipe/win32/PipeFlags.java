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

/** The flags of {@code CreateNamedPipeW}, {@code CreateFileW} and the pipe driver, named as in {@code winbase.h}. */
public final class PipeFlags {
    public static final int PIPE_ACCESS_INBOUND = 0x1;
    public static final int PIPE_ACCESS_OUTBOUND = 0x2;
    public static final int PIPE_ACCESS_DUPLEX = 0x3;
    public static final int FILE_FLAG_FIRST_PIPE_INSTANCE = 0x00080000;
    public static final int FILE_FLAG_OVERLAPPED = 0x40000000;

    public static final int PIPE_SERVER_END = 0x1;
    public static final int PIPE_TYPE_MESSAGE = 0x4;
    public static final int PIPE_READMODE_BYTE = 0x0;
    public static final int PIPE_READMODE_MESSAGE = 0x2;
    public static final int PIPE_REJECT_REMOTE_CLIENTS = 0x8;
    public static final int PIPE_UNLIMITED_INSTANCES = 255;

    public static final int GENERIC_READ = 0x80000000;
    public static final int GENERIC_WRITE = 0x40000000;
    public static final int FILE_READ_DATA = 0x1;
    public static final int FILE_WRITE_DATA = 0x2;
    public static final int FILE_READ_ATTRIBUTES = 0x80;
    public static final int FILE_WRITE_ATTRIBUTES = 0x100;
    public static final int FILE_CREATE_PIPE_INSTANCE = 0x4;
    public static final int READ_CONTROL = 0x00020000;
    public static final int WRITE_DAC = 0x00040000;
    public static final int WRITE_OWNER = 0x00080000;
    public static final int SYNCHRONIZE = 0x00100000;
    public static final int SECURITY_ANONYMOUS = 0x00000000;
    public static final int SECURITY_IDENTIFICATION = 0x00010000;
    public static final int SECURITY_IMPERSONATION = 0x00020000;
    public static final int SECURITY_DELEGATION = 0x00030000;
    public static final int SECURITY_SQOS_PRESENT = 0x00100000;

    /** Waits for a free instance; the input is a FILE_PIPE_WAIT_FOR_BUFFER. */
    public static final int FSCTL_PIPE_WAIT = 0x110018;
    /** Waits for a client. */
    public static final int FSCTL_PIPE_LISTEN = 0x110008;
    /**
     * Waits until the peer has read what was written before: {@code FlushFileBuffers} as an overlapped operation.
     * Function 16 of the pipe driver, buffered, for a handle with {@code FILE_WRITE_DATA} ({@code ntifs.h}).
     */
    public static final int FSCTL_PIPE_FLUSH = 0x118040;

    /** The information class of FILE_ACCESS_INFORMATION, a ULONG: the handle's rights. */
    public static final int FILE_ACCESS_INFORMATION = 8;
    /** The information class of FILE_NAME_INFORMATION: the length in bytes, a ULONG, then the name in UTF-16. */
    public static final int FILE_NAME_INFORMATION = 9;
    /**
     * The information class of FILE_MODE_INFORMATION, a ULONG: 0x10 and 0x20 (FILE_SYNCHRONOUS_IO_ALERT, _NONALERT) say
     * that the handle is synchronous.
     */
    public static final int FILE_MODE_INFORMATION = 16;
    /**
     * The information class of FILE_PIPE_INFORMATION, two ULONGs: the read mode (0 bytes, 1 messages) and the
     * completion mode (0 {@code PIPE_WAIT}, 1 {@code PIPE_NOWAIT}).
     */
    public static final int FILE_PIPE_INFORMATION = 23;
    /**
     * The information class of FILE_PIPE_LOCAL_INFORMATION, ten ULONGs: type, configuration, maximum and current
     * instances, inbound quota, bytes to read, outbound quota, bytes that can be written without waiting, state (1
     * disconnected, 2 listening, 3 connected, 4 closing), end (0 the client's, 1 the server's).
     */
    public static final int FILE_PIPE_LOCAL_INFORMATION = 24;

    private PipeFlags() {
    }
}
