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
package io.nettypipe.win32.model;

import java.util.ArrayList;
import java.util.List;

/** One instance of a pipe: a server's end and, in time, a client's. */
final class PipeInstance {

    enum State { LISTENING, CONNECTED, CLOSING, DISCONNECTED }

    final Kernel kernel;
    final PipeName pipe;
    final boolean rejectsRemote;
    /** How many bytes that the client has not read the server may write without waiting. */
    final int outQuota;
    State state = State.LISTENING;
    /** When it became free, in the order of all instances of the pipe. */
    long freeSince;
    PipeEnd server;
    PipeEnd client;
    /** The client's end of now or, after a disconnect, the one before. */
    PipeEnd lastClient;
    private final List<Operation> listens = new ArrayList<>();

    PipeInstance(Kernel kernel, PipeName pipe, boolean rejectsRemote, int outQuota) {
        this.kernel = kernel;
        this.pipe = pipe;
        this.rejectsRemote = rejectsRemote;
        this.outQuota = outQuota;
    }

    /** As FILE_PIPE_LOCAL_INFORMATION has it: 0 inbound, 1 outbound, 2 full duplex. */
    int configuration() {
        return pipe.direction - 1;
    }

    /** The state as FILE_PIPE_LOCAL_INFORMATION has it. */
    int stateNumber() {
        switch (state) {
            case DISCONNECTED:
                return 1;
            case LISTENING:
                return 2;
            case CONNECTED:
                return 3;
            default:
                return 4;
        }
    }

    PipeEnd peer(PipeEnd end) {
        return end == server ? client : server;
    }

    void connect(PipeEnd end) {
        client = end;
        lastClient = end;
        server.everRead = false;
        state = State.CONNECTED;
        for (Operation op : new ArrayList<>(listens)) {
            listens.remove(op);
            kernel.end(op, NtStatus.SUCCESS, 0);
        }
    }

    void listen(Operation op) {
        switch (state) {
            case CONNECTED:
                kernel.end(op, NtStatus.PIPE_CONNECTED, 0);
                break;
            case CLOSING:
                kernel.end(op, NtStatus.PIPE_CLOSING, 0);
                break;
            case DISCONNECTED:
                state = State.LISTENING;
                listens.add(op);
                pipe.instanceIsFree(this);
                break;
            default:
                listens.add(op);
        }
    }

    void abortListen(Operation op, int status) {
        listens.remove(op);
        kernel.end(op, status, 0);
    }

    /**
     * {@code DisconnectNamedPipe}: what was written and not read is gone, and the client's end belongs to no instance
     * any more. Returns the status.
     */
    int disconnect() {
        switch (state) {
            case DISCONNECTED:
                return NtStatus.PIPE_DISCONNECTED;
            case LISTENING:
                if (!kernel.personality.disconnectsListening()) {
                    return NtStatus.PIPE_LISTENING;
                }
                new ArrayList<>(listens).forEach(op -> abortListen(op, NtStatus.PIPE_DISCONNECTED));
                break;
            default:
                server.discard(NtStatus.PIPE_DISCONNECTED);
                client.detach();
                client = null;
        }
        state = State.DISCONNECTED;
        return NtStatus.SUCCESS;
    }

    void endClosed(PipeEnd end) {
        PipeEnd peer = peer(end);
        end.dropIncoming(NtStatus.PIPE_BROKEN);
        if (state == State.CONNECTED) {
            state = State.CLOSING;
            peer.failReads(NtStatus.PIPE_BROKEN);
        }
        if (end == server) {
            // Its client may go on reading what is there, but it counts no more.
            pipe.remove(this);
        }
    }
}
