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

import io.nettypipe.win32.NativeMemory;
import io.nettypipe.win32.PipeFlags;
import io.nettypipe.win32.Win32;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Tries to become a server of a name, again and again. */
final class Squatter implements AutoCloseable {
    private final Win32 win32;
    private final NamedPipeAddress address;
    private final int flags;
    private final Thread thread = new Thread(this::run, "squatter");
    private volatile boolean stopped;
    private volatile int tries;
    private volatile boolean succeeded;

    /** One who wants the name for himself ({@code FILE_FLAG_FIRST_PIPE_INSTANCE}), and gets it only if it is free. */
    Squatter(Win32 win32, NamedPipeAddress address) {
        this(win32, address, PipeFlags.FILE_FLAG_FIRST_PIPE_INSTANCE);
    }

    Squatter(Win32 win32, NamedPipeAddress address, int flags) {
        this.win32 = win32;
        this.address = address;
        this.flags = flags;
        thread.start();
    }

    private void run() {
        try (NativeMemory name = NativeMemory.wideString(address.path())) {
            do {
                long handle = win32.createNamedPipe(name.address(),
                        PipeFlags.PIPE_ACCESS_DUPLEX | PipeFlags.FILE_FLAG_OVERLAPPED | flags, 0, 255, 0, 0, 0);
                if (handle >= 0) {
                    succeeded = true;
                    win32.closeHandle(handle);
                }
                tries++;
                Thread.yield();
            } while (!stopped && !succeeded);
        }
    }

    void assertRefused() {
        close();
        assertTrue(tries > 0);
        assertFalse(succeeded, () -> "squatted after " + tries + " tries");
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
