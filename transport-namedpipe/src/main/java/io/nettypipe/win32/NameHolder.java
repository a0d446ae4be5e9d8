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

import java.nio.ByteBuffer;

/**
 * Makes the call of {@link Win32#holdNamedPipe}. {@code CreateNamedPipe} cannot: it takes no less than access to data,
 * and no limit of 255.
 */
final class NameHolder {
    private static final int FILE_CREATE = 2;
    private static final int OBJ_CASE_INSENSITIVE = 0x40;
    private static final int FILE_PIPE_MESSAGE_TYPE = 1;
    private static final int FILE_PIPE_REJECT_REMOTE_CLIENTS = 2;
    private static final int FILE_SHARE_READ = 1;
    private static final int FILE_SHARE_WRITE = 2;
    private static final int UNLIMITED = -1;
    /** 50 ms, relative and in units of 100 ns: what {@code CreateNamedPipe} makes of a default timeout of 0. */
    private static final long DEFAULT_TIMEOUT = -500_000;

    // Where the structures are in the memory of a call.
    private static final int HANDLE = 0;
    private static final int TIMEOUT = 8;
    private static final int STATUS_BLOCK = 16;
    private static final int NAME = 32;
    private static final int OBJECT_ATTRIBUTES = 48;
    private static final int OBJECT_ATTRIBUTES_SIZE = 48;

    static {
        Native.register(Ntdll.class, "ntdll");
    }

    private NameHolder() {
    }

    static long create(long path, int openMode, int pipeMode, int maxInstances, int outBufferSize, int inBufferSize,
                       long securityAttributes) {
        try (NativeMemory memory = new NativeMemory(OBJECT_ATTRIBUTES + OBJECT_ATTRIBUTES_SIZE, 8)) {
            long address = memory.address();
            if (Ntdll.RtlDosPathNameToNtPathName_U(path, address + NAME, 0, 0) == 0) {
                return -Win32Error.ERROR_INVALID_NAME;
            }
            ByteBuffer view = memory.view();
            view.putLong(TIMEOUT, DEFAULT_TIMEOUT).putInt(OBJECT_ATTRIBUTES, OBJECT_ATTRIBUTES_SIZE)
                    .putLong(OBJECT_ATTRIBUTES + 16, address + NAME)
                    .putInt(OBJECT_ATTRIBUTES + 24, OBJ_CASE_INSENSITIVE)
                    .putLong(OBJECT_ATTRIBUTES + 32, SecurityAttributes.descriptor(securityAttributes));
            int status = Ntdll.NtCreateNamedPipeFile(address + HANDLE, PipeFlags.SYNCHRONIZE,
                    address + OBJECT_ATTRIBUTES, address + STATUS_BLOCK, share(openMode), FILE_CREATE, 0,
                    type(pipeMode), 0, 0,
                    maxInstances == PipeFlags.PIPE_UNLIMITED_INSTANCES ? UNLIMITED : maxInstances + 1,
                    inBufferSize, outBufferSize, address + TIMEOUT);
            Ntdll.RtlFreeUnicodeString(address + NAME);
            return status < 0 ? -Ntdll.RtlNtStatusToDosError(status) : view.getLong(HANDLE);
        }
    }

    /** A pipe's direction is what its clients may share: what the server writes they read. */
    private static int share(int openMode) {
        return ((openMode & PipeFlags.PIPE_ACCESS_OUTBOUND) != 0 ? FILE_SHARE_READ : 0)
                | ((openMode & PipeFlags.PIPE_ACCESS_INBOUND) != 0 ? FILE_SHARE_WRITE : 0);
    }

    private static int type(int pipeMode) {
        return ((pipeMode & PipeFlags.PIPE_TYPE_MESSAGE) != 0 ? FILE_PIPE_MESSAGE_TYPE : 0)
                | ((pipeMode & PipeFlags.PIPE_REJECT_REMOTE_CLIENTS) != 0 ? FILE_PIPE_REJECT_REMOTE_CLIENTS : 0);
    }

    private static final class Ntdll {
        static native byte RtlDosPathNameToNtPathName_U(long dosName, long ntName, long filePart, long reserved);

        static native void RtlFreeUnicodeString(long string);

        static native int NtCreateNamedPipeFile(long handle, int access, long objectAttributes, long statusBlock,
                                                int share, int disposition, int options, int type, int readMode,
                                                int completionMode, int maxInstances, int inQuota, int outQuota,
                                                long timeout);

        static native int RtlNtStatusToDosError(int status);

        private Ntdll() {
        }
    }
}
