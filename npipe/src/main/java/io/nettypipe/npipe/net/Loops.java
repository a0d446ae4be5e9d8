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
package io.nettypipe.npipe.net;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.nettypipe.iocp.IocpIoHandler;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The event loops of pipes and those of sockets, started when they are needed. Closing them closes their channels. */
public final class Loops implements AutoCloseable {
    private final int threads;
    private EventLoopGroup pipes;
    private EventLoopGroup sockets;

    /**
     * Starts none yet.
     *
     * @param threads how many loops there are of each kind
     */
    public Loops(int threads) {
        this.threads = threads;
    }

    /** Those of named pipes. */
    public synchronized EventLoopGroup pipes() {
        if (pipes == null) {
            pipes = new MultiThreadIoEventLoopGroup(threads, IocpIoHandler.newFactory());
        }
        return pipes;
    }

    /** Those of TCP and Unix sockets. */
    public synchronized EventLoopGroup sockets() {
        if (sockets == null) {
            sockets = new MultiThreadIoEventLoopGroup(threads, NioIoHandler.newFactory());
        }
        return sockets;
    }

    /** A loop of the group: this one if it is of it, so that nothing goes from thread to thread. */
    static EventLoopGroup near(EventLoop loop, EventLoopGroup group) {
        return loop != null && loop.parent() == group ? loop : group;
    }

    /** Ends them. The short quiet period lets them close the connections that are still open. */
    @Override
    public void close() {
        List<EventLoopGroup> running = new ArrayList<>();
        synchronized (this) {
            if (pipes != null) {
                running.add(pipes);
            }
            if (sockets != null) {
                running.add(sockets);
            }
        }
        running.forEach(group -> group.shutdownGracefully(50, 2000, TimeUnit.MILLISECONDS));
        running.forEach(group -> group.terminationFuture().awaitUninterruptibly());
    }
}
