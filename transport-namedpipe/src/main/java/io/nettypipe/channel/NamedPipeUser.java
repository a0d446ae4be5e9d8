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

/** The user that a client runs as, from its token: {@link NamedPipeChannel#peerUser()}. */
public final class NamedPipeUser {
    private final String sid;
    private final String name;

    NamedPipeUser(String sid, String name) {
        this.sid = sid;
        this.name = name;
    }

    /** The security identifier, such as {@code S-1-5-21-1004336348-1177238915-682003330-1001}: who it is, for ever. */
    public String sid() {
        return sid;
    }

    /**
     * What the account is called at the moment, {@code domain\name}; {@code null} if the system does not know, as of
     * an account that was deleted. To decide by, there is {@link #sid()}.
     */
    public String name() {
        return name;
    }

    @Override
    public String toString() {
        return name == null ? sid : name + " (" + sid + ')';
    }
}
