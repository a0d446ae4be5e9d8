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
import io.netty.channel.DefaultChannelConfig;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;

import java.util.Map;
import java.util.Objects;

/**
 * The configuration of a {@link NamedPipeChannel}: the options of every channel and
 * <table>
 * <caption>options of a named-pipe channel</caption>
 * <tr><th>option</th><th>default</th></tr>
 * <tr><td>{@link NamedPipeChannelOption#READ_MODE}</td><td>{@link NamedPipeMode#BYTE}</td></tr>
 * <tr><td>{@link NamedPipeChannelOption#CONNECT_POLICY}</td><td>{@link ConnectPolicy#WAIT_WHEN_BUSY}</td></tr>
 * <tr><td>{@link NamedPipeChannelOption#DIRECTION}</td><td>{@link NamedPipeDirection#DUPLEX}</td></tr>
 * <tr><td>{@link NamedPipeChannelOption#SERVER_OWNER}</td><td>{@link NamedPipeOwner#anyone()}</td></tr>
 * <tr><td>{@link NamedPipeChannelOption#IMPERSONATION_LEVEL}</td>
 * <td>{@link ImpersonationLevel#IDENTIFICATION}</td></tr>
 * <tr><td>{@link ChannelOption#ALLOW_HALF_CLOSURE}: whether an empty message on a message-type pipe is the peer's
 * half-close. If not, it is data to who reads messages, and closes the channel of who reads bytes. On a byte-type pipe
 * it is off, and switching it on is answered {@code false}</td><td>{@code false}</td></tr>
 * <tr><td>{@link NamedPipeChannelOption#EMPTY_MESSAGE_AS_DATA}</td><td>{@code false}</td></tr>
 * <tr><td>{@link NamedPipeChannelOption#ZERO_BYTE_READ}</td><td>{@code false}</td></tr>
 * <tr><td>{@link ChannelOption#SO_LINGER}: for how many seconds after a close the system may go on to deliver what was
 * flushed before it; 0 makes a close an abort, -1 is the default</td><td>30</td></tr>
 * <tr><td>{@link ChannelOption#SO_RCVBUF}, {@link ChannelOption#SO_SNDBUF}: taken and remembered, and change nothing;
 * the server's say how much the pipe holds</td><td>of an accepted channel the server's, else 65,536</td></tr>
 * <tr><td>{@link ChannelOption#TCP_NODELAY}, {@link ChannelOption#TCP_FASTOPEN}, {@link
 * ChannelOption#TCP_FASTOPEN_CONNECT}, {@link ChannelOption#SO_KEEPALIVE}, {@link ChannelOption#SO_REUSEADDR}, {@link
 * ChannelOption#IP_TOS}: likewise</td><td>as of TCP</td></tr>
 * </table>
 * A {@code ServerBootstrap} sets its {@code childOption}s on each accepted channel. One that no accepted channel can
 * have fails the bind.
 */
public final class NamedPipeChannelConfig extends DefaultChannelConfig {
    private static final InternalLogger LOGGER = InternalLoggerFactory.getInstance(NamedPipeChannelConfig.class);
    private static final int DEFAULT_LINGER_SECONDS = 30;
    private static final OptionTable<NamedPipeChannelConfig> OPTIONS = TcpOptions.addTo(
            new OptionTable<NamedPipeChannelConfig>()
                    .with(NamedPipeChannelOption.READ_MODE, c -> c.getReadMode(), (c, v) -> c.setReadMode(v))
                    .with(NamedPipeChannelOption.DIRECTION, c -> c.getDirection(), (c, v) -> c.setDirection(v))
                    .with(NamedPipeChannelOption.CONNECT_POLICY, c -> c.getConnectPolicy(),
                            (c, v) -> c.setConnectPolicy(v))
                    .with(NamedPipeChannelOption.SERVER_OWNER, c -> c.getServerOwner(), (c, v) -> c.setServerOwner(v))
                    .with(NamedPipeChannelOption.IMPERSONATION_LEVEL, c -> c.getImpersonationLevel(),
                            (c, v) -> c.setImpersonationLevel(v))
                    .with(ChannelOption.ALLOW_HALF_CLOSURE, c -> c.isAllowHalfClosure(),
                            (c, v) -> c.setAllowHalfClosure(v))
                    .with(NamedPipeChannelOption.EMPTY_MESSAGE_AS_DATA, c -> c.isEmptyMessageAsData(),
                            (c, v) -> c.setEmptyMessageAsData(v))
                    .with(NamedPipeChannelOption.ZERO_BYTE_READ, c -> c.isZeroByteRead(),
                            (c, v) -> c.setZeroByteRead(v))
                    .with(ChannelOption.SO_LINGER, c -> c.getSoLinger(), (c, v) -> c.setSoLinger(v))
                    .with(ChannelOption.SO_RCVBUF, c -> c.getReceiveBufferSize(), (c, v) -> c.setReceiveBufferSize(v))
                    .with(ChannelOption.SO_SNDBUF, c -> c.getSendBufferSize(), (c, v) -> c.setSendBufferSize(v)),
            c -> c.tcp);

