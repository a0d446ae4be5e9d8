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

import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.nettypipe.win32.NativeMemory;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.WinError;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;

/**
 * Opens pipes of other machines on helper threads, because {@code CreateFile} and {@code WaitNamedPipe} block there.
 */
final class RemoteConnect {
    private static final int MAX_THREADS = 64;
    /** How long one wait for a free instance lasts, in milliseconds, when the connect timeout is off. */
    private static final int WAIT_MILLIS = 30_000;
    private static final Executor HELPERS = newHelpers();

    private RemoteConnect() {
    }

    private static Executor newHelpers() {
        ThreadPoolExecutor helpers = new ThreadPoolExecutor(MAX_THREADS, MAX_THREADS, 10, TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(), new DefaultThreadFactory("nettypipe-remote-connect", true));
        helpers.allowCoreThreadTimeOut(true);
        return helpers;
    }

    /**
     * Opens a pipe.
     *
     * @param timeoutMillis how long to wait while it is busy, 0 for ever
     * @param abandoned     whether nobody wants it any more; asked on a helper thread
     * @param loop          where the outcome is told
     * @param outcome       is told the handle or the negated error, and answers whether it took it; a handle that
     *                      nobody took is closed
     */
    static void open(Win32 win32, NamedPipeAddress pipe, int timeoutMillis, BooleanSupplier abandoned,
                     EventExecutor loop, LongPredicate outcome) {
        HELPERS.execute(() -> {
            long handle = -WinError.ERROR_OPERATION_ABORTED;
            try {
                handle = openAndWait(win32, pipe, timeoutMillis, abandoned);
            } finally {
                tell(win32, loop, outcome, handle);
            }
        });
    }

    private static void tell(Win32 win32, EventExecutor loop, LongPredicate outcome, long handle) {
        try {
            loop.execute(() -> {
                if (!outcome.test(handle)) {
                    discard(win32, handle);
                }
            });
        } catch (RejectedExecutionException loopIsGone) {
            discard(win32, handle);
        }
    }

    private static void discard(Win32 win32, long handle) {
        if (handle >= 0) {
            win32.closeHandle(handle);
        }
    }

    private static long openAndWait(Win32 win32, NamedPipeAddress pipe, int timeoutMillis,
                                    BooleanSupplier abandoned) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        while (!abandoned.getAsBoolean()) {
            long handle = Connector.open(win32, pipe);
            if (handle != -WinError.ERROR_PIPE_BUSY) {
                return handle;
            }
            long left = timeoutMillis == 0 ? WAIT_MILLIS
                    : TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                return handle;
            }
            try (NativeMemory name = NativeMemory.wideString(pipe.path())) {
                int error = win32.waitNamedPipe(name.address(), (int) left);
                if (error != WinError.ERROR_SUCCESS && error != WinError.ERROR_SEM_TIMEOUT) {
                    return -error;
                }
            }
        }
        return -WinError.ERROR_OPERATION_ABORTED;
    }
}
