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

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A TCP port.
 *
 * @param host a name or an address; {@code null} for the loopback interface
 * @param port 0 to listen on one that is free
 */
public record TcpAddress(String host, int port) implements Address {
    private static final Pattern SYNTAX = Pattern.compile("(?:(\\[[0-9a-fA-F:.%]+]|[^:\\[\\]]+):)?(\\d{1,5})");
    private static final int MOST = 65_535;

    static TcpAddress parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > MOST) {
            throw new IllegalArgumentException("'tcp:" + text + "' is no address; give tcp:PORT or tcp:HOST:PORT, with"
                    + " a port from 0 to " + MOST);
        }
        return new TcpAddress(matcher.group(1), Integer.parseInt(matcher.group(2)));
    }

    private InetAddress resolve() throws UnknownHostException {
        return host == null ? InetAddress.getLoopbackAddress() : InetAddress.getByName(host);
    }

    @Override
    public Throwable unavailabilityCause() {
        return null;
    }

    @Override
    public Listening listen(Loops loops, Admission admission, ChannelHandler child)
            throws UnknownHostException, InterruptedException {
        InetAddress where = resolve();
        if (!where.isLoopbackAddress() && !admission.publicly()) {
            throw new IllegalArgumentException(this + " is not on the loopback interface: whoever reaches this machine"
                    + " could connect; if that is what you want, add --public");
        }
        ServerChannel server = (ServerChannel) Bootstraps.server(loops.sockets(), NioServerSocketChannel.class, child)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .bind(new InetSocketAddress(where, port)).sync().channel();
        InetSocketAddress bound = (InetSocketAddress) server.localAddress();
        return new Listening(server, new TcpAddress(bracketed(bound.getAddress()), bound.getPort()));
    }

    private static String bracketed(InetAddress address) {
        String text = address.getHostAddress();
        return text.indexOf(':') < 0 ? text : '[' + text + ']';
    }

    @Override
    public ChannelFuture connect(Loops loops, EventLoop near, Target target, ChannelHandler handler) {
        return Bootstraps.client(Loops.near(near, loops.sockets()), NioSocketChannel.class, target, handler)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .connect(host == null ? new InetSocketAddress(InetAddress.getLoopbackAddress(), port)
                        : InetSocketAddress.createUnresolved(host, port));
    }

    @Override
    public String toString() {
        return "tcp:" + (host == null ? "" : host + ':') + port;
    }
}
