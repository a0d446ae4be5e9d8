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

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.channel.NamedPipeChannel;
import io.nettypipe.channel.NamedPipeServerChannel;
import io.nettypipe.iocp.IocpIoHandlerFactory;
import io.vertx.core.spi.transport.Transport;

import java.net.SocketAddress;
import java.util.Map;
import java.util.function.Supplier;

/**
 * How Vert.x makes its event loops and channels. The options are set on each channel as it is made, because how Vert.x
 * lets a transport set them differs between its versions.
 */
final class PipeTransport implements Transport {
    private final Supplier<IocpIoHandlerFactory> loops;
    private final Map<ChannelOption<?>, Object> serverOptions;
    private final Map<ChannelOption<?>, Object> clientOptions;

    PipeTransport(Supplier<IocpIoHandlerFactory> loops, Map<ChannelOption<?>, Object> serverOptions,
            Map<ChannelOption<?>, Object> clientOptions) {
        this.loops = loops;
        this.serverOptions = serverOptions;
        this.clientOptions = clientOptions;
    }

    /** Everywhere: where there are no pipes it says so, and Vert.x does not take sockets instead without a word. */
    @Override
    public boolean isAvailable() {
        return true;
    }

    @Override
    public IoHandlerFactory ioHandlerFactory() {
        return loops.get();
    }

    @Override
    public boolean supportsDomainSockets() {
        return true;
    }

    @Override
    public SocketAddress convert(io.vertx.core.net.SocketAddress address) {
        if (!address.isDomainSocket()) {
            return Transport.super.convert(address);
        }
        try {
            return NamedPipeAddress.of(address.path());
        } catch (IllegalArgumentException e) {
            return new NoPipe(e.getMessage());
        }
    }

    /** Refused by the channel that is to connect to it: Vert.x would lose an exception thrown sooner, and wait. */
    private static final class NoPipe extends SocketAddress {
        private static final long serialVersionUID = 1L;

        private final String reason;

        NoPipe(String reason) {
            this.reason = reason;
        }

        @Override
        public String toString() {
            return reason;
        }
    }

    @Override
    public io.vertx.core.net.SocketAddress convert(SocketAddress address) {
        return address instanceof NamedPipeAddress pipe
                ? io.vertx.core.net.SocketAddress.domainSocketAddress(pipe.path()) : Transport.super.convert(address);
    }

    @Override
    public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
        requirePipe(domainSocket);
        return () -> set(new NamedPipeChannel(), clientOptions);
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        requirePipe(domainSocket);
        return () -> set(new NamedPipeServerChannel(), serverOptions);
    }

    @SuppressWarnings("unchecked")
    private static <C extends Channel> C set(C channel, Map<ChannelOption<?>, Object> options) {
        options.forEach((option, value) -> {
            if (!channel.config().setOption((ChannelOption<Object>) option, value)) {
                throw new IllegalArgumentException(channel.getClass().getSimpleName() + " has no option " + option);
            }
        });
        return channel;
    }

    private static void requirePipe(boolean domainSocket) {
        if (!domainSocket) {
            throw noSockets("TCP");
        }
    }

    /** Asked for by the resolver of names. */
    @Override
    public DatagramChannel datagramChannel() {
        return new NoDatagramChannel();
    }

    @Override
    @SuppressWarnings("deprecation")
    public DatagramChannel datagramChannel(InternetProtocolFamily family) {
        throw noSockets("UDP");
    }

    /** What Vert.x 5.1 asks for instead of the first of them. */
    public ChannelFactory<? extends DatagramChannel> datagramChannelFactory() {
        return this::datagramChannel;
    }

    static UnsupportedOperationException noSockets(String what) {
        return new UnsupportedOperationException("this Vertx has named pipes and no " + what + ": give it a "
                + "SocketAddress.domainSocketAddress(\"\\\\\\\\.\\\\pipe\\\\NAME\"), or use another Vertx for " + what);
    }
}
