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
package io.nettypipe.vertx;

import io.netty.channel.ChannelOption;
import io.nettypipe.channel.NamedPipe;
import io.nettypipe.channel.NamedPipeChannelOption;
import io.nettypipe.iocp.IocpIoHandler;
import io.nettypipe.iocp.IocpIoHandlerFactory;
import io.vertx.core.transport.Transport;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Vert.x on named pipes: {@code Vertx.builder().withTransport(NamedPipeTransport.create()).build()}. A pipe is what
 * Vert.x calls a domain socket: {@code SocketAddress.domainSocketAddress("orders")}, or whatever else {@link
 * io.nettypipe.channel.NamedPipeAddress#of} takes.
 * <p>
 * An event loop waits for pipes or for sockets, and a {@code Vertx} has event loops of one kind. So this one has no
 * TCP, no UDP and no DNS: what asks for them fails and says so. Another {@code Vertx} beside it, with Vert.x's own
 * transport, has them.
 */
public final class NamedPipeTransport implements Transport {
    private final Supplier<IocpIoHandlerFactory> loops;
    private final Map<ChannelOption<?>, Object> serverOptions;
    private final Map<ChannelOption<?>, Object> clientOptions;

    private NamedPipeTransport(Supplier<IocpIoHandlerFactory> loops, Map<ChannelOption<?>, Object> serverOptions,
            Map<ChannelOption<?>, Object> clientOptions) {
        this.loops = loops;
        this.serverOptions = serverOptions;
        this.clientOptions = clientOptions;
    }

    /** A transport with the defaults of the channels. */
    public static NamedPipeTransport create() {
        return new NamedPipeTransport(IocpIoHandler::newFactory, Map.of(), Map.of());
    }

    /** A transport whose event loops have handlers of this factory, so that its {@code metrics()} tell about them. */
    public static NamedPipeTransport create(IocpIoHandlerFactory factory) {
        return new NamedPipeTransport(() -> factory, Map.of(), Map.of());
    }

    /** Another transport, whose servers have an option, such as {@link NamedPipeChannelOption#SECURITY}. */
    public <T> NamedPipeTransport withServerOption(ChannelOption<T> option, T value) {
        return new NamedPipeTransport(loops, with(serverOptions, option, value), clientOptions);
    }

    /** Another transport, whose clients have an option, such as {@link NamedPipeChannelOption#SERVER_OWNER}. */
    public <T> NamedPipeTransport withClientOption(ChannelOption<T> option, T value) {
        return new NamedPipeTransport(loops, serverOptions, with(clientOptions, option, value));
    }

    private static Map<ChannelOption<?>, Object> with(Map<ChannelOption<?>, Object> options, ChannelOption<?> option,
            Object value) {
        Map<ChannelOption<?>, Object> more = new LinkedHashMap<>(options);
        more.put(option, value);
        return more;
    }

    @Override
    public String name() {
        return "namedpipe";
    }

    @Override
    public boolean available() {
        return NamedPipe.isAvailable();
    }

    @Override
    public Throwable unavailabilityCause() {
        return NamedPipe.unavailabilityCause();
    }

    /** What Vert.x uses. */
    @Override
    public io.vertx.core.spi.transport.Transport implementation() {
        return new PipeTransport(loops, serverOptions, clientOptions);
    }
}
