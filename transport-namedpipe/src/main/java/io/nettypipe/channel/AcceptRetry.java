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
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.nettypipe.win32.ErrorText;
import io.nettypipe.win32.Win32Error;

import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Goes on, later and later, when the system refused a server something, and tells the server's pipeline of it once and
 * not again until it worked in between.
 */
final class AcceptRetry {
    private static final InternalLogger LOGGER = InternalLoggerFactory.getInstance(AcceptRetry.class);
    private static final long FIRST_MILLIS = 5;
    private static final long LAST_MILLIS = 1000;

    /** What can be refused. */
    enum Call {
        CREATE("CreateNamedPipe"), LISTEN("FSCTL_PIPE_LISTEN");

        private final String operation;

        Call(String operation) {
            this.operation = operation;
        }
    }

    private final NamedPipeServerChannel server;
    private final Runnable again;
    private final Set<Call> refused = EnumSet.noneOf(Call.class);
    private long millis = FIRST_MILLIS;
    private boolean warned;
    private Future<?> scheduled;

    AcceptRetry(NamedPipeServerChannel server, Runnable again) {
        this.server = server;
        this.again = again;
    }

    /** It worked. */
    void worked(Call call) {
        refused.remove(call);
        if (refused.isEmpty()) {
            millis = FIRST_MILLIS;
            warned = false;
        }
    }

    /**
     * It did not work. A limit of instances that is reached ({@code ERROR_PIPE_BUSY}) is no failure, but worth another
     * try all the same: another process has some of them, and nobody tells when it closes one.
     */
    void later(Call call, int error) {
        if (error != Win32Error.ERROR_PIPE_BUSY) {
            tell(call, error);
        }
        server.metrics().refused();
        if (LOGGER.isDebugEnabled()) {
            LOGGER.debug("{}: {} failed: {}", server, call.operation, ErrorText.of(error));
        }
        if (scheduled == null) {
            scheduled = server.eventLoop().schedule(this::run, millis, TimeUnit.MILLISECONDS);
            millis = Math.min(millis * 2, LAST_MILLIS);
        }
    }

    private void tell(Call call, int error) {
        if (refused.add(call)) {
            NamedPipeException failure = new NamedPipeException(call.operation, server.localAddress(), error);
            // Never from inside a handler's call that led here.
            server.eventLoop().execute(() -> server.pipeline().fireExceptionCaught(failure));
        } else if (millis == LAST_MILLIS && !warned) {
            warned = true;
            LOGGER.warn("{}: {} still fails, and is tried again every {} ms: {}", server, call.operation, LAST_MILLIS,
                    ErrorText.of(error));
        }
    }

    private void run() {
        scheduled = null;
        server.metrics().retried();
        again.run();
    }

    void cancel() {
        if (scheduled != null) {
            scheduled.cancel(false);
            scheduled = null;
        }
    }
}
