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

import io.nettypipe.win32.SystemWin32;

/**
 * Tells whether the named-pipe transport can be used in this process, as {@code Epoll} and {@code KQueue} do for
 * theirs.
 */
public final class NamedPipe {
    private NamedPipe() {
    }

    /** {@code true} on Windows, if its libraries could be loaded. Any thread. */
    public static boolean isAvailable() {
        return SystemWin32.isAvailable();
    }

    /**
     * Does nothing if the transport is available. Any thread.
     *
     * @throws UnsatisfiedLinkError if it is not; its cause is {@link #unavailabilityCause()}
     */
    public static void ensureAvailability() {
        SystemWin32.get();
    }

    /** Why the transport is not available, or {@code null} if it is. Any thread. */
    public static Throwable unavailabilityCause() {
        return SystemWin32.unavailabilityCause();
    }
}
