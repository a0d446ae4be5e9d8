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
package io.nettypipe.testing;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.win32.StdCallLibrary;

/** How many handles this process has: what a test of lost ones needs, and the transport itself does not. */
public final class ProcessHandles {
    private static final int SYSTEM_EXTENDED_HANDLE_INFORMATION = 64;
    private static final int STATUS_INFO_LENGTH_MISMATCH = 0xC0000004;
    /** Sizes and offsets of SYSTEM_HANDLE_INFORMATION_EX and of its entries on a 64-bit system, in bytes. */
    private static final int HEADER = 16;
    private static final int ENTRY = 40;
    private static final int PROCESS_ID = 8;

    private ProcessHandles() {
    }

    /** The calls that count. */
    interface Kernel32 extends StdCallLibrary {
        Kernel32 INSTANCE = Native.load("kernel32", Kernel32.class);

        long GetCurrentProcess();

        int GetProcessHandleCount(long process, IntByReference count);
    }

    /** The calls that list. */
    interface Ntdll extends StdCallLibrary {
        Ntdll INSTANCE = Native.load("ntdll", Ntdll.class);

        int NtQuerySystemInformation(int information, Pointer buffer, int length, IntByReference needed);
    }

    /** Counts. Wine answers {@code GetProcessHandleCount} with 0, so there those of the whole system are listed. */
    public static int count() {
        IntByReference count = new IntByReference();
        Kernel32.INSTANCE.GetProcessHandleCount(Kernel32.INSTANCE.GetCurrentProcess(), count);
        return count.getValue() > 0 ? count.getValue() : countInList(1 << 18);
    }

    private static int countInList(int size) {
        try (Memory list = new Memory(size)) {
            int status = Ntdll.INSTANCE.NtQuerySystemInformation(
                    SYSTEM_EXTENDED_HANDLE_INFORMATION, list, size, new IntByReference());
            if (status == STATUS_INFO_LENGTH_MISMATCH) {
                return countInList(size * 2);
            }
            if (status != 0) {
                throw new IllegalStateException("NtQuerySystemInformation answers " + Integer.toHexString(status));
            }
            long self = ProcessHandle.current().pid();
            int count = 0;
            for (long i = 0; i < list.getLong(0); i++) {
                count += list.getLong(HEADER + i * ENTRY + PROCESS_ID) == self ? 1 : 0;
            }
            if (count == 0) {
                throw new IllegalStateException("no handle of this process in the list");
            }
            return count;
        }
    }
}
