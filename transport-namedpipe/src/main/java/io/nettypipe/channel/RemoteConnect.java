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

import io.netty.util.concurrent.EventExecutor;
import io.nettypipe.win32.NativeMemory;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.Win32Error;

import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongPredicate;

/**
 * Opens pipes of other machines on helper threads, because {@code CreateFile} and {@code WaitNamedPipe} block there.
 * One that does not answer can hold a {@code CreateFile} for a minute, and nothing ends that sooner; so each host has
 * its share of the threads, and beyond it an attempt waits for its turn, while its connect timeout runs. Nobody else
 * waits: an attempt that is given up is over at once, and what its call opens later is closed.
 */
final class RemoteConnect {
    static final int THREADS = 64;
    static final int THREADS_PER_HOST = 8;
    /**
     * How long a wait for a free instance has the helper thread to itself, in milliseconds. Then it is another's turn.
     */
    private static final int WAIT_MILLIS = 250;
    private static final HelperThreads HELPERS =
            new HelperThreads("nettypipe-remote-connect", THREADS, THREADS_PER_HOST);

    private RemoteConnect() {
    }

    /** Opens a pipe, on a helper thread. */
    interface Opener {
        /** Answers the handle or the negated error. */
        long open() throws Exception;
    }

    /**
     * Opens a pipe, once.
     *
     * @param opener    opens it; answers the handle or the negated error
     * @param abandoned whether nobody wants it any more; asked on a helper thread
     * @param loop      where the outcome is told
     * @param outcome   is told the handle or the negated error, and answers whether it took it; a handle that nobody
     *                  took is closed
     * @param failure   is told what the opener threw
     */
    static void open(Win32 win32, NamedPipeAddress pipe, Opener opener, BooleanSupplier abandoned, EventExecutor loop,
                     LongPredicate outcome, Consumer<Throwable> failure) {
        HELPERS.execute(pipe.server(), () -> {
            long handle = -Win32Error.ERROR_OPERATION_ABORTED;
            try {
                if (!abandoned.getAsBoolean()) {
                    handle = opener.open();
                }
            } catch (Throwable t) {
                tell(loop, () -> failure.accept(t), () -> { });
                return;
            }
            tell(win32, loop, outcome, handle);
        });
    }

    private static void tell(Win32 win32, EventExecutor loop, LongPredicate outcome, long handle) {
        tell(loop, () -> {
            if (!outcome.test(handle)) {
                discard(win32, handle);
            }
        }, () -> discard(win32, handle));
    }

    private static void tell(EventExecutor loop, Runnable news, Runnable whenLoopIsGone) {
        try {
            loop.execute(news);
        } catch (RejectedExecutionException loopIsGone) {
            whenLoopIsGone.run();
        }
    }

    private static void discard(Win32 win32, long handle) {
        if (handle >= 0) {
            win32.closeHandle(handle);
        }
    }

    /** Waits for a free instance, for a while; blocks. Returns whether it could be waited for. */
    static boolean awaitInstance(Win32 win32, NamedPipeAddress pipe) {
        try (NativeMemory name = NativeMemory.wideString(pipe.path())) {
            int error = win32.waitNamedPipe(name.address(), WAIT_MILLIS);
            return error == Win32Error.ERROR_SUCCESS || error == Win32Error.ERROR_SEM_TIMEOUT;
        }
    }
}
