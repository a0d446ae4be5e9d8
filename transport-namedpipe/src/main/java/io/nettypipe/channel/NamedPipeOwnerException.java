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

import java.net.ConnectException;
import java.util.Set;

/**
 * A client was not connected because the pipe belongs to somebody else than {@link NamedPipeChannelOption#SERVER_OWNER}
 * names, or is not protected as it says. Nothing was sent.
 */
public final class NamedPipeOwnerException extends ConnectException {
    private static final long serialVersionUID = 1L;

    private final transient Set<String> expectedOwners;
    private final String actualOwner;

    NamedPipeOwnerException(NamedPipeAddress pipe, Set<String> expectedOwners, String actualOwner, String objection) {
        super(pipe + " " + objection);
        this.expectedOwners = Set.copyOf(expectedOwners);
        this.actualOwner = actualOwner;
    }

    /**
     * The SIDs of those who may own the pipe, none if anyone may; {@code null} in an exception that was serialized.
     */
    public Set<String> expectedOwners() {
        return expectedOwners;
    }

    /** The SID of who owns it. */
    public String actualOwner() {
        return actualOwner;
    }
}
