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
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.nettypipe.win32.PipeFlags;

import java.util.Map;
import java.util.Objects;

/**
 * The configuration of a {@link NamedPipeServerChannel}: the options of every channel, those of
 * {@link NamedPipeChannelOption}, and of {@link ChannelOption}
 * <ul>
 * <li>{@code SO_BACKLOG}, the number of instances that listen at once: by default and at most 64, fewer if {@link
 * NamedPipeChannelOption#MAX_INSTANCES} says so; 0 is the default, and more is taken for 64;</li>
 * <li>{@code SO_RCVBUF} and {@code SO_SNDBUF}, which are {@link NamedPipeChannelOption#IN_BUFFER_SIZE} and {@link
 * NamedPipeChannelOption#OUT_BUFFER_SIZE} by other names;</li>
 * <li>{@code SO_REUSEADDR}, {@code TCP_FASTOPEN}, {@code TCP_FASTOPEN_CONNECT}, {@code TCP_NODELAY}, {@code
 * SO_KEEPALIVE} and {@code IP_TOS}, which are taken and remembered, at any time, and change nothing.</li>
 * </ul>
 * All but the last are set before the channel is bound. Any thread.
 */
public final class NamedPipeServerChannelConfig extends DefaultChannelConfig {
    /**
     * How many instances listen, by default and at most. Each costs a handle and some hundred bytes, and no time while
     * nobody comes. Clients beyond these that come before the next turn of the event loop find the pipe busy.
     */
    private static final int MAX_BACKLOG = 64;
    static final int DEFAULT_BUFFER_SIZE = 64 * 1024;

    private static final OptionTable<NamedPipeServerChannelConfig> OPTIONS = TcpOptions.addTo(
            new OptionTable<NamedPipeServerChannelConfig>()
                    .with(NamedPipeChannelOption.PIPE_TYPE, c -> c.getPipeType(), (c, v) -> c.setPipeType(v))
                    .with(NamedPipeChannelOption.READ_MODE, c -> c.getReadMode(), (c, v) -> c.setReadMode(v))
                    .with(NamedPipeChannelOption.DIRECTION, c -> c.getDirection(), (c, v) -> c.setDirection(v))
                    .with(NamedPipeChannelOption.MAX_INSTANCES, c -> c.getMaxInstances(),
                            (c, v) -> c.setMaxInstances(v))
                    .with(NamedPipeChannelOption.IN_BUFFER_SIZE, c -> c.getInBufferSize(),
                            (c, v) -> c.setInBufferSize(v))
                    .with(ChannelOption.SO_RCVBUF, c -> c.getInBufferSize(), (c, v) -> c.setInBufferSize(v))
                    .with(NamedPipeChannelOption.OUT_BUFFER_SIZE, c -> c.getOutBufferSize(),
                            (c, v) -> c.setOutBufferSize(v))
                    .with(ChannelOption.SO_SNDBUF, c -> c.getOutBufferSize(), (c, v) -> c.setOutBufferSize(v))
                    .with(NamedPipeChannelOption.REJECT_REMOTE_CLIENTS, c -> c.isRejectRemoteClients(),
                            (c, v) -> c.setRejectRemoteClients(v))
                    .with(NamedPipeChannelOption.FIRST_INSTANCE, c -> c.isFirstInstance(),
                            (c, v) -> c.setFirstInstance(v))
                    .with(NamedPipeChannelOption.REUSE_INSTANCES, c -> c.isReuseInstances(),
                            (c, v) -> c.setReuseInstances(v))
                    .with(NamedPipeChannelOption.SECURITY, c -> c.getSecurity(), (c, v) -> c.setSecurity(v))
                    .with(ChannelOption.SO_BACKLOG, c -> c.getBacklog(), (c, v) -> c.setBacklog(v)),
            c -> c.tcp);

    private final NamedPipeServerChannel server;
    private final TcpOptions tcp = new TcpOptions();
    private volatile NamedPipeMode pipeType = NamedPipeMode.BYTE;
    private volatile NamedPipeMode readMode;
    private volatile NamedPipeDirection direction = NamedPipeDirection.DUPLEX;
    private volatile int maxInstances = PipeFlags.PIPE_UNLIMITED_INSTANCES;
    private volatile int inBufferSize = DEFAULT_BUFFER_SIZE;
    private volatile int outBufferSize = DEFAULT_BUFFER_SIZE;
    private volatile boolean rejectRemoteClients = true;
    private volatile boolean firstInstance = true;
    private volatile boolean reuseInstances;
    private volatile NamedPipeSecurity security = NamedPipeSecurity.currentUser();
    private volatile int backlog = MAX_BACKLOG;

    NamedPipeServerChannelConfig(NamedPipeServerChannel server) {
        super(server, new ServerChannelRecvByteBufAllocator());
        this.server = server;
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
        OPTIONS.set(this, option, value);
        return true;
    }

    /** See {@link NamedPipeChannelOption#PIPE_TYPE}. */
    public NamedPipeMode getPipeType() {
        return pipeType;
    }

    /** See {@link NamedPipeChannelOption#PIPE_TYPE}. */
    public NamedPipeServerChannelConfig setPipeType(NamedPipeMode pipeType) {
        requireUnbound(NamedPipeChannelOption.PIPE_TYPE);
        this.pipeType = Objects.requireNonNull(pipeType, "pipeType");
        return this;
    }

    /** See {@link NamedPipeChannelOption#READ_MODE}. */
    public NamedPipeMode getReadMode() {
        NamedPipeMode set = readMode;
        return set != null ? set : pipeType;
    }

