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
package io.nettypipe.win32;

/** A call of {@link Win32Identity} failed. */
public final class SystemCallException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String call;
    private final int error;

    /**
     * Creates an exception whose message has the system's text for the error.
     *
     * @param call  the function, such as {@code GetSecurityInfo}
     * @param error the Win32 error
     */
    public SystemCallException(String call, int error) {
        super(call + ": " + ErrorText.of(error));
        this.call = call;
        this.error = error;
    }

    /** The function that failed. */
    public String call() {
        return call;
    }

    /** The Win32 error. */
    public int error() {
        return error;
    }
}
