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
import io.nettypipe.win32.Win32Error;

/** What a pipe carries, or how an end of it is read. */
public enum NamedPipeMode {
    /** A stream of bytes without boundaries: {@code PIPE_TYPE_BYTE}, {@code PIPE_READMODE_BYTE}. */
    BYTE,
    /** Messages, one for each write: {@code PIPE_TYPE_MESSAGE}, {@code PIPE_READMODE_MESSAGE}. */
    MESSAGE;

    /** The {@code PIPE_READMODE_*}. */
    int flag() {
        return this == MESSAGE ? PipeFlags.PIPE_READMODE_MESSAGE : PipeFlags.PIPE_READMODE_BYTE;
    }

    /** Makes it the read mode of an end of a message-type pipe ({@code SetNamedPipeHandleState}). Returns the error. */
    int setOn(Win32 win32, long handle) {
        try (NativeMemory mode = new NativeMemory(4, 4)) {
            mode.view().putInt(0, flag());
            return win32.setNamedPipeHandleState(handle, mode.address());
        }
    }

    /**
     * What a pipe carries. For a pipe of another machine it asks that, and blocks.
     *
     * @throws NamedPipeException if the handle is no pipe's, too
     */
    static NamedPipeMode ofPipe(Win32 win32, long handle, NamedPipeAddress pipe) throws NamedPipeException {
        try (NativeMemory flags = new NativeMemory(4, 4)) {
            int error = win32.getNamedPipeInfo(handle, flags.address());
            boolean isNone = error == Win32Error.ERROR_INVALID_FUNCTION || error == Win32Error.ERROR_INVALID_PARAMETER;
            PipeErrors.check("GetNamedPipeInfo" + (isNone ? " (what was opened is no pipe)" : ""), pipe, error);
            return (flags.view().getInt(0) & PipeFlags.PIPE_TYPE_MESSAGE) != 0 ? MESSAGE : BYTE;
        }
    }
}
