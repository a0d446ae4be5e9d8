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

import io.grpc.ChannelCredentials;
import io.grpc.ServerCredentials;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.LeakPresenceDetector;
import io.netty.util.NettyRuntime;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.channel.NamedPipeChannel;
import io.nettypipe.channel.NamedPipeServerChannel;
import io.nettypipe.iocp.IocpIoHandler;

/**
 * gRPC's builders, set to a named pipe. What they answer is grpc-netty's own, to be set further: options of the
 * channels ({@code withOption(NamedPipeChannelOption.SECURITY, ...)} of a server, {@code SERVER_OWNER} of a client),
 * limits, interceptors. {@code Grpc.newChannelBuilder("pipe:orders", creds)} makes the same channels. Any thread.
 */
public final class NamedPipeGrpc {
    /**
     * The {@code :authority} of the calls, unless {@code overrideAuthority} says otherwise: {@value}. A pipe has no
     * host, and HTTP/2 servers, .NET's among them, refuse one that is the path of a pipe.
     */
    public static final String AUTHORITY = "localhost";

    private NamedPipeGrpc() {
    }

    /**
     * A server on a pipe, on event loops that all servers and channels share that name none.
     *
     * @param pipe  a pipe of this machine
     * @param creds {@code InsecureServerCredentials.create()}, because the pipe itself says who may connect, or TLS
     * @throws UnsatisfiedLinkError if this is not Windows
     */
    public static NettyServerBuilder newServerBuilder(NamedPipeAddress pipe, ServerCredentials creds) {
        return newServerBuilder(pipe, creds, SharedLoops.GROUP);
    }

    /**
     * A server on a pipe. Its calls know their caller: {@link NamedPipeCaller#current()}.
     *
     * @param group event loops on {@link IocpIoHandler}, which remain the caller's to shut down
     */
    public static NettyServerBuilder newServerBuilder(NamedPipeAddress pipe, ServerCredentials creds,
            EventLoopGroup group) {
        Callers callers = new Callers();
        return NettyServerBuilder.forAddress(pipe, creds)
                .channelFactory(() -> {
                    NamedPipeServerChannel server = new NamedPipeServerChannel();
                    server.pipeline().addLast(callers);
                    return server;
                })
                .bossEventLoopGroup(group).workerEventLoopGroup(group)
                .intercept(callers);
    }

    /**
     * A channel to a pipe, on event loops that all servers and channels share that name none.
     *
     * @param creds {@code InsecureChannelCredentials.create()}, or TLS if the server has it
     * @throws UnsatisfiedLinkError if this is not Windows
     */
    public static NettyChannelBuilder newChannelBuilder(NamedPipeAddress pipe, ChannelCredentials creds) {
        return newChannelBuilder(pipe, creds, SharedLoops.GROUP);
    }

    /**
     * A channel to a pipe.
     *
     * @param group event loops on {@link IocpIoHandler}, which remain the caller's to shut down
     */
    public static NettyChannelBuilder newChannelBuilder(NamedPipeAddress pipe, ChannelCredentials creds,
            EventLoopGroup group) {
        return onPipes(NettyChannelBuilder.forAddress(pipe, creds), group).overrideAuthority(AUTHORITY);
    }

    static NettyChannelBuilder newChannelBuilder(String target, ChannelCredentials creds) {
        return onPipes(NettyChannelBuilder.forTarget(target, creds), SharedLoops.GROUP);
    }

    private static NettyChannelBuilder onPipes(NettyChannelBuilder builder, EventLoopGroup group) {
        return builder.channelType(NamedPipeChannel.class, NamedPipeAddress.class).eventLoopGroup(group);
    }

    /** Of daemon threads, as gRPC's own are. Netty is told that what they have allocated stays, and is no leak. */
    private static final class SharedLoops {
        static final EventLoopGroup GROUP = LeakPresenceDetector.staticInitializer(() ->
                new MultiThreadIoEventLoopGroup(NettyRuntime.availableProcessors(),
                        new DefaultThreadFactory("nettypipe-grpc", true), IocpIoHandler.newFactory()));
    }
}
