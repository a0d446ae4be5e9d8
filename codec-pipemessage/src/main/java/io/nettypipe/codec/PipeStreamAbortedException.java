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
package io.nettypipe.codec;

import java.io.IOException;

/**
 * The stream that is being received is aborted: the connection ended, and the stream had not. Passed to
 * {@code exceptionCaught} by {@link PipeStreamDecoder}.
 */
public final class PipeStreamAbortedException extends IOException {
    private static final long serialVersionUID = 1L;

    PipeStreamAbortedException(String message) {
        super(message);
    }
}
