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

import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.Win32Error;

import java.util.concurrent.Callable;
import java.util.function.IntConsumer;

/**
 * Runs something as the client of a pipe, and gives the thread back who it was before: the process, or in an
 * impersonation within another the client of the outer one. If that fails, the process ends
 * (docs/decisions/0015-acting-as-a-client.md).
 * <p>
 * What the transport does by itself it does as the process. So as long as one is in force on a thread, closing a
 * channel, accepting and connecting wait until it is over, and binding is refused.
 */
final class Impersonation {
    private static final InternalLogger LOGGER = InternalLoggerFactory.getInstance(Impersonation.class);
    private static final int EXIT_STATUS = 1;
    private static final FastThreadLocal<Boolean> IN_FORCE = new FastThreadLocal<>();

    /** Ends the process; tests put something else in its place. */
    static volatile IntConsumer halt = status -> Runtime.getRuntime().halt(status);

    private Impersonation() {
    }

    /** Whether the calling thread acts as a client. */
    static boolean isInForce() {
        return IN_FORCE.isSet();
    }

    /**
     * Runs a task as the client.
     *
     * @param pipe the server's end; it may be closed meanwhile
     * @throws NamedPipeException if the thread cannot act as the client; the task did not run
     * @throws Exception          what the task throws
     */
    static <V> V run(Win32 win32, long pipe, NamedPipeAddress address, Callable<V> task) throws Exception {
        boolean nested = isInForce();
        long before = win32.identity().openThreadToken();
        if (before < 0 && before != -Win32Error.ERROR_NO_TOKEN) {
            throw new NamedPipeException("OpenThreadToken", address, (int) -before);
        }
        int error = Win32Error.ERROR_SUCCESS;
        try {
            IN_FORCE.set(true);
            error = win32.identity().impersonateNamedPipeClient(pipe);
            if (error != Win32Error.ERROR_SUCCESS) {
                throw PipeErrors.onImpersonate(address, error);
            }
            return task.call();
        } finally {
            try {
                // A call that threw, for want of stack or memory, may have begun it.
                if (error == Win32Error.ERROR_SUCCESS) {
                    goBack(win32, before);
                }
            } finally {
                if (!nested) {
                    IN_FORCE.remove();
                }
                if (before > 0) {
                    win32.closeHandle(before);
                }
            }
        }
    }

    /** Nothing here loads a class of its own, which the client may not be allowed to read. */
    private static void goBack(Win32 win32, long before) {
        int error = -1;
        try {
            error = before > 0 ? win32.identity().setThreadToken(before) : win32.identity().revertToSelf();
        } finally {
            if (error != Win32Error.ERROR_SUCCESS) {
                end(error);
            }
        }
    }

    private static void end(int error) {
        try {
            LOGGER.error("{} cannot stop to act as a client (error {}); the process is halted",
                    Thread.currentThread(), error);
        } finally {
            halt.accept(EXIT_STATUS);
        }
        throw new IllegalStateException("the thread still acts as a client");
    }
}
