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

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.FileRegion;
import io.netty.channel.nio.AbstractNioByteChannel;
import io.netty.channel.nio.NioIoOps;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;

/**
 * A Unix socket that can be half-closed by its peer: the end of its input is a {@link ChannelInputShutdownEvent}, and
 * its output goes on. Netty's NioDomainSocketChannel closes then, whatever its configuration says, because what reads
 * looks for a SocketChannelConfig, which that has not (4.2.20).
 */
public final class UnixSocketChannel extends AbstractNioByteChannel implements DuplexChannel {
    private final ChannelConfig config = new DefaultChannelConfig(this);
    private volatile boolean inputEnded;
    private volatile boolean outputShutdown;

    /**
     * Creates one to connect.
     *
     * @throws IOException if this system has none
     */
    public UnixSocketChannel() throws IOException {
        this(null, SocketChannel.open(StandardProtocolFamily.UNIX));
    }

    UnixSocketChannel(Channel parent, SocketChannel socket) {
        super(parent, socket);
    }

    @Override
    protected SocketChannel javaChannel() {
        return (SocketChannel) super.javaChannel();
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isActive() {
        return javaChannel().isOpen() && javaChannel().isConnected();
    }

    /** The end is told before what reads asks whether it was known: it does not close the channel then. */
    @Override
    protected int doReadBytes(ByteBuf buffer) throws IOException {
        int read = buffer.writeBytes(javaChannel(), buffer.writableBytes());
        if (read < 0 && !inputEnded) {
            inputEnded = true;
            pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
        return read;
    }

    @Override
    protected boolean isInputShutdown0() {
        return inputEnded;
    }

    @Override
    protected int doWriteBytes(ByteBuf buffer) throws IOException {
        return buffer.readBytes(javaChannel(), buffer.readableBytes());
    }

    @Override
    protected long doWriteFileRegion(FileRegion region) throws IOException {
        return region.transferTo(javaChannel(), region.transferred());
    }

    @Override
    public boolean isInputShutdown() {
        return inputEnded || !isActive();
    }

    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        return promise.setFailure(new UnsupportedOperationException("it is read to its end"));
    }

    @Override
    public boolean isOutputShutdown() {
        return outputShutdown || !isActive();
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        eventLoop().execute(() -> ((AbstractUnsafe) unsafe()).shutdownOutput(promise));
        return promise;
    }

    @Override
    protected void doShutdownOutput() throws IOException {
        javaChannel().shutdownOutput();
        outputShutdown = true;
    }

    @Override
    public boolean isShutdown() {
        return isInputShutdown() && isOutputShutdown();
    }

    @Override
    public ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        return shutdownInput(promise);
    }

    @Override
    protected SocketAddress localAddress0() {
        return address(true);
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return address(false);
    }

    private SocketAddress address(boolean local) {
        try {
            return local ? javaChannel().getLocalAddress() : javaChannel().getRemoteAddress();
        } catch (IOException closed) {
            return null;
        }
    }

    @Override
    protected boolean doConnect(SocketAddress remote, SocketAddress local) throws IOException {
        boolean connected = javaChannel().connect(remote);
        if (!connected) {
            addAndSubmit(NioIoOps.CONNECT);
        }
        return connected;
    }

    @Override
    protected void doFinishConnect() throws IOException {
        javaChannel().finishConnect();
    }

    @Override
    protected void doBind(SocketAddress address) {
        throw new UnsupportedOperationException("a client has no address of its own");
    }

    @Override
    protected void doDisconnect() throws Exception {
        doClose();
    }

    @Override
    protected void doClose() throws Exception {
        super.doClose();
        javaChannel().close();
    }
}
