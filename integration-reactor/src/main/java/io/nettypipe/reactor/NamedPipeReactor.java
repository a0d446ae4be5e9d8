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

import io.nettypipe.channel.NamedPipeAddress;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpClient;
import reactor.netty.tcp.TcpServer;

/**
 * Reactor Netty's servers and clients, set to named pipes. What they answer is to be set further, as ever: options of
 * the channels with {@code option(NamedPipeChannelOption.SECURITY, ...)}, handlers, TLS. Any thread.
 */
public final class NamedPipeReactor {
    private NamedPipeReactor() {
    }

    /** An HTTP server on a pipe. {@link #on(HttpServer, LoopResources, NamedPipeAddress)} sets one that exists. */
    public static HttpServer httpServer(LoopResources loops, NamedPipeAddress pipe) {
        return on(HttpServer.create(), loops, pipe);
    }

    /** The same server on a pipe, whatever it was bound to: for a Spring Boot customizer. */
    public static HttpServer on(HttpServer server, LoopResources loops, NamedPipeAddress pipe) {
        return server.runOn(loops).bindAddress(() -> pipe);
    }

    /**
     * An HTTP client of pipes, and of nothing else: {@code http://orders.pipe/today} ({@link NamedPipeResolverGroup}).
     * It keeps connections in Reactor Netty's common pool. {@code remoteAddress(() -> pipe)} leads all its requests to
     * one pipe, whose name need not be a host's then.
     */
    public static HttpClient httpClient(LoopResources loops) {
        return on(HttpClient.create(), loops);
    }

    /** The same client, of pipes: for one with another pool of connections. */
    public static HttpClient on(HttpClient client, LoopResources loops) {
        return client.runOn(loops).resolver(NamedPipeResolverGroup.INSTANCE);
    }

    /** A server of bytes on a pipe. */
    public static TcpServer tcpServer(LoopResources loops, NamedPipeAddress pipe) {
        return TcpServer.create().runOn(loops).bindAddress(() -> pipe);
    }

    /** A client of bytes, with a connection of its own for each {@code connect}. */
    public static TcpClient tcpClient(LoopResources loops, NamedPipeAddress pipe) {
        return TcpClient.newConnection().runOn(loops).remoteAddress(() -> pipe);
    }
}