    private final NamedPipeChannel pipeChannel;
    private volatile NamedPipeMode readMode = NamedPipeMode.BYTE;
    private volatile NamedPipeDirection direction = NamedPipeDirection.DUPLEX;
    private volatile ConnectPolicy connectPolicy = ConnectPolicy.WAIT_WHEN_BUSY;
    private volatile NamedPipeOwner serverOwner = NamedPipeOwner.anyone();
    private volatile ImpersonationLevel impersonationLevel = ImpersonationLevel.IDENTIFICATION;
    private volatile boolean allowHalfClosure;
    private volatile boolean emptyMessageAsData;
    private volatile boolean zeroByteRead;
    private volatile int soLinger = DEFAULT_LINGER_SECONDS;
    private final TcpOptions tcp = new TcpOptions();

    NamedPipeChannelConfig(NamedPipeChannel channel) {
        super(channel);
        pipeChannel = channel;
    }

    /** The channel was accepted: takes over what its server decides for it. */
    void inherit(NamedPipeServerChannelConfig server) {
        readMode = server.getReadMode();
        direction = server.getDirection();
    }

    /** The channel is of somebody else's handle: takes over what that is. */
    void adopt(AdoptedHandle handle) {
        readMode = handle.readMode;
        direction = handle.direction;
    }

    @Override
    public Map<ChannelOption<?>, Object> getOptions() {
        return getOptions(super.getOptions(), OPTIONS.all());
    }

    @Override
    public <T> T getOption(ChannelOption<T> option) {
        return OPTIONS.has(option) ? OPTIONS.get(this, option) : super.getOption(option);
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        validate(option, value);
        if (!OPTIONS.has(option)) {
            return super.setOption(option, value);
        }
        boolean ofMessages = option == ChannelOption.ALLOW_HALF_CLOSURE
                || option == NamedPipeChannelOption.EMPTY_MESSAGE_AS_DATA;
        if (ofMessages && (Boolean) value && pipeChannel.isByteType()) {
            return false;
        }
        OPTIONS.set(this, option, value);
        return true;
    }

    /** How this end is read. Any thread. */
    public NamedPipeMode getReadMode() {
        return readMode;
    }

    /**
     * Sets how this end is read: a client's once it is connected, one that is made of a handle once it is registered.
     * Of an accepted one it can be set at any time, by any thread, and holds from the next read on ({@code
     * SetNamedPipeHandleState}, which the event loop calls before that read): what was read before, and what a read
     * brings that was pending, is delivered as it was read. A handler that is added by {@code initChannel} comes before
     * the first read.
     *
     * @throws IllegalStateException    if the channel is a client's or made of a handle, and was connected or
     *                                  registered already; or the end of a server that is {@link
     *                                  NamedPipeDirection#INBOUND}, whose mode the system does not change; unless the
     *                                  mode is the one that it has
     * @throws IllegalArgumentException if messages are to be read of what is known to be a byte-type pipe
     */
    public NamedPipeChannelConfig setReadMode(NamedPipeMode readMode) {
        if (Objects.requireNonNull(readMode, "READ_MODE") != this.readMode) {
            AdoptedHandle adopted = pipeChannel.adopted();
            if (adopted != null) {
                adopted.checkReadMode(readMode);
            } else if (pipeChannel.parent() != null) {
                requireChangeable(readMode);
            } else {
                requireNotConnected("READ_MODE", readMode, this.readMode);
            }
            this.readMode = readMode;
        }
        return this;
    }

