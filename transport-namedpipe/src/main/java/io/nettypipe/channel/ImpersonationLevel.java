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

import io.nettypipe.win32.PipeFlags;

/**
 * What a server may do with the identity of its client, which the client decides ("Impersonation Levels"). For
 * {@link NamedPipeChannelOption#IMPERSONATION_LEVEL}.
 */
public enum ImpersonationLevel {
    /** Nothing: the server does not learn who its client is. {@code SECURITY_ANONYMOUS}. */
    ANONYMOUS(PipeFlags.SECURITY_ANONYMOUS),
    /**
     * Find out who the client is, and check access for it, but open nothing in its name. {@code
     * SECURITY_IDENTIFICATION}.
     */
    IDENTIFICATION(PipeFlags.SECURITY_IDENTIFICATION),
    /** Act as the client on the server's machine. {@code SECURITY_IMPERSONATION}. */
    IMPERSONATION(PipeFlags.SECURITY_IMPERSONATION),
    /** Act as the client on other machines too. {@code SECURITY_DELEGATION}. */
    DELEGATION(PipeFlags.SECURITY_DELEGATION);

    private final int flag;

    ImpersonationLevel(int flag) {
        this.flag = flag;
    }

    /** Of {@code CreateFile}; without {@code SECURITY_SQOS_PRESENT} the system would take it for impersonation. */
    int flags() {
        return flag | PipeFlags.SECURITY_SQOS_PRESENT;
    }
}
