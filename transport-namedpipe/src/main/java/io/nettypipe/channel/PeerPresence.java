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

import io.nettypipe.iocp.IocpIoOps;
import io.nettypipe.win32.NativeMemory;
import io.nettypipe.win32.PipeFlags;
import io.nettypipe.win32.WinError;

/**
 * Asks whether the peer of a connected end is still there, without reading: by the state of the pipe. A server's handle
 * of an outbound pipe has no right to ask for that ({@code FILE_READ_ATTRIBUTES}, which {@code CreateNamedPipe} gives
 * only with {@code GENERIC_READ}), but it may listen: "ConnectNamedPipe" answers at once {@code ERROR_PIPE_CONNECTED},
 * or {@code ERROR_NO_DATA} if the client has left.
 */
final class PeerPresence implements PipeOperation {
    private static final int STATUS_BLOCK_SIZE = 16;
    private static final int INFORMATION_SIZE = 40;
    private static final int STATE = STATUS_BLOCK_SIZE + 32;
    private static final int CONNECTED = 3;

    enum Answer { THERE, GONE, UNKNOWN }

    private final NamedPipeChannel channel;
    private final IocpIoOps listen = IocpIoOps.control(PipeFlags.FSCTL_PIPE_LISTEN, this);

    PeerPresence(NamedPipeChannel channel) {
        this.channel = channel;
    }

    Answer ask() {
        try (NativeMemory scratch = new NativeMemory(STATUS_BLOCK_SIZE + INFORMATION_SIZE, 8)) {
            int error = channel.registration().win32().queryInformationFile(channel.handle(),
                    PipeFlags.FILE_PIPE_LOCAL_INFORMATION, scratch.address(), INFORMATION_SIZE);
            if (error == WinError.ERROR_SUCCESS) {
                return scratch.view().getInt(STATE) == CONNECTED ? Answer.THERE : Answer.GONE;
            }
            if (error == WinError.ERROR_ACCESS_DENIED) {
                return listen();
            }
            // Disconnected, an end has no state any more.
            return PipeErrors.isPeerGone(error) ? Answer.GONE : Answer.UNKNOWN;
        }
    }

    private Answer listen() {
        if (listen.isOutstanding()) {
            return Answer.UNKNOWN;
        }
        if (channel.registration().submit(listen.on(channel.handle(), 0, 0)) != 0) {
            // It waits for a client, so that there is none.
            channel.registration().cancel(listen);
            return Answer.GONE;
        }
        return listen.error() == WinError.ERROR_PIPE_CONNECTED ? Answer.THERE
                : PipeErrors.isPeerGone(listen.error()) ? Answer.GONE : Answer.UNKNOWN;
    }

    @Override
    public void ended(IocpIoOps ops) {
        // The answer was given.
    }
}
