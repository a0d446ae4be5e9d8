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

import io.nettypipe.win32.ErrorText;

import java.io.IOException;

/** A system call on a pipe failed in a way that has no exception of its own in the Java library. */
public final class NamedPipeException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String operation;
    private final int errorCode;

    /**
     * Creates an exception whose message has the system's text for the error.
     *
     * @param operation the call that failed, such as {@code ReadFile}
     * @param pipe      the pipe's path, or {@code null} if it has none yet
     * @param errorCode the Win32 error
     */
    public NamedPipeException(String operation, NamedPipeAddress pipe, int errorCode) {
        super(operation + (pipe == null ? "" : " on " + pipe) + ": " + ErrorText.of(errorCode));
        this.operation = operation;
        this.errorCode = errorCode;
    }

    /** Another one that says the same, so that no two promises fail with one object. */
    NamedPipeException(NamedPipeException like) {
        super(like.getMessage());
        operation = like.operation;
        errorCode = like.errorCode;
    }

    /** The call that failed, such as {@code ReadFile}. */
    public String operation() {
        return operation;
    }

    /** The Win32 error code. */
    public int errorCode() {
        return errorCode;
    }
}
