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

import io.nettypipe.iocp.IocpIoCompletion;
import io.nettypipe.iocp.IocpIoOps;
import io.nettypipe.win32.NativeMemory;
import io.nettypipe.win32.PipeFlags;
import io.nettypipe.win32.Win32Error;

/**
 * Asks whether the peer of a connected end is still there, without reading: by the state of the pipe. A server's handle
 * of an outbound pipe has no right to ask for that ({@code FILE_READ_ATTRIBUTES}, which {@code CreateNamedPipe} gives
 * only with {@code GENERIC_READ}), but it may listen: "ConnectNamedPipe" answers at once {@code ERROR_PIPE_CONNECTED},
 * or {@code ERROR_NO_DATA} if the client has left.
 */
final class PeerPresence implements IocpIoCompletion {
    private static final int STATUS_BLOCK_SIZE = 16;
    private static final int INFORMATION_SIZE = 40;
    private static final int STATE = STATUS_BLOCK_SIZE + 32;
    private static final int CONNECTED = 3;

    enum Answer { THERE, GONE, UNKNOWN, CANCELLED }

    private final NamedPipeChannel channel;
    private final Runnable whenAnswered;
    private final IocpIoOps listen = IocpIoOps.control(PipeFlags.FSCTL_PIPE_LISTEN, this);
    private Answer answer = Answer.UNKNOWN;

    /**
     * Prepares.
     *
     * @param whenAnswered told on the event loop of each answer that {@link #ask()} did not have
     */
    PeerPresence(NamedPipeChannel channel, Runnable whenAnswered) {
        this.channel = channel;
        this.whenAnswered = whenAnswered;
    }

    /** Asks. Returns whether {@link #answer()} has the answer now, not later. */
    boolean ask() {
        if (listen.isOutstanding()) {
            return false;
        }
        try (NativeMemory scratch = new NativeMemory(STATUS_BLOCK_SIZE + INFORMATION_SIZE, 8)) {
            int error = channel.win32().queryInformationFile(channel.handle(),
                    PipeFlags.FILE_PIPE_LOCAL_INFORMATION, scratch.address(), INFORMATION_SIZE);
            if (error == Win32Error.ERROR_ACCESS_DENIED) {
                if (channel.file().submit(listen, 0, 0)) {
                    return false;
                }
                listened();
            } else if (error == Win32Error.ERROR_SUCCESS) {
                answer = scratch.view().getInt(STATE) == CONNECTED ? Answer.THERE : Answer.GONE;
            } else {
                // Disconnected, an end has no state any more.
                answer = PipeErrors.isPeerGone(error) ? Answer.GONE : Answer.UNKNOWN;
            }
        }
        return true;
    }

    private void listened() {
        answer = listen.error() == Win32Error.ERROR_PIPE_CONNECTED ? Answer.THERE
                : PipeErrors.isPeerGone(listen.error()) ? Answer.GONE
                : listen.error() == Win32Error.ERROR_OPERATION_ABORTED ? Answer.CANCELLED : Answer.UNKNOWN;
    }

    /** Whether the answer is still to come. */
    boolean isAsked() {
        return listen.isOutstanding();
    }

    Answer answer() {
        return answer;
    }

    /** Asks to cancel; the answer then comes as cancelled, or as it would have. */
    void cancel() {
        channel.cancel(listen);
    }

    @Override
    public void completed(IocpIoOps ops) {
        listened();
        whenAnswered.run();
    }
}
