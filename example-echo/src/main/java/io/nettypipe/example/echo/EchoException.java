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

/** A failure that this program itself found: a line for the user and an exit status. */
final class EchoException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    EchoException(int exitCode, String line, Throwable cause) {
        super(line, cause);
        this.exitCode = exitCode;
    }

    EchoException(String line, Throwable cause) {
        this(EchoMain.FAILED, line, cause);
    }

    int exitCode() {
        return exitCode;
    }
}