    private void requireChangeable(NamedPipeMode wanted) {
        if (pipeChannel.isByteType()) {
            throw new IllegalArgumentException("READ_MODE cannot become " + wanted + " on a byte-type pipe: "
                    + pipeChannel);
        }
        if (direction == NamedPipeDirection.INBOUND) {
            // "SetNamedPipeHandleState" needs a right that PIPE_ACCESS_INBOUND does not give.
            throw new IllegalStateException("READ_MODE cannot become " + wanted + " on an INBOUND server's end: it is "
                    + "set on the server, before it is bound: " + pipeChannel);
        }
    }

    /** Whether to wait for a pipe that is busy or absent. Any thread. */
    public ConnectPolicy getConnectPolicy() {
        return connectPolicy;
    }

    /**
     * Sets whether to wait for a pipe that is busy or absent.
     *
     * @throws IllegalStateException if the channel is connecting, connected or closed, and has another
     */
    public NamedPipeChannelConfig setConnectPolicy(ConnectPolicy policy) {
        requireNotConnected("CONNECT_POLICY", policy, connectPolicy);
        connectPolicy = policy;
        return this;
    }

    /** Who must own the pipe. Any thread. */
    public NamedPipeOwner getServerOwner() {
        return serverOwner;
    }

    /**
     * Sets who must own the pipe.
     *
     * @throws IllegalStateException if the channel is connecting, connected or closed, and has another
     */
    public NamedPipeChannelConfig setServerOwner(NamedPipeOwner owner) {
        requireNotConnected("SERVER_OWNER", owner, serverOwner);
        serverOwner = owner;
        return this;
    }

    /** What the server may do with the client's identity. Any thread. */
    public ImpersonationLevel getImpersonationLevel() {
        return impersonationLevel;
    }

    /**
     * Sets what the server may do with the client's identity.
     *
     * @throws IllegalStateException if the channel is connecting, connected or closed, and has another
     */
    public NamedPipeChannelConfig setImpersonationLevel(ImpersonationLevel level) {
        requireNotConnected("IMPERSONATION_LEVEL", level, impersonationLevel);
        impersonationLevel = level;
        return this;
    }

    /** An equal value changes nothing, whenever it is set. */
    private void requireNotConnected(String option, Object value, Object present) {
        Objects.requireNonNull(value, option);
        if (!value.equals(present) && pipeChannel.state() != ChannelState.NEW) {
            throw new IllegalStateException(option + " cannot become " + value + ": it is set before the channel is "
                    + "connected, which is " + pipeChannel.state());
        }
    }

    /** Which way data flows, as this end sees it. Any thread. */
    public NamedPipeDirection getDirection() {
        return direction;
    }

    /**
     * Sets which way data will flow, as this end sees it.
     *
     * @throws IllegalStateException if the channel was connected or accepted already, and has another
     */
    public NamedPipeChannelConfig setDirection(NamedPipeDirection direction) {
        if (pipeChannel.parent() != null && Objects.requireNonNull(direction, "DIRECTION") != this.direction) {
            throw new IllegalStateException("DIRECTION cannot become " + direction + ": that of an accepted channel is "
                    + "its server's, " + this.direction);
        }
        requireNotConnected("DIRECTION", direction, this.direction);
        this.direction = direction;
        return this;
    }

    /** The channel is connected, and its pipe's type known: says so if that switches something off. */
    void typeIsKnown() {
        if (pipeChannel.isByteType() && (allowHalfClosure || emptyMessageAsData)) {
            LOGGER.warn("{} and {} are off: this is a byte-type pipe, which has no half-closure: {}",
                    ChannelOption.ALLOW_HALF_CLOSURE, NamedPipeChannelOption.EMPTY_MESSAGE_AS_DATA, pipeChannel);
        }
    }

    /** Whether an empty message is the peer's half-close; never on a byte-type pipe. Any thread. */
    public boolean isAllowHalfClosure() {
        return allowHalfClosure && !pipeChannel.isByteType();
    }

    /**
     * Sets whether an empty message is the peer's half-close. A client that finds itself connected to a byte-type pipe
     * goes on without. As an option it is answered {@code false} where this throws.
     *
     * @throws UnsupportedOperationException if it is on, and the channel is that of a byte-type pipe
     */
    public NamedPipeChannelConfig setAllowHalfClosure(boolean allowHalfClosure) {
        requireMessages(ChannelOption.ALLOW_HALF_CLOSURE, allowHalfClosure);
        this.allowHalfClosure = allowHalfClosure;
        return this;
    }

