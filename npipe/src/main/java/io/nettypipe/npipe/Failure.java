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
package io.nettypipe.npipe;

import io.netty.channel.ConnectTimeoutException;
import io.nettypipe.channel.NamedPipe;
import io.nettypipe.channel.NamedPipeException;
import io.nettypipe.channel.NamedPipeOwnerException;

import java.io.Serial;
import java.net.BindException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;

/** What a user is told of a failure: one line that says what happened and what to do, and the exit status. */
final class Failure extends Exception {
    static final int FAILED = 1;
    static final int ABSENT = 3;
    static final int BUSY = 4;
    static final int DENIED = 5;
    static final int UNAVAILABLE = 6;

    /** What {@code SetNamedPipeHandleState} answers when message-read mode is asked of a byte-type pipe. */
    private static final int ERROR_INVALID_PARAMETER = 87;
    @Serial
    private static final long serialVersionUID = 1;

    private final int status;

    Failure(int status, String line, Throwable cause) {
        super(line, cause);
        this.status = status;
    }

    /** The program's exit status. */
    int status() {
        return status;
    }

    /** The failure that an exception means for who uses the address. */
    static Failure of(Throwable e, String address) {
        if (e instanceof Failure known) {
            return known;
        }
        if (e instanceof ConnectTimeoutException) {
            return new Failure(BUSY, address + " is busy, or did not answer in time; try again later, or wait longer"
                    + " with --timeout SECONDS", e);
        }
        if (e instanceof BindException || e instanceof FileAlreadyExistsException) {
            return new Failure(DENIED, "Cannot listen on " + address + " (" + reason(e)
                    + "); stop the other server, or choose another address", e);
        }
        if (e.getCause() instanceof AccessDeniedException || e instanceof AccessDeniedException) {
            return new Failure(DENIED, "Access to " + address + " is denied; run this as a user whom its server admits",
                    e);
        }
        if (e instanceof NamedPipeOwnerException) {
            return new Failure(DENIED, reason(e) + "; nothing was sent", e);
        }
        if (e instanceof ConnectException) {
            return new Failure(ABSENT, "Nobody listens on " + address + " (" + reason(e) + "); start its server first",
                    e);
        }
        if (e instanceof UnknownHostException) {
            return new Failure(FAILED, "There is no host of this name: " + address, e);
        }
        if (e instanceof NamedPipeException pipe && pipe.errorCode() == ERROR_INVALID_PARAMETER) {
            return new Failure(FAILED, address + " does not take the mode asked for (" + reason(e)
                    + "); leave out --message, or start the server with it", e);
        }
        return new Failure(FAILED, (address.isEmpty() ? "" : address + ": ") + reason(e)
                + " (--verbose shows where)", e);
    }

    /** Throws if this system has no named pipes. */
    static void requirePipes() throws Failure {
        if (!NamedPipe.isAvailable()) {
            throw unavailable("Named pipes", NamedPipe.unavailabilityCause());
        }
    }

    /** What this system does not have. */
    static Failure unavailable(String what, Throwable why) {
        return new Failure(UNAVAILABLE, what + " cannot be had here: " + reason(why), why);
    }

    /** The text of an exception, or its kind if it has none. */
    static String reason(Throwable e) {
        String text = e.getMessage();
        return text == null || text.isBlank() ? e.getClass().getSimpleName() : oneLine(text);
    }

    static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
