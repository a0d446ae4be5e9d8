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

import io.netty.util.concurrent.Future;
import io.nettypipe.iocp.IocpIoOps;
import io.nettypipe.win32.NativeMemory;
import io.nettypipe.win32.PipeFlags;
import io.nettypipe.win32.WinError;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Looks from time to time whether the peer of an end that only writes is still there. An end that reads is told by its
 * pending read; there is nothing that such an end could leave with the system to be told.
 * <p>
 * A client asks for the state of the pipe. A server's handle of an outbound pipe has no right to ask that
 * ({@code FILE_READ_ATTRIBUTES}, which {@code CreateNamedPipe} gives only with {@code GENERIC_READ}), but it may
 * listen: "ConnectNamedPipe" answers at once {@code ERROR_PIPE_CONNECTED}, or {@code ERROR_NO_DATA} if the client has
 * left.
 */
final class EndWatch implements PipeOperation {
    private static final long INTERVAL_MILLIS = 1000;
    private static final int STATUS_BLOCK_SIZE = 16;
    private static final int INFORMATION_SIZE = 40;
    private static final int STATE = STATUS_BLOCK_SIZE + 32;
    private static final int CONNECTED = 3;

    private final NamedPipeChannel channel;
    private final BooleanSupplier wanted;
    private final IocpIoOps listen = IocpIoOps.control(PipeFlags.FSCTL_PIPE_LISTEN, this);
    private Future<?> next;

    /**
     * Prepares.
     *
     * @param wanted whether to look again
     */
    EndWatch(NamedPipeChannel channel, BooleanSupplier wanted) {
        this.channel = channel;
        this.wanted = wanted;
    }

    /** Looks, never from inside its caller, and then from time to time. */
    void start() {
        if (next == null) {
            next = channel.eventLoop().schedule(this::look, 0, TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        next = null;
        if (!wanted.getAsBoolean() || !channel.isActive() || !channel.canSubmit() || listen.isOutstanding()) {
            return;
        }
        if (channel.parent() == null ? clientSeesServer() : serverSeesClient()) {
            next = channel.eventLoop().schedule(this::look, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            channel.unsafe().close(channel.unsafe().voidPromise());
        }
    }

    private boolean serverSeesClient() {
        return channel.registration().submit(listen.on(channel.handle(), 0, 0)) == 0
                && listen.error() != WinError.ERROR_NO_DATA;
    }

    private boolean clientSeesServer() {
        try (NativeMemory scratch = new NativeMemory(STATUS_BLOCK_SIZE + INFORMATION_SIZE, 8)) {
            int error = channel.registration().win32().queryInformationFile(channel.handle(),
                    PipeFlags.FILE_PIPE_LOCAL_INFORMATION, scratch.address(), INFORMATION_SIZE);
            // Disconnected, the end has no state any more. Of a pipe on another machine the state may not be known.
            return !PipeErrors.isPeerGone(error)
                    && (error != WinError.ERROR_SUCCESS || scratch.view().getInt(STATE) == CONNECTED);
        }
    }

    /** Stops until the next {@link #start()}. */
    void cancel() {
        if (next != null) {
            next.cancel(false);
            next = null;
        }
        if (listen.isOutstanding()) {
            channel.registration().cancel(listen);
        }
    }

    @Override
    public void ended(IocpIoOps ops) {
        if (!channel.isClosing()) {
            start();
        }
    }
}
