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
 * The process at the other end of a pipe, as {@link NamedPipeChannel#peer()} found it. A process id tells what to look
 * at in a log, not whom to trust: the process may have ended and its number been given to another, it may have passed
 * the handle on, and a client can set what the server reads. What cannot be forged is a token: {@link
 * NamedPipeChannel#peerUser()} of a client, {@link #ownerSid()} of a server's pipe.
 */
public final class NamedPipePeer {
    private final long processId;
    private final int sessionId;
    private final String ownerSid;

    NamedPipePeer(int processId, int sessionId, String ownerSid) {
        this.processId = Integer.toUnsignedLong(processId);
        this.sessionId = sessionId;
        this.ownerSid = ownerSid;
    }

    /**
     * The process that opened or created the other end ({@code GetNamedPipeClientProcessId},
     * {@code GetNamedPipeServerProcessId}).
     */
    public long processId() {
        return processId;
    }

    /** The session of that process ({@code GetNamedPipeClientSessionId}, {@code GetNamedPipeServerSessionId}). */
    public int sessionId() {
        return sessionId;
    }

    /**
     * On a client's channel the SID of who owns the pipe ({@code GetSecurityInfo}); {@code null} on a server's, and
     * where the system does not tell, as of a pipe that has no owner. To connect to certain owners only, there is
     * {@link NamedPipeChannelOption#SERVER_OWNER}.
     */
    public String ownerSid() {
        return ownerSid;
    }

    @Override
    public String toString() {
        return "process " + processId + ", session " + sessionId + (ownerSid == null ? "" : ", owner " + ownerSid);
    }
}
