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

import io.nettypipe.win32.PipeFlags;

/**
 * Which way data flows, as an end of the pipe sees it itself: a server that is {@link #INBOUND} has clients that are
 * {@link #OUTBOUND}.
 */
public enum NamedPipeDirection {
    /**
     * Both ways: {@code PIPE_ACCESS_DUPLEX} on a server, {@code GENERIC_READ} and {@code GENERIC_WRITE} on a client.
     */
    DUPLEX(PipeFlags.PIPE_ACCESS_DUPLEX, PipeFlags.GENERIC_READ | PipeFlags.GENERIC_WRITE),
    /**
     * This end only reads: {@code PIPE_ACCESS_INBOUND} on a server, {@code GENERIC_READ} on a client. A client that
     * reads messages also needs {@code FILE_WRITE_ATTRIBUTES}, to set its read mode. Writing fails with
     * {@link UnsupportedOperationException}, and the channel goes on.
     */
    INBOUND(PipeFlags.PIPE_ACCESS_INBOUND, PipeFlags.GENERIC_READ),
    /**
     * This end only writes: {@code PIPE_ACCESS_OUTBOUND} on a server, {@code GENERIC_WRITE} and
     * {@code FILE_READ_ATTRIBUTES} on a client. A {@code read()} brings nothing but the end: the system tells such an
     * end nothing of its peer, so while a {@code read()} is pending, which with {@code AUTO_READ} is always, the
     * channel looks once a second whether the peer is still there, and closes if it is not. A write that fails because
     * the peer left closes it as well.
     */
    OUTBOUND(PipeFlags.PIPE_ACCESS_OUTBOUND, PipeFlags.GENERIC_WRITE | PipeFlags.FILE_READ_ATTRIBUTES);

    private final int openMode;
    private final int access;

    NamedPipeDirection(int openMode, int access) {
        this.openMode = openMode;
        this.access = access;
    }

    boolean reads() {
        return this != OUTBOUND;
    }

    boolean writes() {
        return this != INBOUND;
    }

    /** The {@code PIPE_ACCESS_*} of a server. */
    int openMode() {
        return openMode;
    }

    /** What a client asks for; no more than it needs, because a pipe may grant no more. */
    int access(NamedPipeMode readMode) {
        // "SetNamedPipeHandleState": a handle that only reads needs FILE_WRITE_ATTRIBUTES to set its mode.
        return this == INBOUND && readMode == NamedPipeMode.MESSAGE
                ? access | PipeFlags.FILE_WRITE_ATTRIBUTES : access;
    }
}
