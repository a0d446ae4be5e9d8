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
import com.sun.jna.platform.win32.WinBase;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * {@link Win32} on the real system, by JNA's direct mapping: static natives with primitive arguments, which cost tens
 * of nanoseconds. JNA keeps the last error of such a call for {@link Native#getLastError()}.
 * <p>
 * Of jna-platform only constants are used, here and in {@link JnaIdentity}: its interfaces of hundreds of methods take
 * the thread that is the first to need one a tenth of a second, or many of them, and that may be an event loop.
 */
class JnaWin32 implements Win32 {
    private static final long INVALID_HANDLE_VALUE = -1;
    private static final int OPEN_EXISTING = 3;
    private static final int FILE_SKIP_COMPLETION_PORT_ON_SUCCESS = 1;
    private static final int FILE_SKIP_SET_EVENT_ON_HANDLE = 2;
    private static final int FILE_REPLACE_COMPLETION_INFORMATION = 61;
    private static final int TRUE = 1;
    private static final int LONGEST_MESSAGE = 1024;

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

    /**
     * What an ended listen calls, with the address of the signal, and then with what it ignores, as the x64 and ARM64
     * conventions let it. It is a function of the system, so that no upcall into Java is made, and its page
     * ("InitializeSListHead") says that it makes an empty list of 16 aligned bytes: the first 8 are zero then, depth
     * and sequence. The call also ends the alertable wait.
     */
    private final long clearSignal;

    JnaWin32() {
        Native.register(Kernel32.class, "kernel32");
        Native.register(Ntdll.class, "ntdll");
        clearSignal = Pointer.nativeValue(NativeLibrary.getInstance("kernel32").getFunction("InitializeSListHead"));
    }

    static int error(int success) {
        return success != 0 ? Win32Error.ERROR_SUCCESS : Native.getLastError();
    }

    /** The system's text for an error, of one line ({@code FormatMessageW}); empty if it has none. */
    static String messageOf(int error) {
        try (NativeMemory text = new NativeMemory(2 * LONGEST_MESSAGE, 8)) {
            // Language 0: the user's, or else the system's, or else English.
            int length = Kernel32.FormatMessageW(WinBase.FORMAT_MESSAGE_FROM_SYSTEM
                    | WinBase.FORMAT_MESSAGE_IGNORE_INSERTS, 0, error, 0, text.address(), LONGEST_MESSAGE, 0);
            byte[] bytes = new byte[2 * length];
            text.view().get(0, bytes);
            return new String(bytes, StandardCharsets.UTF_16LE).strip();
        }
    }

    private static long handle(long handle) {
        return handle == INVALID_HANDLE_VALUE || handle == 0 ? -Native.getLastError() : handle;
    }

    @Override
    public long createCompletionPort() {
        return handle(Kernel32.CreateIoCompletionPort(INVALID_HANDLE_VALUE, 0, 0, 1));
    }

    @Override
    public int associate(long handle, long port, long key) {
        if (Kernel32.CreateIoCompletionPort(handle, port, key, 0) == 0) {
            return Native.getLastError();
        }
        // In this order: a handle that has a port already is somebody else's, who may rely on its packets.
        int error = error(Kernel32.SetFileCompletionNotificationModes(handle,
                (byte) (FILE_SKIP_COMPLETION_PORT_ON_SUCCESS | FILE_SKIP_SET_EVENT_ON_HANDLE)));
        if (error != Win32Error.ERROR_SUCCESS) {
            try (NativeMemory scratch = new NativeMemory(32, 8)) {
                dissociate(handle, scratch.address());
            }
        }
        return error;
    }

    @Override
    public int dissociate(long handle, long scratch) {
        // scratch: an IO_STATUS_BLOCK, then a FILE_COMPLETION_INFORMATION of a null port and key.
        return errorOf(Ntdll.NtSetInformationFile(handle, scratch, scratch + 16, 16,
                FILE_REPLACE_COMPLETION_INFORMATION));
    }

    @Override
    public int getQueuedCompletionStatusEx(long port, long entries, int capacity, long removed, int timeoutMillis) {
        return error(Kernel32.GetQueuedCompletionStatusEx(port, entries, capacity, removed, timeoutMillis, TRUE));
    }

    @Override
    public int postQueuedCompletionStatus(long port, long key) {
        return post(port, key, 0);
    }

    /** The same with an OVERLAPPED. */
    static int post(long port, long key, long overlapped) {
        return error(Kernel32.PostQueuedCompletionStatus(port, 0, key, overlapped));
    }

    @Override
    public int closeHandle(long handle) {
        return error(Kernel32.CloseHandle(handle));
    }

    @Override
    public int readFile(long handle, long buffer, int length, long overlapped) {
        return error(Kernel32.ReadFile(handle, buffer, length, 0, overlapped));
    }

    @Override
    public int writeFile(long handle, long buffer, int length, long overlapped) {
        return error(Kernel32.WriteFile(handle, buffer, length, 0, overlapped));
    }

    @Override
    public int fsControlFile(long handle, int controlCode, long input, int inputLength, long overlapped) {
        // What is given as the context of the call is the OVERLAPPED that the packet names; without it there is none.
        return started(Ntdll.NtFsControlFile(handle, 0, 0, overlapped, overlapped, controlCode, input, inputLength,
                0, 0));
    }

    @Override
    public int listen(long handle, long statusBlock, long signal) {
        return started(Ntdll.NtFsControlFile(handle, 0, clearSignal, signal, statusBlock, PipeFlags.FSCTL_PIPE_LISTEN,
                0, 0, 0, 0));
    }

    private int started(int status) {
        return status == Win32Error.STATUS_PENDING ? Win32Error.ERROR_IO_PENDING : errorOf(status);
    }

    @Override
    public int cancelIoEx(long handle, long overlapped) {
        return error(Kernel32.CancelIoEx(handle, overlapped));
    }

    @Override
    public long createNamedPipe(long name, int openMode, int pipeMode, int maxInstances, int outBufferSize,
                                int inBufferSize, long securityAttributes) {
        return handle(Kernel32.CreateNamedPipeW(name, openMode, pipeMode, maxInstances, outBufferSize, inBufferSize,
                0, securityAttributes));
    }

    @Override
    public long holdNamedPipe(long name, int openMode, int pipeMode, int maxInstances, int outBufferSize,
                              int inBufferSize, long securityAttributes) {
        // CreateNamedPipe takes no less than access to data, and no limit of 255.
        try (NativeMemory memory = new NativeMemory(OBJECT_ATTRIBUTES + OBJECT_ATTRIBUTES_SIZE, 8)) {
            long address = memory.address();
            if (Ntdll.RtlDosPathNameToNtPathName_U(name, address + NAME, 0, 0) == 0) {
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

    @Override
    public long createFile(long name, int access, int flags) {
        return handle(Kernel32.CreateFileW(name, access, 0, 0, OPEN_EXISTING, flags, 0));
    }

    @Override
    public int setNamedPipeHandleState(long handle, long mode) {
        return error(Kernel32.SetNamedPipeHandleState(handle, mode, 0, 0));
    }

    @Override
    public int getNamedPipeInfo(long handle, long flags) {
        return error(Kernel32.GetNamedPipeInfo(handle, flags, 0, 0, 0));
    }

    @Override
    public int disconnectNamedPipe(long handle) {
        return error(Kernel32.DisconnectNamedPipe(handle));
    }

    @Override
    public int queryInformationFile(long handle, int informationClass, long scratch, int length) {
        return errorOf(Ntdll.NtQueryInformationFile(handle, scratch, scratch + 16, length, informationClass));
    }

    @Override
    public int waitNamedPipe(long name, int timeoutMillis) {
        return error(Kernel32.WaitNamedPipeW(name, timeoutMillis));
    }

    @Override
    public int errorOf(int ntStatus) {
        return Ntdll.RtlNtStatusToDosError(ntStatus);
    }

    @Override
    public Win32Identity identity() {
        return Identity.INSTANCE;
    }

    /** Loads advapi32 when it is needed. */
    private static final class Identity {
        static final Win32Identity INSTANCE = new JnaIdentity();
    }

    private static final class Kernel32 {
        static native long CreateIoCompletionPort(long file, long port, long key, int threads);

        static native int SetFileCompletionNotificationModes(long file, byte flags);

        static native int GetQueuedCompletionStatusEx(long port, long entries, int count, long removed, int millis,
                                                      int alertable);

        static native int PostQueuedCompletionStatus(long port, int bytes, long key, long overlapped);

        static native int CloseHandle(long handle);

        static native int ReadFile(long file, long buffer, int length, long read, long overlapped);

        static native int WriteFile(long file, long buffer, int length, long written, long overlapped);

        static native int CancelIoEx(long file, long overlapped);

        static native long CreateNamedPipeW(long name, int openMode, int pipeMode, int maxInstances, int outSize,
                                            int inSize, int defaultTimeout, long securityAttributes);

        static native long CreateFileW(long name, int access, int share, long securityAttributes, int disposition,
                                       int flags, long template);

        static native int SetNamedPipeHandleState(long pipe, long mode, long maxCollectionCount, long collectTimeout);

        static native int GetNamedPipeInfo(long pipe, long flags, long outSize, long inSize, long maxInstances);

        static native int DisconnectNamedPipe(long pipe);

        static native int WaitNamedPipeW(long name, int millis);

        static native int FormatMessageW(int flags, long source, int message, int language, long buffer, int capacity,
                                         long arguments);

        private Kernel32() {
        }
    }

    private static final class Ntdll {
        static native int NtFsControlFile(long file, long event, long apcRoutine, long apcContext, long statusBlock,
                                          int code, long in, int inLength, long out, int outLength);

        static native int NtSetInformationFile(long file, long statusBlock, long information, int length,
                                               int informationClass);

        static native int NtQueryInformationFile(long file, long statusBlock, long information, int length,
                                                 int informationClass);

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
