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

/** A client's end that was just opened. */
final class ClientEnd {

    private ClientEnd() {
    }

    /**
     * Makes sure that it is a pipe's, before anything else is done with it, and returns the pipe's type. A path may
     * lead elsewhere: one of another machine to a file of its WebDAV server, for one. For a pipe of another machine it
     * asks that, and blocks.
     */
    static NamedPipeMode pipeType(Win32 win32, long handle, NamedPipeAddress pipe) throws NamedPipeException {
        try (NativeMemory flags = new NativeMemory(4, 4)) {
            int error = win32.getNamedPipeInfo(handle, flags.address());
            boolean isNone = error == Win32Error.ERROR_INVALID_FUNCTION || error == Win32Error.ERROR_INVALID_PARAMETER;
            check("GetNamedPipeInfo" + (isNone ? " (what was opened is no pipe)" : ""), pipe, error);
            return (flags.view().getInt(0) & PipeFlags.PIPE_TYPE_MESSAGE) != 0 ? NamedPipeMode.MESSAGE
                    : NamedPipeMode.BYTE;
        }
    }

    /** Sets how it is read; of a new one it is as bytes. The same for a pipe of another machine. */
    static void setReadMode(Win32 win32, long handle, NamedPipeMode readMode, NamedPipeAddress pipe)
            throws NamedPipeException {
        if (readMode == NamedPipeMode.MESSAGE) {
            check("SetNamedPipeHandleState to message-read mode", pipe, readMode.setOn(win32, handle));
        }
    }

    /** A server that has disconnected this client already is the end of the stream, for the first read to find. */
    private static void check(String operation, NamedPipeAddress pipe, int error) throws NamedPipeException {
        if (error != Win32Error.ERROR_SUCCESS && !PipeErrors.isPeerGone(error)) {
            throw new NamedPipeException(operation, pipe, error);
        }
    }
}
