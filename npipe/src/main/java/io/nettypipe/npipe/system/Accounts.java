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
package io.nettypipe.npipe.system;

import io.nettypipe.win32.SystemCallException;
import io.nettypipe.win32.SystemWin32;

/** What accounts are called. */
public final class Accounts {
    private Accounts() {
    }

    /** {@code domain\name}, or the SID where there is no such account. May ask a domain's server, and blocks then. */
    public static String nameOf(String sid) {
        try {
            return SystemWin32.get().identity().accountName(sid);
        } catch (SystemCallException unknown) {
            return sid;
        }
    }
}
