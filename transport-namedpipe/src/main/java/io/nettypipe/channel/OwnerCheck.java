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
import io.nettypipe.win32.Win32Error;
import io.nettypipe.win32.Win32Identity;

import java.io.IOException;
import java.util.Set;

/**
 * Whether a pipe that was just opened belongs to whom the client trusts. Asking may block, for a pipe of another
 * machine; so that is done by the thread that opens it.
 */
final class OwnerCheck {
    private final NamedPipeAddress pipe;
    private final NamedPipeOwner owner;

    OwnerCheck(NamedPipeAddress pipe, NamedPipeOwner owner) {
        this.pipe = pipe;
        this.owner = owner;
    }

    /** Whether the handle needs the right to read the owner. */
    boolean isNeeded() {
        return !owner.isAnyone();
    }

    /**
     * Asks. The thread that opened the pipe.
     *
     * @throws IOException if the pipe must not be used
     */
    void require(Win32 win32, long handle) throws IOException {
        if (isNeeded()) {
            try {
                Set<String> expected = owner.sids(win32.identity());
                String actual = ownerOf(win32.identity(), handle);
                if (actual != null && !expected.contains(NamedPipeOwner.ofSystem(actual))) {
                    throw new NamedPipeOwnerException(pipe, expected, actual, owner.advice(actual));
                }
            } catch (SystemCallException e) {
                throw new NamedPipeException(e.call(), pipe, e.error());
            }
        }
    }

    /**
     * Answers {@code null} of a client whom the server has disconnected already: it is nobody's for good, takes no
     * writes, and its first read finds the end of the stream. Any other error says nothing of the kind.
     */
    private static String ownerOf(Win32Identity identity, long handle) throws SystemCallException {
        try {
            return identity.ownerOf(handle);
        } catch (SystemCallException e) {
            if (e.error() == Win32Error.ERROR_PIPE_NOT_CONNECTED) {
                return null;
            }
            throw e;
        }
    }
}
