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

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;

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
 * it is off, and switching it on is answered {@code false}; a client that finds itself connected to one goes on
 * without</td><td>{@code false}</td></tr>
 * <tr><td>{@link NamedPipeChannelOption#EMPTY_MESSAGE_AS_DATA}</td><td>{@code false}</td></tr>
 * <tr><td>{@link NamedPipeChannelOption#ZERO_BYTE_READ}</td><td>{@code false}</td></tr>
 * <tr><td>{@link NamedPipeChannelOption#MAX_PART_SIZE}</td><td>1,048,576</td></tr>
 * <tr><td>{@link ChannelOption#SO_LINGER}: for how many seconds after a close the system may go on to deliver what was
 * flushed before it; 0 makes a close an abort, and -1, with which programs made for TCP switch lingering off, is the
 * default</td><td>30</td></tr>
 * <tr><td>{@link ChannelOption#SO_RCVBUF}, {@link ChannelOption#SO_SNDBUF}: taken and remembered, and change nothing;
 * the server's say how much the pipe holds</td><td>of an accepted channel the server's, else 65,536</td></tr>
 * <tr><td>{@link ChannelOption#TCP_NODELAY}, {@link ChannelOption#TCP_FASTOPEN}, {@link
 * ChannelOption#TCP_FASTOPEN_CONNECT}, {@link ChannelOption#SO_KEEPALIVE}, {@link ChannelOption#SO_REUSEADDR}, {@link
 * ChannelOption#IP_TOS}: likewise</td><td>as of TCP</td></tr>
 * </table>
 * A {@code ServerBootstrap} sets its {@code childOption}s on each accepted channel. One that no accepted channel can
 * have fails the bind.
 * <p>
 * Nothing waits for what {@code SO_LINGER} allows: the close completes, and the handle is closed later. The shutdown of
 * the event loop ends it too. If flushed data is given up, and always with 0, a server's end is disconnected ({@code
 * DisconnectNamedPipe}) before it is closed: whatever the client has not read is thrown away, and it gets {@link
 * NamedPipeDisconnectedEvent}. A client's end can only be closed: the server reads what the pipe has room for, and then
 * the end.
 * <p>
 * Setting an option throws {@link IllegalStateException} when it is too late for another value, and {@link
 * IllegalArgumentException} if the value is out of its range or of no use to the channel. All methods: any thread.
 */
public final class NamedPipeChannelConfig extends PipeChannelConfig {
    private static final InternalLogger LOGGER = InternalLoggerFactory.getInstance(NamedPipeChannelConfig.class);
    private static final int DEFAULT_LINGER_SECONDS = 30;
    private static final int DEFAULT_PART_SIZE = 1024 * 1024;
    private static final Table<NamedPipeChannelConfig> OPTIONS = new Table<NamedPipeChannelConfig>()
            .with(NamedPipeChannelOption.READ_MODE, c -> c.readMode, NamedPipeChannelConfig::setReadMode)
            .with(NamedPipeChannelOption.DIRECTION, c -> c.direction, NamedPipeChannelConfig::setDirection)
            .with(NamedPipeChannelOption.CONNECT_POLICY, ConnectPolicy.WAIT_WHEN_BUSY,
                    NamedPipeChannelConfig::beforeConnecting)
            .with(NamedPipeChannelOption.SERVER_OWNER, NamedPipeOwner.anyone(),
                    NamedPipeChannelConfig::beforeConnecting)
            .with(NamedPipeChannelOption.IMPERSONATION_LEVEL, ImpersonationLevel.IDENTIFICATION,
                    NamedPipeChannelConfig::beforeConnecting)
            .with(ChannelOption.ALLOW_HALF_CLOSURE, c -> c.isAllowHalfClosure(), (c, v) -> c.allowHalfClosure = v)
            .with(NamedPipeChannelOption.EMPTY_MESSAGE_AS_DATA, c -> c.isEmptyMessageAsData(),
                    (c, v) -> c.emptyMessageAsData = v)
            .with(NamedPipeChannelOption.ZERO_BYTE_READ, c -> c.zeroByteRead, (c, v) -> c.zeroByteRead = v)
            .with(NamedPipeChannelOption.MAX_PART_SIZE, DEFAULT_PART_SIZE, SIZE)
            .with(ChannelOption.SO_LINGER, DEFAULT_LINGER_SECONDS, (c, option, seconds) -> {
                if (seconds < -1) {
                    throw new IllegalArgumentException("SO_LINGER must be at least 0 seconds, or -1 for the default: "
                            + seconds);
                }
                return seconds == -1 ? DEFAULT_LINGER_SECONDS : seconds;
            })
            .with(ChannelOption.SO_RCVBUF,
                    c -> c.bufferSize(ChannelOption.SO_RCVBUF, NamedPipeChannelOption.IN_BUFFER_SIZE),
                    (c, v) -> c.remember(ChannelOption.SO_RCVBUF, null, SIZE.apply(c, ChannelOption.SO_RCVBUF, v)))
            .with(ChannelOption.SO_SNDBUF,
                    c -> c.bufferSize(ChannelOption.SO_SNDBUF, NamedPipeChannelOption.OUT_BUFFER_SIZE),
                    (c, v) -> c.remember(ChannelOption.SO_SNDBUF, null, SIZE.apply(c, ChannelOption.SO_SNDBUF, v)))
            .withThoseOfTcp();

    private final NamedPipeChannel pipe;
    private volatile NamedPipeMode readMode = NamedPipeMode.BYTE;
    private volatile NamedPipeDirection direction = NamedPipeDirection.DUPLEX;
    private volatile boolean allowHalfClosure;
    private volatile boolean emptyMessageAsData;
    private volatile boolean zeroByteRead;

    NamedPipeChannelConfig(NamedPipeChannel channel) {
        super(channel, new AdaptiveRecvByteBufAllocator(), OPTIONS);
        pipe = channel;
    }

    /** The channel is accepted, or of somebody else's handle: takes over what its server or the handle decides. */
    void inherit(NamedPipeMode itsReadMode, NamedPipeDirection itsDirection) {
        readMode = itsReadMode;
        direction = itsDirection;
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        boolean ofMessages = option == ChannelOption.ALLOW_HALF_CLOSURE
                || option == NamedPipeChannelOption.EMPTY_MESSAGE_AS_DATA;
        if (ofMessages && Boolean.TRUE.equals(value) && pipe.isByteType() || !super.setOption(option, value)) {
            return pipe.parent() != null && pipe.parent().hasWarnedOf(option);
        }
        return true;
    }

    /** How this end is read: {@link NamedPipeChannelOption#READ_MODE}. */
    public NamedPipeMode getReadMode() {
        return readMode;
    }

    private void setReadMode(NamedPipeMode wanted) {
        if (wanted == readMode) {
            return;
        }
        AdoptedHandle adopted = pipe.adopted();
        if (adopted != null) {
            adopted.checkReadMode(wanted);
        } else if (pipe.parent() == null) {
            beforeConnecting(NamedPipeChannelOption.READ_MODE, wanted);
        } else if (pipe.isByteType()) {
            throw new IllegalArgumentException("READ_MODE cannot become " + wanted + " on a byte-type pipe: " + pipe);
        } else if (direction == NamedPipeDirection.INBOUND) {
            // "SetNamedPipeHandleState" needs a right that PIPE_ACCESS_INBOUND does not give.
            throw new IllegalStateException("READ_MODE cannot become " + wanted + " on an INBOUND server's end: it is "
                    + "set on the server, before it is bound: " + pipe);
        }
        readMode = wanted;
    }

    /** Which way data flows, as this end sees it: {@link NamedPipeChannelOption#DIRECTION}. */
    public NamedPipeDirection getDirection() {
        return direction;
    }

    private void setDirection(NamedPipeDirection wanted) {
        if (pipe.parent() != null && wanted != direction) {
            throw new IllegalStateException("DIRECTION cannot become " + wanted + ": that of an accepted channel is "
                    + "its server's, " + direction);
        }
        direction = beforeConnecting(NamedPipeChannelOption.DIRECTION, wanted);
    }

    /** An equal value changes nothing, whenever it is set. */
    private <T> T beforeConnecting(ChannelOption<T> option, T value) {
        if (pipe.state() != ChannelState.NEW && !value.equals(getOption(option))) {
            throw new IllegalStateException(option + " cannot become " + value + ": it is set before the channel is "
                    + "connected, which is " + pipe.state());
        }
        return value;
    }

    /** The channel is connected, and its pipe's type known: says so if that switches something off. */
    void typeIsKnown() {
        if (pipe.isByteType() && (allowHalfClosure || emptyMessageAsData)) {
            LOGGER.warn("{} and {} are off: this is a byte-type pipe, which has no half-closure: {}",
                    ChannelOption.ALLOW_HALF_CLOSURE, NamedPipeChannelOption.EMPTY_MESSAGE_AS_DATA, pipe);
        }
    }

    /** Whether an empty message is the peer's half-close; never on a byte-type pipe. */
    public boolean isAllowHalfClosure() {
        return allowHalfClosure && !pipe.isByteType();
    }

    /** Whether an empty message is data even if half-closure is allowed; never on a byte-type pipe. */
    public boolean isEmptyMessageAsData() {
        return emptyMessageAsData && !pipe.isByteType();
    }

    /** Whether data is waited for without a read buffer: {@link NamedPipeChannelOption#ZERO_BYTE_READ}. */
    public boolean isZeroByteRead() {
        return zeroByteRead;
    }

    /** What was set, which changes nothing; or else, of an accepted channel, what its server has. */
    private int bufferSize(ChannelOption<Integer> option, ChannelOption<Integer> ofServer) {
        NamedPipeServerChannel server = pipe.parent();
        return remembered(option, server == null ? DEFAULT_BUFFER_SIZE : server.config().getOption(ofServer));
    }
}
