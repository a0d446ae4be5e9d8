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

/** The system's own words for its error codes. */
public final class ErrorText {
    private ErrorText() {
    }

    /**
     * What the system says of an error ({@code FormatMessageW}).
     *
     * @param errorCode a Win32 error
     * @return its text, in the system's language, followed by the code; the code alone where there is no text
     */
    public static String of(int errorCode) {
        String text = SystemWin32.isAvailable() ? JnaWin32.messageOf(errorCode) : "";
        return (text.isEmpty() ? "" : text + ' ') + "(error " + errorCode + ')';
    }
}
