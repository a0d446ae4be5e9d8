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
package io.nettypipe.check;

/** A line of the table. */
record Row(String id, String behaviour, String onWindows, Seen seen) {

    /** Whether the system does what Windows does. */
    enum Agrees {
        YES("yes"), NO("NO"), UNKNOWN("?");

        final String text;

        Agrees(String text) {
            this.text = text;
        }
    }

    /** What the system answered, nothing if just what Windows does, or why nobody knows. */
    record Seen(Agrees agrees, String text) {
    }
}
