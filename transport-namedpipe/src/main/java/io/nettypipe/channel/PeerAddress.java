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

import io.nettypipe.win32.SystemCallException;
import io.nettypipe.win32.Win32;

/**
 * The address of the client at the other end of a server's end: the pipe's, which shows the client's process, so that
 * logs tell clients apart. The system is asked once, when somebody wants the address, by whichever thread that is: it
 * knows the answer and does not block. The lock keeps the handle from going meanwhile; a handle that is used a moment
 * later may be another's.
 */
final class PeerAddress {
    private final Win32 win32;
    private final long handle;
    private final NamedPipeAddress pipe;
    private NamedPipeAddress known;

    PeerAddress(Win32 win32, long handle, NamedPipeAddress pipe) {
        this.win32 = win32;
        this.handle = handle;
        this.pipe = pipe;
    }

    /** Answers the address, without the process if the system does not tell. Any thread. */
    synchronized NamedPipeAddress get() {
        if (known == null) {
            known = ask();
        }
        return known;
    }

    private NamedPipeAddress ask() {
        try {
            return pipe.ofProcess(Integer.toUnsignedLong(win32.identity().processId(handle, true)));
        } catch (SystemCallException untold) {
            return pipe;
        }
    }

    /** From now on the handle is not used: who did not ask before will not learn the process. */
    synchronized void handleGoes() {
        if (known == null) {
            known = pipe;
        }
    }
}
