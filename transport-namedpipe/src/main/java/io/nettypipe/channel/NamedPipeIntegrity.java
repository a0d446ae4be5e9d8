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

/**
 * How much a process is trusted, apart from whose it is, and with that the mandatory label of a pipe ("Mandatory
 * Integrity Control"). A process can give a pipe a label of its own level or of a lower one.
 */
public enum NamedPipeIntegrity {
    /** Sandboxes, and the app containers of packaged apps. {@code S-1-16-4096}. */
    LOW(0x1000, "LW"),
    /** Programs that are not elevated, and pipes that have no label. {@code S-1-16-8192}. */
    MEDIUM(0x2000, "ME"),
    /** Elevated programs; those of the system are above. {@code S-1-16-12288}. */
    HIGH(0x3000, "HI");

    /** The last number of its SID. */
    final int level;
    /** In a security descriptor's text. */
    final String sddl;

    NamedPipeIntegrity(int level, String sddl) {
        this.level = level;
        this.sddl = sddl;
    }
}
