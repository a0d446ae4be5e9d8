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
package io.nettypipe.reactor;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.Future;
import io.nettypipe.channel.NamedPipeChannel;
import io.nettypipe.channel.NamedPipeServerChannel;
import io.nettypipe.iocp.IocpIoHandler;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.NonBlocking;
import reactor.netty.FutureMono;
import reactor.netty.resources.LoopResources;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Event loops on which servers and clients of Reactor Netty are on named pipes: {@code runOn(loops)}. The address is a
 * {@code NamedPipeAddress}, or a host that {@link NamedPipeResolverGroup} knows; {@link NamedPipeReactor} sets both. As
 * with Reactor Netty's own, a client runs on the loop that it is called from, and on these threads nothing may block.
 * Any thread.
 */
public final class NamedPipeLoopResources implements LoopResources {
    private final EventLoopGroup group;
    private final EventLoopGroup clients;
    private final boolean owned;
    private final boolean daemon;

    private NamedPipeLoopResources(EventLoopGroup group, boolean owned, boolean daemon) {
        this.group = group;
        clients = LoopResources.colocate(group);
        this.owned = owned;
        this.daemon = daemon;
    }

    /** As many loops as Reactor Netty would have ({@code reactor.netty.ioWorkerCount}), of daemon threads. */
    public static NamedPipeLoopResources create(String prefix) {
        return create(prefix, LoopResources.DEFAULT_IO_WORKER_COUNT, true);
    }

    /**
     * Loops of its own, which {@link #dispose()} ends.
     *
     * @param prefix      how the names of the threads begin
     * @param workerCount how many, at least 1
     * @param daemon      whether the JVM may end while they run
     * @throws UnsatisfiedLinkError if this is not Windows
     */
    public static NamedPipeLoopResources create(String prefix, int workerCount, boolean daemon) {
        if (workerCount < 1) {
            throw new IllegalArgumentException("workerCount: " + workerCount + " (expected: >= 1)");
        }
        return new NamedPipeLoopResources(new MultiThreadIoEventLoopGroup(workerCount, new Threads(prefix, daemon),
                IocpIoHandler.newFactory()), true, daemon);
    }

    /** Loops that exist, on {@link IocpIoHandler}, and remain the caller's to shut down. */
    public static NamedPipeLoopResources of(EventLoopGroup group) {
        return new NamedPipeLoopResources(Objects.requireNonNull(group, "group"), false, false);
    }

    @Override
    public EventLoopGroup onServer(boolean useNative) {
        return group;
    }

    @Override
    public EventLoopGroup onClient(boolean useNative) {
        return clients;
    }

    @Override
    public <C extends Channel> C onChannel(Class<C> type, EventLoopGroup loops) {
        return cast(ServerChannel.class.isAssignableFrom(type) ? new NamedPipeServerChannel() : new NamedPipeChannel());
    }

    @Override
    public <C extends Channel> Class<? extends C> onChannelClass(Class<C> type, EventLoopGroup loops) {
        return cast(ServerChannel.class.isAssignableFrom(type) ? NamedPipeServerChannel.class : NamedPipeChannel.class);
    }

    /** Reactor Netty names a type of TCP's or of Unix domain sockets, and uses what all channels have. */
    @SuppressWarnings("unchecked")
    private static <T> T cast(Object value) {
        return (T) value;
    }

    @Override
    public boolean daemon() {
        return daemon;
    }

    @Override
    public boolean isDisposed() {
        return group.isShuttingDown();
    }

    /** Shuts the loops down, and with them what runs on them; those of {@link #of} it leaves as they are. */
    @Override
    public Mono<Void> disposeLater(Duration quietPeriod, Duration timeout) {
        if (!owned) {
            return Mono.empty();
        }
        return Mono.defer(() -> {
            Future<Void> ended = cast(group.shutdownGracefully(quietPeriod.toMillis(), timeout.toMillis(),
                    TimeUnit.MILLISECONDS));
            return FutureMono.from(ended);
        });
    }

    /** Whose threads Reactor refuses to block. */
    private static final class Threads extends DefaultThreadFactory {
        Threads(String prefix, boolean daemon) {
            super(prefix, daemon);
        }

        @Override
        protected Thread newThread(Runnable r, String name) {
            return new LoopThread(threadGroup, r, name);
        }
    }

    private static final class LoopThread extends FastThreadLocalThread implements NonBlocking {
        LoopThread(ThreadGroup group, Runnable task, String name) {
            super(group, task, name);
        }
    }
}
