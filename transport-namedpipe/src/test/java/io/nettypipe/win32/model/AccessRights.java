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

import io.nettypipe.win32.PipeFlags;

/** What a handle of a pipe may do: the specific rights that the generic ones stand for. */
final class AccessRights {
    static final int READ_DATA = 0x1;
    static final int WRITE_DATA = 0x2;
    static final int READ_ATTRIBUTES = PipeFlags.FILE_READ_ATTRIBUTES;
    static final int WRITE_ATTRIBUTES = PipeFlags.FILE_WRITE_ATTRIBUTES;

    /** For a pipe, what FILE_APPEND_DATA is for a file. */
    static final int CREATE_PIPE_INSTANCE = 0x4;
    static final int WRITE_DAC = 0x40000;
    /** FILE_ALL_ACCESS, FILE_GENERIC_READ, FILE_GENERIC_WRITE and FILE_GENERIC_EXECUTE. */
    static final int ALL = 0x1F01FF;
    static final int READ = 0x120089;
    static final int WRITE = 0x120116;
    static final int EXECUTE = 0x1200A0;
    private static final int GENERIC_ALL = 0x10000000;
    private static final int GENERIC = 0xF0000000;

    private AccessRights() {
    }

    /** Of a server's end: the table of the page "Named Pipe Security and Access Rights". */
    static int ofServer(int openMode) {
        return ((openMode & PipeFlags.PIPE_ACCESS_INBOUND) != 0 ? READ : 0)
                | ((openMode & PipeFlags.PIPE_ACCESS_OUTBOUND) != 0 ? WRITE : 0)
                | openMode & WRITE_DAC;
    }

    /** Of a client's end: {@code CreateFile} always adds the rights to read attributes and to wait for the handle. */
    static int ofClient(int access) {
        return specific(access) | READ_ATTRIBUTES | PipeFlags.SYNCHRONIZE;
    }

    /**
     * What of a client's rights the descriptor must grant. That to create instances is not asked of clients although
     * {@code GENERIC_WRITE} has it: .NET's {@code PipeAccessRights.ReadWrite} lacks it, and is enough for clients that
     * open for {@code GENERIC_READ} and {@code GENERIC_WRITE}.
     */
    static int askedOfClient(int rights) {
        return rights & ~CREATE_PIPE_INSTANCE;
    }

    static int specific(int access) {
        return access & ~GENERIC
                | ((access & PipeFlags.GENERIC_READ) != 0 ? READ : 0)
                | ((access & PipeFlags.GENERIC_WRITE) != 0 ? WRITE : 0)
                | ((access & GENERIC_ALL) != 0 ? ALL : 0);
    }
}
