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
package io.nettypipe.grpc;

import io.grpc.Context;
import io.netty.util.concurrent.Future;
import io.nettypipe.channel.NamedPipeChannel;
import io.nettypipe.channel.NamedPipePeer;
import io.nettypipe.channel.NamedPipeUser;

import java.util.concurrent.Callable;

/**
 * Who makes the call that is being served: the client at the other end of the pipe. A server of {@link NamedPipeGrpc}
 * has it in gRPC's {@link Context} of each call. Any thread.
 */
public final class NamedPipeCaller {
    /** Where it is in a context; {@code null} in one of a call that came another way. */
    public static final Context.Key<NamedPipeCaller> KEY = Context.key("io.nettypipe.grpc.caller");

    private final NamedPipeChannel channel;

    NamedPipeCaller(NamedPipeChannel channel) {
        this.channel = channel;
    }

    /**
     * The caller of the call that this thread serves.
     *
     * @throws IllegalStateException if it serves none, or one that did not come by a pipe of {@link NamedPipeGrpc}
     */
    public static NamedPipeCaller current() {
        NamedPipeCaller caller = KEY.get();
        if (caller == null) {
            throw new IllegalStateException("no call that came by a pipe is served in this context: "
                    + Context.current());
        }
        return caller;
    }

    /** The connection, which carries other calls of the same client, too: not to be closed or written to. */
    public NamedPipeChannel channel() {
        return channel;
    }

    /** The client's process and session: {@link NamedPipeChannel#peer()}. */
    public Future<NamedPipePeer> peer() {
        return channel.peer();
    }

    /** The client's user, by its token: {@link NamedPipeChannel#peerUser()}. */
    public Future<NamedPipeUser> user() {
        return channel.peerUser();
    }

    /**
     * Runs a task as the client, in the current context, on the event loop of the connection: {@link
     * NamedPipeChannel#impersonate}, which says what it may do then. Nothing of the connection, and of others on that
     * loop, moves meanwhile, so the task is to open what it needs the client's rights for, and no more; and it must not
     * wait for a call.
     *
     * @return what the task returns or throws; fails as {@code impersonate} does
     */
    public <V> Future<V> impersonate(Callable<V> task) {
        Callable<V> inContext = Context.current().wrap(task);
        return channel.eventLoop().submit(() -> channel.impersonate(inContext));
    }

    @Override
    public String toString() {
        return channel.remoteAddress().toString();
    }
}
