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

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The handles that this process has: what a test of lost ones needs, and the transport itself does not. */
public final class ProcessHandles {
    private static final int SYSTEM_EXTENDED_HANDLE_INFORMATION = 64;
    private static final int OBJECT_TYPE_INFORMATION = 2;
    private static final int STATUS_INFO_LENGTH_MISMATCH = 0xC0000004;
    /** Sizes and offsets of SYSTEM_HANDLE_INFORMATION_EX and of its entries on a 64-bit system, in bytes. */
    private static final int HEADER = 16;
    private static final int ENTRY = 40;
    private static final int PROCESS_ID = 8;
    private static final int HANDLE_VALUE = 16;
    /** The UNICODE_STRING at the beginning of OBJECT_TYPE_INFORMATION: its length in bytes, and its characters. */
    private static final int NAME_CHARACTERS = 8;

    /** The types' names. Files of any kind are of the type of pipes. */
    private static final String PIPES = "File";
    private static final String PORTS = "IoCompletion";
    private static final String TOKENS = "Token";

    private ProcessHandles() {
    }

    /** The calls. */
    interface Ntdll extends StdCallLibrary {
        Ntdll INSTANCE = Native.load("ntdll", Ntdll.class);

        int NtQuerySystemInformation(int information, Pointer buffer, int length, IntByReference needed);

        int NtQueryObject(long handle, int information, Pointer buffer, int length, IntByReference needed);
    }

    /**
     * How many there are of each type of object that the transport opens. Those of other types are the JVM's and Wine's
     * own: each thread has several events, which the JVM keeps for later ones, and it starts threads when it likes.
     */
    public static Map<String, Integer> ofTransport() {
        Map<String, Integer> counts = byType();
        counts.keySet().retainAll(Set.of(PIPES, PORTS, TOKENS));
        return counts;
    }

    /** How many there are of each type of object. */
    public static Map<String, Integer> byType() {
        return byType(1 << 18);
    }

    private static Map<String, Integer> byType(int size) {
        try (Memory list = new Memory(size); Memory type = new Memory(1024)) {
            int status = Ntdll.INSTANCE.NtQuerySystemInformation(
                    SYSTEM_EXTENDED_HANDLE_INFORMATION, list, size, new IntByReference());
            if (status == STATUS_INFO_LENGTH_MISMATCH) {
                return byType(size * 2);
            }
            if (status != 0) {
                throw new IllegalStateException("NtQuerySystemInformation answers " + Integer.toHexString(status));
            }
            long self = ProcessHandle.current().pid();
            Map<String, Integer> counts = new TreeMap<>();
            for (long i = 0; i < list.getLong(0); i++) {
                if (list.getLong(HEADER + i * ENTRY + PROCESS_ID) == self) {
                    counts.merge(typeOf(list.getLong(HEADER + i * ENTRY + HANDLE_VALUE), type), 1, Integer::sum);
                }
            }
            if (counts.isEmpty()) {
                throw new IllegalStateException("no handle of this process in the list");
            }
            return counts;
        }
    }

    private static String typeOf(long handle, Memory type) {
        int status = Ntdll.INSTANCE.NtQueryObject(
                handle, OBJECT_TYPE_INFORMATION, type, (int) type.size(), new IntByReference());
        // One that was closed since it was listed.
        return status != 0 ? "closed"
                : new String(type.getPointer(NAME_CHARACTERS).getCharArray(0, type.getShort(0) / Character.BYTES));
    }
}
