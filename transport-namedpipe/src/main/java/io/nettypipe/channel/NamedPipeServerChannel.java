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
package io.nettypipe.channel;

import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ServerChannel;
import io.nettypipe.iocp.OverlappedFile;
import io.nettypipe.win32.SecurityAttributes;
import io.nettypipe.win32.SystemCallException;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.Set;

/**
 * Serves a named pipe on this machine: bound to a {@link NamedPipeAddress}, it accepts {@link NamedPipeChannel}s. A
 * client can connect from the bind on; it is accepted when the channel reads.
 * <p>
 * From the bind to the close the name is taken, whatever clients do. The accepted channels stay open when this one
 * closes, and as long as they do the name is in use ({@link NamedPipeChannelOption#FIRST_INSTANCE}).
 * <p>
 * Binding fails with {@link java.net.BindException} if the name is in use or has as many instances as allowed, and with
 * {@link IllegalArgumentException} if the address is not one of this machine or the options contradict each other,
 * those included that a {@code ServerBootstrap} has for the accepted channels.
 */
public final class NamedPipeServerChannel extends AbstractNamedPipeChannel implements ServerChannel {
    private final NamedPipeServerChannelConfig config = new NamedPipeServerChannelConfig(this);
    private final NamedPipeServerMetrics metrics = new NamedPipeServerMetrics();
    private volatile NamedPipeAddress address;
    private volatile Set<ChannelOption<?>> ineffective = Set.of();
    private volatile PipeInstances instances;
    private volatile Acceptor acceptor;

    /** Creates a server channel, not bound. */
    public NamedPipeServerChannel() {
        super(null, null, new OverlappedFile());
    }

    @Override
    public NamedPipeServerChannelConfig config() {
        return config;
    }

    /** What this channel counts from its bind on, beside what its event loop does. Any thread. */
    public NamedPipeServerMetrics metrics() {
        return metrics;
    }

    /** Always {@code null}: a server channel has no peer. */
    @Override
    public NamedPipeAddress remoteAddress() {
        return null;
    }

    @Override
    protected NamedPipeAddress localAddress0() {
        return address;
    }

    @Override
    protected NamedPipeAddress remoteAddress0() {
        return null;
    }

    @Override
    void joinLoop() {
        // Listens need no port.
    }

    @Override
    void advance() {
        if (acceptor != null) {
            acceptor.advance();
        }
    }

    @Override
    void stopWaiting() {
        if (acceptor != null) {
            acceptor.cancelRetry();
        }
    }

    @Override
    protected void doBind(SocketAddress localAddress) throws IOException {
        NamedPipeAddress pipe = requirePipe(localAddress);
        if (!pipe.isLocal()) {
            throw new IllegalArgumentException("only a pipe of this machine can be served: " + pipe);
        }
        if (Impersonation.isInForce()) {
            throw new IllegalStateException("a server is bound as the process, not as a client: " + pipe);
        }
        if (state() != ChannelState.NEW) {
            throw new IllegalStateException("bound to " + address + " already");
        }
        if (config.getOption(NamedPipeChannelOption.READ_MODE) == NamedPipeMode.MESSAGE
                && config.getOption(NamedPipeChannelOption.PIPE_TYPE) == NamedPipeMode.BYTE) {
            throw new IllegalArgumentException("READ_MODE MESSAGE needs PIPE_TYPE MESSAGE; it is BYTE");
        }
        ineffective = ChildOptions.check(this, new NamedPipeChannel(this, win32(), 0));
        instances = new PipeInstances(this, pipe, security(pipe));
        Acceptor opened = new Acceptor(this, instances);
        address = pipe;
        try {
            opened.open();
        } catch (Throwable t) {
            address = null;
            opened.close();
            throw t;
        }
        acceptor = opened;
        become(ChannelState.ACTIVE);
    }

    private SecurityAttributes security(NamedPipeAddress pipe) throws NamedPipeException {
        try {
            return config.getOption(NamedPipeChannelOption.SECURITY).attributes(win32().identity());
        } catch (SystemCallException e) {
            throw new NamedPipeException(e.call(), pipe, e.error());
        }
    }

    @Override
    protected void doBeginRead() {
        if (acceptor != null && eventLoop().inEventLoop()) {
            acceptor.beginRead();
        } else if (acceptor != null) {
            passOn(acceptor::beginRead);
        }
    }

    /** Whether the bind has warned that a {@code childOption} is without effect. */
    boolean hasWarnedOf(ChannelOption<?> option) {
        return ineffective.contains(option);
    }

    /** What accepted channels give their instances back to. Any thread. */
    PipeInstances instances() {
        return instances;
    }

    /** An instance came back from an accepted channel, see {@link Acceptor#givenBack}. */
    void givenBack(long next, boolean renewed) {
        Acceptor current = acceptor;
        if (current == null || !isOpen()) {
            instances.discard(next);
        } else {
            current.givenBack(next, renewed);
        }
    }

    @Override
    void beginClosing(PipeClosing closing, boolean forcibly) {
        closing.thenFree(() -> {
            if (acceptor != null) {
                acceptor.close();
                acceptor = null;
            }
        });
    }

    @Override
    void channelClosed() {
        // Who is accepted goes on.
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer out) {
        throw new UnsupportedOperationException();
    }

    @Override
    protected Object filterOutboundMessage(Object msg) {
        throw new UnsupportedOperationException("a server channel writes nothing");
    }

    @Override
    void doConnect(SocketAddress remoteAddress, SocketAddress localAddress, ChannelPromise promise) {
        throw new UnsupportedOperationException("a server channel connects to nobody");
    }
}
