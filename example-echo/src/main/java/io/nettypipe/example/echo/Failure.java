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
package io.nettypipe.example.echo;

import io.netty.channel.ConnectTimeoutException;
import io.nettypipe.channel.NamedPipeException;

import java.net.BindException;
import java.net.ConnectException;
import java.nio.file.AccessDeniedException;

/**
 * What a user is told about a failure.
 *
 * @param exitCode the program's exit status
 * @param line     one line that says what happened and what to do
 */
record Failure(int exitCode, String line) {
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int NO_SERVER = 3;
    static final int BUSY = 4;
    static final int DENIED = 5;
    static final int UNAVAILABLE = 6;

    /** What {@code SetNamedPipeHandleState} answers when message-read mode is asked of a byte-type pipe. */
    private static final int ERROR_INVALID_PARAMETER = 87;

    /** The failure that an exception means for a user of the pipe with the given path. */
    static Failure of(Throwable e, String path) {
        if (e instanceof ConnectTimeoutException) {
            return new Failure(BUSY, "The pipe " + path + " is busy, no instance of it came free in time; "
                    + "try again later, or wait longer with --timeout SECONDS");
        }
        if (e instanceof BindException) {
            return new Failure(DENIED, "Cannot listen on " + path + " (" + reason(e)
                    + "); stop the other server, or choose another name");
        }
        if (e.getCause() instanceof AccessDeniedException) {
            return new Failure(DENIED, "Access to " + path + " is denied; "
                    + "run the client as a user whom the server admits");
        }
        if (e instanceof ConnectException) {
            return new Failure(NO_SERVER, "There is no pipe " + path
                    + "; start a server with that name first: example-echo server NAME");
        }
        if (e instanceof NamedPipeException pipe && pipe.errorCode() == ERROR_INVALID_PARAMETER) {
            return new Failure(FAILED, path + " does not take the mode asked for (" + reason(e)
                    + "); leave out --message, or start the server with it");
        }
        return new Failure(FAILED, path + ": " + reason(e) + " (--verbose shows where)");
    }

    /** The failure of a system that has no named pipes. */
    static Failure unavailable(Throwable cause) {
        return new Failure(UNAVAILABLE, "Named pipes are not available here: " + reason(cause)
                + "; run this program on Windows, or with ./winjava on Linux");
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
