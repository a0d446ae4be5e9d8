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

import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramChannelConfig;
import io.netty.channel.socket.DefaultDatagramChannelConfig;

import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;

/**
 * Takes no part in anything. Vert.x opens and closes a channel for questions to a DNS server with each event loop that
 * connects, to a pipe too, although there is nothing to ask; and does not close if that fails.
 */
final class NoDatagramChannel extends AbstractChannel implements DatagramChannel {
    private static final ChannelMetadata METADATA = new ChannelMetadata(true);

    /** Never bound; its options are what can be configured. */
    private final DatagramSocket socket;
    private final DatagramChannelConfig config;
    private boolean open = true;

    NoDatagramChannel() {
        super(null);
        try {
            socket = new DatagramSocket(null);
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
        config = new DefaultDatagramChannelConfig(this, socket);
    }

    @Override
    public DatagramChannelConfig config() {
        return config;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isActive() {
        return open && isRegistered();
    }

    @Override
    public boolean isConnected() {
        return false;
    }

    @Override
    public InetSocketAddress localAddress() {
        return null;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return null;
    }

    @Override
    protected SocketAddress localAddress0() {
        return null;
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return null;
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true;
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new AbstractUnsafe() {
            @Override
            public void connect(SocketAddress remote, SocketAddress local, ChannelPromise promise) {
                promise.tryFailure(PipeTransport.noSockets("UDP"));
            }
        };
    }

    @Override
    protected void doBind(SocketAddress local) {
        throw PipeTransport.noSockets("UDP");
    }

    @Override
    protected Object filterOutboundMessage(Object msg) {
        throw PipeTransport.noSockets("UDP");
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer out) {
        // There is never anything in it.
    }

    @Override
    protected void doBeginRead() {
        // Nothing comes.
    }

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    protected void doClose() {
        open = false;
        socket.close();
    }

    private ChannelFuture refused(ChannelPromise promise) {
        return promise.setFailure(PipeTransport.noSockets("UDP"));
    }

    @Override
    public ChannelFuture joinGroup(InetAddress group) {
        return refused(newPromise());
    }

    @Override
    public ChannelFuture joinGroup(InetAddress group, ChannelPromise promise) {
        return refused(promise);
    }

    @Override
    public ChannelFuture joinGroup(InetSocketAddress group, NetworkInterface network) {
        return refused(newPromise());
    }

    @Override
    public ChannelFuture joinGroup(InetSocketAddress group, NetworkInterface network, ChannelPromise promise) {
        return refused(promise);
    }

    @Override
    public ChannelFuture joinGroup(InetAddress group, NetworkInterface network, InetAddress source) {
        return refused(newPromise());
    }

    @Override
    public ChannelFuture joinGroup(InetAddress group, NetworkInterface network, InetAddress source,
            ChannelPromise promise) {
        return refused(promise);
    }

    @Override
    public ChannelFuture leaveGroup(InetAddress group) {
        return refused(newPromise());
    }

    @Override
    public ChannelFuture leaveGroup(InetAddress group, ChannelPromise promise) {
        return refused(promise);
    }

    @Override
    public ChannelFuture leaveGroup(InetSocketAddress group, NetworkInterface network) {
        return refused(newPromise());
    }

    @Override
    public ChannelFuture leaveGroup(InetSocketAddress group, NetworkInterface network, ChannelPromise promise) {
        return refused(promise);
    }

    @Override
    public ChannelFuture leaveGroup(InetAddress group, NetworkInterface network, InetAddress source) {
        return refused(newPromise());
    }

    @Override
    public ChannelFuture leaveGroup(InetAddress group, NetworkInterface network, InetAddress source,
            ChannelPromise promise) {
        return refused(promise);
    }

    @Override
    public ChannelFuture block(InetAddress group, NetworkInterface network, InetAddress source) {
        return refused(newPromise());
    }

    @Override
    public ChannelFuture block(InetAddress group, NetworkInterface network, InetAddress source,
            ChannelPromise promise) {
        return refused(promise);
    }

    @Override
    public ChannelFuture block(InetAddress group, InetAddress source) {
        return refused(newPromise());
    }

    @Override
    public ChannelFuture block(InetAddress group, InetAddress source, ChannelPromise promise) {
        return refused(promise);
    }
}