    /** Whether an empty message is data even if half-closure is allowed. Any thread. */
    public boolean isEmptyMessageAsData() {
        return emptyMessageAsData && !pipeChannel.isByteType();
    }

    /**
     * Sets whether an empty message is data even if half-closure is allowed.
     *
     * @throws UnsupportedOperationException if it is on, and the channel is that of a byte-type pipe
     */
    public NamedPipeChannelConfig setEmptyMessageAsData(boolean emptyMessageAsData) {
        requireMessages(NamedPipeChannelOption.EMPTY_MESSAGE_AS_DATA, emptyMessageAsData);
        this.emptyMessageAsData = emptyMessageAsData;
        return this;
    }

    private void requireMessages(ChannelOption<Boolean> option, boolean value) {
        if (value && pipeChannel.isByteType()) {
            throw new UnsupportedOperationException(option + " needs a message-type pipe: " + pipeChannel);
        }
    }

    /** Whether data is waited for without a read buffer. Any thread. */
    public boolean isZeroByteRead() {
        return zeroByteRead;
    }

    /** Sets whether data is waited for without a read buffer, from the next read on. Any thread. */
    public NamedPipeChannelConfig setZeroByteRead(boolean zeroByteRead) {
        this.zeroByteRead = zeroByteRead;
        return this;
    }

    /** For how many seconds after a close the system may go on to deliver what was flushed. Any thread. */
    public int getSoLinger() {
        return soLinger;
    }

    /**
     * Sets for how long the system may go on to deliver what was flushed before the channel closed. Nothing waits for
     * it: the close completes, and the handle is closed later. The shutdown of the event loop ends it too.
     * <p>
     * If flushed data is given up, and always with 0, a server's end is disconnected ({@code DisconnectNamedPipe})
     * before it is closed: whatever the client has not read is thrown away, and it gets {@link
     * NamedPipeDisconnectedEvent}. A client's end can only be closed: the server reads what the pipe has room for, and
     * then the end.
     *
     * @param seconds at least 0; 0 makes a close an abort; or -1, with which programs made for TCP switch lingering
     *                off, for the default
     * @throws IllegalArgumentException if it is less than -1
     */
    public NamedPipeChannelConfig setSoLinger(int seconds) {
        if (seconds < -1) {
            throw new IllegalArgumentException("SO_LINGER must be at least 0 seconds, or -1 for the default: "
                    + seconds);
        }
        soLinger = seconds == -1 ? DEFAULT_LINGER_SECONDS : seconds;
        return this;
    }

    /**
     * What was set; or else, of an accepted channel, the server's {@link NamedPipeChannelOption#IN_BUFFER_SIZE}. Any
     * thread.
     */
    public int getReceiveBufferSize() {
        NamedPipeServerChannel server = pipeChannel.parent();
        return tcp.get(ChannelOption.SO_RCVBUF, server == null ? NamedPipeServerChannelConfig.DEFAULT_BUFFER_SIZE
                : server.config().getInBufferSize());
    }

    /**
     * Changes nothing: the server's {@link NamedPipeChannelOption#IN_BUFFER_SIZE} says how much the pipe holds.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public NamedPipeChannelConfig setReceiveBufferSize(int bytes) {
        tcp.put(ChannelOption.SO_RCVBUF, requireSize(ChannelOption.SO_RCVBUF, bytes));
        return this;
    }

    /**
     * What was set; or else, of an accepted channel, the server's {@link NamedPipeChannelOption#OUT_BUFFER_SIZE}. Any
     * thread.
     */
    public int getSendBufferSize() {
        NamedPipeServerChannel server = pipeChannel.parent();
        return tcp.get(ChannelOption.SO_SNDBUF, server == null ? NamedPipeServerChannelConfig.DEFAULT_BUFFER_SIZE
                : server.config().getOutBufferSize());
    }

    /**
     * Changes nothing: the server's {@link NamedPipeChannelOption#OUT_BUFFER_SIZE} says how much the pipe holds.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public NamedPipeChannelConfig setSendBufferSize(int bytes) {
        tcp.put(ChannelOption.SO_SNDBUF, requireSize(ChannelOption.SO_SNDBUF, bytes));
        return this;
    }

    private static int requireSize(ChannelOption<Integer> option, int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException(option + " must be at least 0: " + bytes);
        }
        return bytes;
    }

    @Override
    protected void autoReadCleared() {
        pipeChannel.autoReadCleared();
    }
}
