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
 * <tr><td>{@link NamedPipeChannelOption#WHEN_BUSY}</td><td>{@link ConnectPolicy#WAIT}</td></tr>
 * <tr><td>{@link NamedPipeChannelOption#WHEN_ABSENT}</td><td>{@link ConnectPolicy#FAIL}</td></tr>
 * <tr><td>{@link NamedPipeChannelOption#DIRECTION}</td><td>{@link PipeDirection#DUPLEX}</td></tr>
 * <tr><td>{@link NamedPipeChannelOption#SERVER_OWNER}</td><td>{@link PipeOwner#anyone()}</td></tr>
 * <tr><td>{@link NamedPipeChannelOption#IMPERSONATION_LEVEL}</td>
 * <td>{@link ImpersonationLevel#IDENTIFICATION}</td></tr>
 * <tr><td>{@link ChannelOption#ALLOW_HALF_CLOSURE}: whether an empty message on a message-type pipe is the peer's
 * half-close; on a byte-type pipe setting it is answered {@code false}, and it is off</td><td>{@code false}</td></tr>
 * <tr><td>{@link NamedPipeChannelOption#EMPTY_MESSAGE_AS_DATA}</td><td>{@code false}</td></tr>
 * <tr><td>{@link NamedPipeChannelOption#ZERO_BYTE_READ}</td><td>{@code false}</td></tr>
 * <tr><td>{@link ChannelOption#SO_LINGER}: for how many seconds after a close the system may go on to deliver what was
 * flushed before it; 0 makes a close an abort</td><td>30</td></tr>
 * </table>
 */
public final class NamedPipeChannelConfig extends DefaultChannelConfig {
    private static final InternalLogger LOGGER = InternalLoggerFactory.getInstance(NamedPipeChannelConfig.class);
    private static final int DEFAULT_LINGER_SECONDS = 30;

    private final NamedPipeChannel pipeChannel;
    private volatile NamedPipeMode readMode = NamedPipeMode.BYTE;
    private volatile PipeDirection direction = PipeDirection.DUPLEX;
    private volatile ConnectPolicy whenBusy = ConnectPolicy.WAIT;
    private volatile ConnectPolicy whenAbsent = ConnectPolicy.FAIL;
    private volatile PipeOwner serverOwner = PipeOwner.anyone();
    private volatile ImpersonationLevel impersonationLevel = ImpersonationLevel.IDENTIFICATION;
    private volatile boolean allowHalfClosure;
    private volatile boolean emptyMessageAsData;
    private volatile boolean zeroByteRead;
    private volatile int soLinger = DEFAULT_LINGER_SECONDS;

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
        return getOptions(super.getOptions(), NamedPipeChannelOption.READ_MODE, NamedPipeChannelOption.DIRECTION,
                NamedPipeChannelOption.WHEN_BUSY, NamedPipeChannelOption.WHEN_ABSENT,
                NamedPipeChannelOption.SERVER_OWNER, NamedPipeChannelOption.IMPERSONATION_LEVEL,
                ChannelOption.ALLOW_HALF_CLOSURE, NamedPipeChannelOption.EMPTY_MESSAGE_AS_DATA,
                NamedPipeChannelOption.ZERO_BYTE_READ, ChannelOption.SO_LINGER);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T getOption(ChannelOption<T> option) {
        if (option == NamedPipeChannelOption.READ_MODE) {
            return (T) getReadMode();
        }
        if (option == NamedPipeChannelOption.WHEN_BUSY) {
            return (T) getWhenBusy();
        }
        if (option == NamedPipeChannelOption.WHEN_ABSENT) {
            return (T) getWhenAbsent();
        }
        if (option == NamedPipeChannelOption.SERVER_OWNER) {
            return (T) getServerOwner();
        }
        if (option == NamedPipeChannelOption.IMPERSONATION_LEVEL) {
            return (T) getImpersonationLevel();
        }
        if (option == NamedPipeChannelOption.DIRECTION) {
            return (T) getDirection();
        }
        if (option == ChannelOption.ALLOW_HALF_CLOSURE) {
            return (T) Boolean.valueOf(isAllowHalfClosure());
        }
        if (option == NamedPipeChannelOption.EMPTY_MESSAGE_AS_DATA) {
            return (T) Boolean.valueOf(isEmptyMessageAsData());
        }
        if (option == NamedPipeChannelOption.ZERO_BYTE_READ) {
            return (T) Boolean.valueOf(isZeroByteRead());
        }
        if (option == ChannelOption.SO_LINGER) {
            return (T) Integer.valueOf(getSoLinger());
        }
        return super.getOption(option);
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        validate(option, value);
        boolean ofMessages = option == ChannelOption.ALLOW_HALF_CLOSURE
                || option == NamedPipeChannelOption.EMPTY_MESSAGE_AS_DATA;
        if (ofMessages && pipeChannel.isByteType()) {
            return false;
        }
        if (option == NamedPipeChannelOption.READ_MODE) {
            setReadMode((NamedPipeMode) value);
        } else if (option == NamedPipeChannelOption.WHEN_BUSY) {
            setWhenBusy((ConnectPolicy) value);
        } else if (option == NamedPipeChannelOption.WHEN_ABSENT) {
            setWhenAbsent((ConnectPolicy) value);
        } else if (option == NamedPipeChannelOption.SERVER_OWNER) {
            setServerOwner((PipeOwner) value);
        } else if (option == NamedPipeChannelOption.IMPERSONATION_LEVEL) {
            setImpersonationLevel((ImpersonationLevel) value);
        } else if (option == NamedPipeChannelOption.DIRECTION) {
            setDirection((PipeDirection) value);
        } else if (option == ChannelOption.ALLOW_HALF_CLOSURE) {
            setAllowHalfClosure((Boolean) value);
        } else if (option == NamedPipeChannelOption.EMPTY_MESSAGE_AS_DATA) {
            setEmptyMessageAsData((Boolean) value);
        } else if (option == NamedPipeChannelOption.ZERO_BYTE_READ) {
            setZeroByteRead((Boolean) value);
        } else if (option == ChannelOption.SO_LINGER) {
            setSoLinger((Integer) value);
        } else {
            return super.setOption(option, value);
        }
        return true;
    }

    /** How this end is read. Any thread. */
    public NamedPipeMode getReadMode() {
        return readMode;
    }

    /**
     * Sets how this end is read once it is connected, or, if it is made of a handle, once it is registered.
     *
     * @throws IllegalStateException    if the channel was connected, accepted or registered with a handle already
     * @throws IllegalArgumentException if it is made of a handle of a byte-type pipe, and messages are to be read
     */
    public NamedPipeChannelConfig setReadMode(NamedPipeMode readMode) {
        AdoptedHandle adopted = pipeChannel.adopted();
        if (adopted == null) {
            requireNotConnected("READ_MODE", readMode);
        } else {
            adopted.checkReadMode(Objects.requireNonNull(readMode, "READ_MODE"));
        }
        this.readMode = readMode;
        return this;
    }

    /** What to do if all instances of the pipe are busy. Any thread. */
    public ConnectPolicy getWhenBusy() {
        return whenBusy;
    }

    /**
     * Sets what to do if all instances of the pipe are busy.
     *
     * @throws IllegalStateException if the channel is connecting, connected or closed
     */
    public NamedPipeChannelConfig setWhenBusy(ConnectPolicy policy) {
        requireNotConnected("WHEN_BUSY", policy);
        whenBusy = policy;
        return this;
    }

    /** What to do if there is no pipe of that name. Any thread. */
    public ConnectPolicy getWhenAbsent() {
        return whenAbsent;
    }

    /**
     * Sets what to do if there is no pipe of that name.
     *
     * @throws IllegalStateException if the channel is connecting, connected or closed
     */
    public NamedPipeChannelConfig setWhenAbsent(ConnectPolicy policy) {
        requireNotConnected("WHEN_ABSENT", policy);
        whenAbsent = policy;
        return this;
    }

    /** Who must own the pipe. Any thread. */
    public PipeOwner getServerOwner() {
        return serverOwner;
    }

    /**
     * Sets who must own the pipe.
     *
     * @throws IllegalStateException if the channel is connecting, connected or closed
     */
    public NamedPipeChannelConfig setServerOwner(PipeOwner owner) {
        requireNotConnected("SERVER_OWNER", owner);
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
     * @throws IllegalStateException if the channel is connecting, connected or closed
     */
    public NamedPipeChannelConfig setImpersonationLevel(ImpersonationLevel level) {
        requireNotConnected("IMPERSONATION_LEVEL", level);
        impersonationLevel = level;
        return this;
    }

    private void requireNotConnected(String option, Object value) {
        Objects.requireNonNull(value, option);
        if (pipeChannel.state() != ChannelState.NEW) {
            throw new IllegalStateException(option + " cannot become " + value + ": it is set before the channel is "
                    + "connected, which is " + pipeChannel.state());
        }
    }

    /** Which way data flows, as this end sees it. Any thread. */
    public PipeDirection getDirection() {
        return direction;
    }

    /**
     * Sets which way data will flow, as this end sees it.
     *
     * @throws IllegalStateException if the channel was connected or accepted already
     */
    public NamedPipeChannelConfig setDirection(PipeDirection direction) {
        requireNotConnected("DIRECTION", direction);
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
     * goes on without.
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
     * @param seconds at least 0; 0 makes a close an abort
     * @throws IllegalArgumentException if it is negative
     */
    public NamedPipeChannelConfig setSoLinger(int seconds) {
        if (seconds < 0) {
            throw new IllegalArgumentException("SO_LINGER must be at least 0 seconds: " + seconds);
        }
        soLinger = seconds;
        return this;
    }

    @Override
    protected void autoReadCleared() {
        pipeChannel.autoReadCleared();
    }
}
