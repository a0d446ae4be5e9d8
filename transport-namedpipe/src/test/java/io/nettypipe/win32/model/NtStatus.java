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

import io.nettypipe.win32.Win32Error;

/** The NTSTATUS values of the model, by the names of {@code ntstatus.h}, and their Win32 errors. */
final class NtStatus {
    static final int SUCCESS = 0;
    static final int PENDING = 0x103;
    static final int BUFFER_OVERFLOW = 0x80000005;
    static final int HANDLES_CLOSED = 0x8000000A;
    static final int NOT_IMPLEMENTED = 0xC0000002;
    static final int INVALID_HANDLE = 0xC0000008;
    static final int INVALID_PARAMETER = 0xC000000D;
    static final int INVALID_DEVICE_REQUEST = 0xC0000010;
    static final int NO_MEMORY = 0xC0000017;
    static final int ACCESS_DENIED = 0xC0000022;
    static final int OBJECT_NAME_NOT_FOUND = 0xC0000034;
    static final int INSUFFICIENT_RESOURCES = 0xC000009A;
    static final int NOT_SUPPORTED = 0xC00000BB;
    static final int PIPE_NOT_AVAILABLE = 0xC00000AC;
    static final int ILLEGAL_FUNCTION = 0xC00000AF;
    static final int PIPE_DISCONNECTED = 0xC00000B0;
    static final int PIPE_CLOSING = 0xC00000B1;
    static final int PIPE_CONNECTED = 0xC00000B2;
    static final int PIPE_LISTENING = 0xC00000B3;
    static final int IO_TIMEOUT = 0xC00000B5;
    static final int CANCELLED = 0xC0000120;
    static final int PIPE_BROKEN = 0xC000014B;

    static final int ERROR_NOT_ENOUGH_MEMORY = 8;
    static final int ERROR_MR_MID_NOT_FOUND = 317;
    static final int ERROR_PIPE_LISTENING = 536;
    static final int ERROR_HANDLES_CLOSED = 676;
    static final int ERROR_NO_SYSTEM_RESOURCES = 1450;

    private NtStatus() {
    }

    /** Whether a call that ends at once with this status counts as a success, after which no packet follows. */
    static boolean isSuccessOrWarning(int status) {
        return status >>> 30 != 3;
    }

    static int toError(int status) {
        switch (status) {
            case SUCCESS: return Win32Error.ERROR_SUCCESS;
            case PENDING: return Win32Error.ERROR_IO_PENDING;
            case BUFFER_OVERFLOW: return Win32Error.ERROR_MORE_DATA;
            case HANDLES_CLOSED: return ERROR_HANDLES_CLOSED;
            case NOT_IMPLEMENTED:
            case INVALID_DEVICE_REQUEST:
            case ILLEGAL_FUNCTION: return Win32Error.ERROR_INVALID_FUNCTION;
            case INVALID_HANDLE: return Win32Error.ERROR_INVALID_HANDLE;
            case INVALID_PARAMETER: return Win32Error.ERROR_INVALID_PARAMETER;
            case NO_MEMORY: return ERROR_NOT_ENOUGH_MEMORY;
            case ACCESS_DENIED: return Win32Error.ERROR_ACCESS_DENIED;
            case OBJECT_NAME_NOT_FOUND: return Win32Error.ERROR_FILE_NOT_FOUND;
            case INSUFFICIENT_RESOURCES: return ERROR_NO_SYSTEM_RESOURCES;
            case NOT_SUPPORTED: return Win32Error.ERROR_NOT_SUPPORTED;
            case PIPE_NOT_AVAILABLE: return Win32Error.ERROR_PIPE_BUSY;
            case PIPE_DISCONNECTED: return Win32Error.ERROR_PIPE_NOT_CONNECTED;
            case PIPE_CLOSING: return Win32Error.ERROR_NO_DATA;
            case PIPE_CONNECTED: return Win32Error.ERROR_PIPE_CONNECTED;
            case PIPE_LISTENING: return ERROR_PIPE_LISTENING;
            case IO_TIMEOUT: return Win32Error.ERROR_SEM_TIMEOUT;
            case CANCELLED: return Win32Error.ERROR_OPERATION_ABORTED;
            case PIPE_BROKEN: return Win32Error.ERROR_BROKEN_PIPE;
            default: return ERROR_MR_MID_NOT_FOUND;
        }
    }
}
