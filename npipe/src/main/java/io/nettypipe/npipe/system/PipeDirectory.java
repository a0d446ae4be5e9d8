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

import com.sun.jna.Native;
import io.nettypipe.win32.ErrorText;
import io.nettypipe.win32.NativeMemory;
import io.nettypipe.win32.PipeFlags;
import io.nettypipe.win32.SystemWin32;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The pipes of this machine, which are the files of the directory {@code \\.\pipe\} ({@code NtQueryDirectoryFile}). The
 * pipe driver answers with the instances of each where a file system has the file's size, and with their limit where it
 * has what is allocated to it; {@code FindFirstFile} passes on only the first. No instance is used up by it.
 */
public final class PipeDirectory {
    private static final String PATH = "\\\\.\\pipe\\";
    private static final int FILE_SHARE_ALL = 7;
    private static final int OPEN_EXISTING = 3;
    private static final int FILE_FLAG_BACKUP_SEMANTICS = 0x02000000;
    private static final long INVALID_HANDLE_VALUE = -1;
    /** Of FILE_DIRECTORY_INFORMATION: the information class, and offsets in bytes. */
    private static final int FILE_DIRECTORY_INFORMATION = 1;
    private static final int END_OF_FILE = 40;
    private static final int ALLOCATION_SIZE = 48;
    private static final int NAME_LENGTH = 60;
    private static final int NAME = 64;
    private static final int STATUS_NO_MORE_FILES = 0x80000006;
    private static final int BUFFER_SIZE = 64 * 1024;

    private PipeDirectory() {
    }

    /**
     * A pipe.
     *
     * @param name         behind {@code \\.\pipe\}
     * @param instances    how many there are
     * @param maxInstances how many there may be; -1 is no limit
     */
    public record Entry(String name, int instances, int maxInstances) {
        /** The instances as people read them. */
        public String limit() {
            return maxInstances == -1 ? "no limit" : String.valueOf(maxInstances);
        }
    }

    /**
     * All pipes, by name.
     *
     * @throws IOException if the system does not tell
     */
    public static List<Entry> list() throws IOException {
        try (NativeMemory path = NativeMemory.wideString(PATH)) {
            long directory = Kernel32.CreateFileW(path.address(), PipeFlags.GENERIC_READ, FILE_SHARE_ALL, 0,
                    OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, 0);
            if (directory == INVALID_HANDLE_VALUE) {
                throw new IOException("the directory of the pipes cannot be opened: "
                        + ErrorText.of(Native.getLastError()));
            }
            try {
                return read(directory);
            } finally {
                Kernel32.CloseHandle(directory);
            }
        }
    }

    private static List<Entry> read(long directory) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (NativeMemory statusBlock = new NativeMemory(16, 8);
             NativeMemory buffer = new NativeMemory(BUFFER_SIZE, 8)) {
            while (true) {
                int status = Ntdll.NtQueryDirectoryFile(directory, 0, 0, 0, statusBlock.address(), buffer.address(),
                        BUFFER_SIZE, FILE_DIRECTORY_INFORMATION, (byte) 0, 0, (byte) 0);
                if (status == STATUS_NO_MORE_FILES) {
                    entries.sort(Comparator.comparing(Entry::name, String.CASE_INSENSITIVE_ORDER));
                    return entries;
                }
                if (status != 0) {
                    throw new IOException("this system does not list its pipes: "
                            + ErrorText.of(SystemWin32.get().errorOf(status)));
                }
                parse(buffer.view(), entries);
            }
        }
    }

    /** Adds the entries of an answer, each of which says how far away the next is. */
    static void parse(ByteBuffer answer, List<Entry> entries) {
        int entry = 0;
        int next;
        do {
            byte[] name = new byte[answer.getInt(entry + NAME_LENGTH)];
            answer.get(entry + NAME, name);
            entries.add(new Entry(new String(name, StandardCharsets.UTF_16LE), answer.getInt(entry + END_OF_FILE),
                    answer.getInt(entry + ALLOCATION_SIZE)));
            next = answer.getInt(entry);
            entry += next;
        } while (next != 0);
    }

    private static final class Kernel32 {
        static {
            Native.register(Kernel32.class, "kernel32");
        }

        static native long CreateFileW(long name, int access, int share, long securityAttributes, int disposition,
                                       int flags, long template);

        static native int CloseHandle(long handle);

        private Kernel32() {
        }
    }

    private static final class Ntdll {
        static {
            Native.register(Ntdll.class, "ntdll");
        }

        static native int NtQueryDirectoryFile(long file, long event, long apcRoutine, long apcContext,
                                               long statusBlock, long information, int length, int informationClass,
                                               byte single, long name, byte restart);

        private Ntdll() {
        }
    }
}
