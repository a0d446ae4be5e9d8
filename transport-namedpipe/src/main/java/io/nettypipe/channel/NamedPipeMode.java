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

/** What a pipe carries, or how an end of it is read. */
public enum NamedPipeMode {
    /** A stream of bytes without boundaries: {@code PIPE_TYPE_BYTE}, {@code PIPE_READMODE_BYTE}. */
    BYTE,
    /** Messages, one for each write: {@code PIPE_TYPE_MESSAGE}, {@code PIPE_READMODE_MESSAGE}. */
    MESSAGE;

    /** Makes it the read mode of an end of a message-type pipe ({@code SetNamedPipeHandleState}). Returns the error. */
    int setOn(Win32 win32, long handle) {
        try (NativeMemory mode = new NativeMemory(4, 4)) {
            mode.view().putInt(0, this == MESSAGE ? PipeFlags.PIPE_READMODE_MESSAGE : PipeFlags.PIPE_READMODE_BYTE);
            return win32.setNamedPipeHandleState(handle, mode.address());
        }
    }
}
