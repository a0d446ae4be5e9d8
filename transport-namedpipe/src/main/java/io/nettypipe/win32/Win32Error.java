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

/** The Win32 error codes and NTSTATUS values that the transport tells apart, by the names that the SDK has. */
public final class Win32Error {
    public static final int ERROR_SUCCESS = 0;
    public static final int ERROR_INVALID_FUNCTION = 1;
    public static final int ERROR_FILE_NOT_FOUND = 2;
    public static final int ERROR_ACCESS_DENIED = 5;
    public static final int ERROR_INVALID_HANDLE = 6;
    public static final int ERROR_NOT_ENOUGH_MEMORY = 8;
    public static final int ERROR_HANDLE_EOF = 38;
    public static final int ERROR_NOT_SUPPORTED = 50;
    public static final int ERROR_INVALID_PARAMETER = 87;
    public static final int ERROR_BROKEN_PIPE = 109;
    public static final int ERROR_CALL_NOT_IMPLEMENTED = 120;
    public static final int ERROR_SEM_TIMEOUT = 121;
    public static final int ERROR_INSUFFICIENT_BUFFER = 122;
    public static final int ERROR_INVALID_NAME = 123;
    public static final int WAIT_IO_COMPLETION = 192;
    public static final int ERROR_PIPE_BUSY = 231;
    public static final int ERROR_NO_DATA = 232;
    public static final int ERROR_PIPE_NOT_CONNECTED = 233;
    public static final int ERROR_MORE_DATA = 234;
    public static final int WAIT_TIMEOUT = 258;
    public static final int ERROR_PIPE_CONNECTED = 535;
    public static final int ERROR_OPERATION_ABORTED = 995;
    public static final int ERROR_IO_PENDING = 997;
    public static final int ERROR_NO_TOKEN = 1008;
    public static final int ERROR_NOT_FOUND = 1168;
    public static final int ERROR_INVALID_OWNER = 1307;
    public static final int ERROR_PRIVILEGE_NOT_HELD = 1314;
    public static final int ERROR_NONE_MAPPED = 1332;
    public static final int ERROR_INVALID_SECURITY_DESCR = 1338;
    public static final int ERROR_CANT_OPEN_ANONYMOUS = 1347;
    public static final int ERROR_CANNOT_IMPERSONATE = 1368;
    public static final int ERROR_NO_SYSTEM_RESOURCES = 1450;
    public static final int ERROR_WORKING_SET_QUOTA = 1453;
    public static final int ERROR_PAGEFILE_QUOTA = 1454;
    public static final int ERROR_COMMITMENT_LIMIT = 1455;
    public static final int ERROR_INVALID_USER_BUFFER = 1784;
    public static final int ERROR_NOT_ENOUGH_QUOTA = 1816;

    public static final int STATUS_SUCCESS = 0;
    public static final int STATUS_PENDING = 0x103;
    public static final int STATUS_BUFFER_OVERFLOW = 0x80000005;

    private Win32Error() {
    }
}
