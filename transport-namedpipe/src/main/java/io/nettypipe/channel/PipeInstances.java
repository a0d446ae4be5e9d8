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

/**
 * Creates and closes the server's ends of one pipe. All are alike, but that one which finds no other of ours claims the
 * name. Any thread; the accepted channels close theirs from their own event loops.
 */
final class PipeInstances {
    private final Win32 win32;
    private final NamedPipeServerChannelConfig config;
    private final NativeMemory name;
    private int open;
    private int missing;
    private boolean stopped;

    PipeInstances(Win32 win32, NamedPipeServerChannelConfig config, NamedPipeAddress address) {
        this.win32 = win32;
        this.config = config;
        name = NativeMemory.wideString(address.path());
    }

    /** Returns the handle of a new instance that waits for nobody yet, or the negated error. */
    synchronized long create() {
        int openMode = config.getDirection().openMode() | PipeFlags.FILE_FLAG_OVERLAPPED;
        if (open == 0 && config.isFirstInstance()) {
            openMode |= PipeFlags.FILE_FLAG_FIRST_PIPE_INSTANCE;
        }
        int pipeMode = 0;
        if (config.getPipeType() == NamedPipeMode.MESSAGE) {
            pipeMode |= PipeFlags.PIPE_TYPE_MESSAGE;
        }
        if (config.getReadMode() == NamedPipeMode.MESSAGE) {
            pipeMode |= PipeFlags.PIPE_READMODE_MESSAGE;
        }
        if (config.isRejectRemoteClients()) {
            pipeMode |= PipeFlags.PIPE_REJECT_REMOTE_CLIENTS;
        }
        long handle = win32.createNamedPipe(name.address(), openMode, pipeMode, config.getMaxInstances(),
                config.getOutBufferSize(), config.getInBufferSize(), 0);
        if (handle >= 0) {
            open++;
        }
        return handle;
    }

    /** Whether there is none of ours. */
    synchronized boolean isEmpty() {
        return open == 0;
    }

    /** Says how many instances less than wanted there are because of the limit. */
    synchronized void missing(int count) {
        missing = count;
    }

    /**
     * Closes an instance and, if one is missing, creates another at once: at the limit it may have been the last that
     * kept the name.
     *
     * @return the handle of the new one, or something negative
     */
    synchronized long close(long handle) {
        win32.closeHandle(handle);
        open--;
        if (stopped || missing == 0) {
            return -1;
        }
        long replacement = create();
        if (replacement >= 0) {
            missing--;
        }
        return replacement;
    }

    /** Closes an instance that nobody takes, if it is one. */
    synchronized void discard(long handle) {
        if (handle >= 0) {
            win32.closeHandle(handle);
            open--;
        }
    }

    /** Nothing is created any more. */
    synchronized void stop() {
        if (!stopped) {
            stopped = true;
            name.close();
        }
    }
}
