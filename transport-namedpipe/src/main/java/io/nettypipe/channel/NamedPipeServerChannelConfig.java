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
 * {@link NamedPipeChannelOption} and {@link ChannelOption#SO_BACKLOG}, the number of instances that listen at once
 * (default 4; fewer if {@link NamedPipeChannelOption#MAX_INSTANCES} says so). All of these are set before the channel
 * is bound. Any thread.
 */
public final class NamedPipeServerChannelConfig extends DefaultChannelConfig {
    private static final int DEFAULT_BACKLOG = 4;
    private static final int DEFAULT_BUFFER_SIZE = 64 * 1024;

    private final NamedPipeServerChannel server;
    private volatile NamedPipeMode pipeType = NamedPipeMode.BYTE;
    private volatile NamedPipeMode readMode;
    private volatile PipeDirection direction = PipeDirection.DUPLEX;
    private volatile int maxInstances = PipeFlags.PIPE_UNLIMITED_INSTANCES;
    private volatile int inBufferSize = DEFAULT_BUFFER_SIZE;
    private volatile int outBufferSize = DEFAULT_BUFFER_SIZE;
    private volatile boolean rejectRemoteClients = true;
    private volatile boolean firstInstance = true;
    private volatile boolean reuseInstances;
    private volatile NamedPipeSecurity security = NamedPipeSecurity.currentUser();
    private volatile int backlog = DEFAULT_BACKLOG;

    NamedPipeServerChannelConfig(NamedPipeServerChannel server) {
        super(server, new ServerChannelRecvByteBufAllocator());
        this.server = server;
    }

    @Override
    public Map<ChannelOption<?>, Object> getOptions() {
        return getOptions(super.getOptions(), NamedPipeChannelOption.PIPE_TYPE, NamedPipeChannelOption.READ_MODE,
                NamedPipeChannelOption.DIRECTION,
                NamedPipeChannelOption.MAX_INSTANCES, NamedPipeChannelOption.IN_BUFFER_SIZE,
                NamedPipeChannelOption.OUT_BUFFER_SIZE, NamedPipeChannelOption.REJECT_REMOTE_CLIENTS,
                NamedPipeChannelOption.FIRST_INSTANCE, NamedPipeChannelOption.REUSE_INSTANCES,
                NamedPipeChannelOption.SECURITY, ChannelOption.SO_BACKLOG);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T getOption(ChannelOption<T> option) {
        Object value;
        if (option == NamedPipeChannelOption.PIPE_TYPE) {
            value = getPipeType();
        } else if (option == NamedPipeChannelOption.READ_MODE) {
            value = getReadMode();
        } else if (option == NamedPipeChannelOption.DIRECTION) {
            value = getDirection();
        } else if (option == NamedPipeChannelOption.MAX_INSTANCES) {
            value = getMaxInstances();
        } else if (option == NamedPipeChannelOption.IN_BUFFER_SIZE) {
            value = getInBufferSize();
        } else if (option == NamedPipeChannelOption.OUT_BUFFER_SIZE) {
            value = getOutBufferSize();
        } else if (option == NamedPipeChannelOption.REJECT_REMOTE_CLIENTS) {
            value = isRejectRemoteClients();
        } else if (option == NamedPipeChannelOption.FIRST_INSTANCE) {
            value = isFirstInstance();
        } else if (option == NamedPipeChannelOption.REUSE_INSTANCES) {
            value = isReuseInstances();
        } else if (option == NamedPipeChannelOption.SECURITY) {
            value = getSecurity();
        } else if (option == ChannelOption.SO_BACKLOG) {
            value = getBacklog();
        } else {
            return super.getOption(option);
        }
        return (T) value;
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        validate(option, value);
        if (option == NamedPipeChannelOption.PIPE_TYPE) {
            setPipeType((NamedPipeMode) value);
        } else if (option == NamedPipeChannelOption.READ_MODE) {
            setReadMode((NamedPipeMode) value);
        } else if (option == NamedPipeChannelOption.DIRECTION) {
            setDirection((PipeDirection) value);
        } else if (option == NamedPipeChannelOption.MAX_INSTANCES) {
            setMaxInstances((Integer) value);
        } else if (option == NamedPipeChannelOption.IN_BUFFER_SIZE) {
            setInBufferSize((Integer) value);
        } else if (option == NamedPipeChannelOption.OUT_BUFFER_SIZE) {
            setOutBufferSize((Integer) value);
        } else if (option == NamedPipeChannelOption.REJECT_REMOTE_CLIENTS) {
            setRejectRemoteClients((Boolean) value);
        } else if (option == NamedPipeChannelOption.FIRST_INSTANCE) {
            setFirstInstance((Boolean) value);
        } else if (option == NamedPipeChannelOption.REUSE_INSTANCES) {
            setReuseInstances((Boolean) value);
        } else if (option == NamedPipeChannelOption.SECURITY) {
            setSecurity((NamedPipeSecurity) value);
        } else if (option == ChannelOption.SO_BACKLOG) {
            setBacklog((Integer) value);
        } else {
            return super.setOption(option, value);
        }
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
    public PipeDirection getDirection() {
        return direction;
    }

    /** See {@link NamedPipeChannelOption#DIRECTION}. */
    public NamedPipeServerChannelConfig setDirection(PipeDirection direction) {
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

    /** Sets how many instances listen at once, at least 1. */
    public NamedPipeServerChannelConfig setBacklog(int backlog) {
        requireUnbound(ChannelOption.SO_BACKLOG);
        this.backlog = requireRange(ChannelOption.SO_BACKLOG, backlog, 1, Integer.MAX_VALUE);
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