    /** See {@link NamedPipeChannelOption#READ_MODE}. */
    public NamedPipeServerChannelConfig setReadMode(NamedPipeMode readMode) {
        requireUnbound(NamedPipeChannelOption.READ_MODE);
        this.readMode = Objects.requireNonNull(readMode, "readMode");
        return this;
    }

    /** See {@link NamedPipeChannelOption#DIRECTION}. */
    public NamedPipeDirection getDirection() {
        return direction;
    }

    /** See {@link NamedPipeChannelOption#DIRECTION}. */
    public NamedPipeServerChannelConfig setDirection(NamedPipeDirection direction) {
        requireUnbound(NamedPipeChannelOption.DIRECTION);
        this.direction = Objects.requireNonNull(direction, "direction");
        return this;
    }

    /** See {@link NamedPipeChannelOption#MAX_INSTANCES}. */
    public int getMaxInstances() {
        return maxInstances;
    }

    /** See {@link NamedPipeChannelOption#MAX_INSTANCES}. */
    public NamedPipeServerChannelConfig setMaxInstances(int maxInstances) {
        requireUnbound(NamedPipeChannelOption.MAX_INSTANCES);
        this.maxInstances = requireRange(NamedPipeChannelOption.MAX_INSTANCES, maxInstances, 1,
                PipeFlags.PIPE_UNLIMITED_INSTANCES);
        return this;
    }

    /** See {@link NamedPipeChannelOption#IN_BUFFER_SIZE}. */
    public int getInBufferSize() {
        return inBufferSize;
    }

    /** See {@link NamedPipeChannelOption#IN_BUFFER_SIZE}. */
    public NamedPipeServerChannelConfig setInBufferSize(int bytes) {
        requireUnbound(NamedPipeChannelOption.IN_BUFFER_SIZE);
        inBufferSize = requireRange(NamedPipeChannelOption.IN_BUFFER_SIZE, bytes, 0, Integer.MAX_VALUE);
        return this;
    }

    /** See {@link NamedPipeChannelOption#OUT_BUFFER_SIZE}. */
    public int getOutBufferSize() {
        return outBufferSize;
    }

    /** See {@link NamedPipeChannelOption#OUT_BUFFER_SIZE}. */
    public NamedPipeServerChannelConfig setOutBufferSize(int bytes) {
        requireUnbound(NamedPipeChannelOption.OUT_BUFFER_SIZE);
        outBufferSize = requireRange(NamedPipeChannelOption.OUT_BUFFER_SIZE, bytes, 0, Integer.MAX_VALUE);
        return this;
    }

    /** See {@link NamedPipeChannelOption#REJECT_REMOTE_CLIENTS}. */
    public boolean isRejectRemoteClients() {
        return rejectRemoteClients;
    }

    /** See {@link NamedPipeChannelOption#REJECT_REMOTE_CLIENTS}. */
    public NamedPipeServerChannelConfig setRejectRemoteClients(boolean rejectRemoteClients) {
        requireUnbound(NamedPipeChannelOption.REJECT_REMOTE_CLIENTS);
        this.rejectRemoteClients = rejectRemoteClients;
        return this;
    }

    /** See {@link NamedPipeChannelOption#FIRST_INSTANCE}. */
    public boolean isFirstInstance() {
        return firstInstance;
    }

    /** See {@link NamedPipeChannelOption#FIRST_INSTANCE}. */
    public NamedPipeServerChannelConfig setFirstInstance(boolean firstInstance) {
        requireUnbound(NamedPipeChannelOption.FIRST_INSTANCE);
        this.firstInstance = firstInstance;
        return this;
    }

    /** See {@link NamedPipeChannelOption#REUSE_INSTANCES}. */
    public boolean isReuseInstances() {
        return reuseInstances;
    }

    /** See {@link NamedPipeChannelOption#REUSE_INSTANCES}. */
    public NamedPipeServerChannelConfig setReuseInstances(boolean reuseInstances) {
        requireUnbound(NamedPipeChannelOption.REUSE_INSTANCES);
        this.reuseInstances = reuseInstances;
        return this;
    }

    /** See {@link NamedPipeChannelOption#SECURITY}. */
    public NamedPipeSecurity getSecurity() {
        return security;
    }

    /** See {@link NamedPipeChannelOption#SECURITY}. */
    public NamedPipeServerChannelConfig setSecurity(NamedPipeSecurity security) {
        requireUnbound(NamedPipeChannelOption.SECURITY);
        this.security = Objects.requireNonNull(security, "security");
        return this;
    }

    /** How many instances listen at once. */
    public int getBacklog() {
        return backlog;
    }

    /**
     * Sets how many instances listen at once.
     *
     * @param backlog 1 to 64; more, which is meant for a queue of TCP, is taken for 64, and 0 for the default, which is
     *                64 too
     * @throws IllegalArgumentException if it is negative
     */
    public NamedPipeServerChannelConfig setBacklog(int backlog) {
        requireUnbound(ChannelOption.SO_BACKLOG);
        int asked = requireRange(ChannelOption.SO_BACKLOG, backlog, 0, Integer.MAX_VALUE);
        this.backlog = asked == 0 ? MAX_BACKLOG : Math.min(asked, MAX_BACKLOG);
        return this;
    }

    private void requireUnbound(ChannelOption<?> option) {
        if (server.state() != ChannelState.NEW) {
            throw new IllegalStateException(option + " is set before the channel is bound; it is " + server.state());
        }
    }

    private static int requireRange(ChannelOption<?> option, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(option + " must be from " + min + " to " + max + ": " + value);
        }
        return value;
    }

    @Override
    protected void autoReadCleared() {
        server.autoReadCleared();
    }
}
