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

import io.netty.channel.ConnectTimeoutException;
import io.nettypipe.win32.ErrorText;
import io.nettypipe.win32.Win32Error;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;

/** Which exception a Win32 error becomes; the table is in docs/guide.md. */
final class PipeErrors {
    private static final String PROTECTED = "ProtectedPrefix\\";

    private PipeErrors() {
    }

    /** Whether a call failed for want of something that may be there again a moment later. */
    static boolean isShortage(int error) {
        switch (error) {
            case Win32Error.ERROR_NOT_ENOUGH_MEMORY:
            case Win32Error.ERROR_NO_SYSTEM_RESOURCES:
            case Win32Error.ERROR_WORKING_SET_QUOTA:
            case Win32Error.ERROR_PAGEFILE_QUOTA:
            case Win32Error.ERROR_COMMITMENT_LIMIT:
            case Win32Error.ERROR_NOT_ENOUGH_QUOTA:
                return true;
            default:
                return false;
        }
    }

    /** As {@link #isShortage}, of a write; "WriteFile" says so of two of the errors, one of which only a write has. */
    static boolean isWriteShortage(int error) {
        return isShortage(error) || error == Win32Error.ERROR_INVALID_USER_BUFFER;
    }

    /**
     * Whether the error says that the other end is gone: the end of the stream for a reader. {@code ERROR_BROKEN_PIPE}
     * (109) says that it closed its handle, and that all it had written was read; {@code ERROR_PIPE_NOT_CONNECTED}
     * (233) that a server disconnected its client, and what was unread is lost; {@code ERROR_NO_DATA} (232) that a
     * write found it closed or closing. {@code ERROR_HANDLE_EOF} is what some redirectors make of 109.
     */
    static boolean isPeerGone(int error) {
        switch (error) {
            case Win32Error.ERROR_BROKEN_PIPE:
            case Win32Error.ERROR_NO_DATA:
            case Win32Error.ERROR_PIPE_NOT_CONNECTED:
            case Win32Error.ERROR_HANDLE_EOF:
                return true;
            default:
                return false;
        }
    }

    /**
     * Throws if a call on an end that is to be read failed. That its peer is gone already is the end of the stream, for
     * the next read to find.
     */
    static void check(String operation, NamedPipeAddress pipe, int error) throws NamedPipeException {
        if (error != Win32Error.ERROR_SUCCESS && !isPeerGone(error)) {
            throw new NamedPipeException(operation, pipe, error);
        }
    }

    static IOException onConnect(String operation, NamedPipeAddress pipe, int error) {
        String text = pipe + ": " + ErrorText.of(error);
        switch (error) {
            case Win32Error.ERROR_FILE_NOT_FOUND:
                return new ConnectException("no such pipe: " + text);
            case Win32Error.ERROR_PIPE_BUSY:
                return new ConnectException("all instances are busy: " + text);
            case Win32Error.ERROR_ACCESS_DENIED:
                return (IOException) new ConnectException(
                        "access denied, or the pipe has only the other direction: " + text)
                        .initCause(new AccessDeniedException(pipe.path()));
            default:
                return new NamedPipeException(operation, pipe, error);
        }
    }

    /** The time is over; {@code lastError} tells what of, 0 if the system has not answered yet. */
    static IOException connectTimeout(NamedPipeAddress pipe, int timeoutMillis, int lastError) {
        return new ConnectTimeoutException("connection timed out after " + timeoutMillis + " ms: " + pipe
                + (lastError == 0 ? " was not opened by then" : ": " + ErrorText.of(lastError)));
    }

    static IOException onBind(String operation, NamedPipeAddress pipe, int error, boolean firstInstance) {
        String text = pipe + ": " + ErrorText.of(error);
        switch (error) {
            case Win32Error.ERROR_ACCESS_DENIED:
                return new BindException((!firstInstance
                        ? "the owner of the name denies another instance, or its pipe has another DIRECTION: "
                        : isProtected(pipe) ? "this process may not create pipes below ProtectedPrefix (that of "
                        + "Administrators is for elevated processes, and so on), or the name is in use: "
                        : "the name is in use, by a server or by channels that one accepted before it was closed (or "
                        + "its owner denies access): ") + text);
            case Win32Error.ERROR_PIPE_BUSY:
                return new BindException("the name has as many instances as its first one allowed: " + text);
            case Win32Error.ERROR_INVALID_OWNER:
                return new BindException("SECURITY names an owner that this process cannot have: " + text);
            case Win32Error.ERROR_PRIVILEGE_NOT_HELD:
                return new BindException("SECURITY audits, or has too high an integrity level: " + text);
            default:
                return new NamedPipeException(operation, pipe, error);
        }
    }

    /** Whether only some may create pipes of such a name: {@code ProtectedPrefix\\Administrators} and its kind. */
    private static boolean isProtected(NamedPipeAddress pipe) {
        return pipe.name().regionMatches(true, 0, PROTECTED, 0, PROTECTED.length());
    }

    /** The task did not run. */
    static NamedPipeException onImpersonate(NamedPipeAddress pipe, int error) {
        return new NamedPipeException(error == Win32Error.ERROR_CANNOT_IMPERSONATE
                ? "ImpersonateNamedPipeClient (of a client without SECURITY_SQOS_PRESENT possible once something was "
                        + "read from the client)"
                : "ImpersonateNamedPipeClient", pipe, error);
    }

    /** The name was taken, and the descriptor that it has now denies an instance that serves. */
    static IOException onSecondInstance(NamedPipeAddress pipe, NamedPipeSecurity security) {
        return new BindException("SECURITY does not let this process create another instance of " + pipe + ": "
                + security + ", " + ErrorText.of(Win32Error.ERROR_ACCESS_DENIED));
    }

    /** The name is shared with a server that made it of another type, which counts: messages would not stay apart. */
    static IOException onOtherType(NamedPipeAddress pipe, NamedPipeMode wanted, NamedPipeMode type) {
        return new BindException("PIPE_TYPE " + wanted + " cannot be had, because the name's first server made it "
                + type + ": " + pipe);
    }

    /** What a write, or a drain, fails with when the other end is gone. */
    static ClosedChannelException peerGone(NamedPipeException cause) {
        ClosedChannelException closed = new ClosedChannelException();
        closed.initCause(cause);
        return closed;
    }
}
