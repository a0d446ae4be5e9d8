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
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.nettypipe.win32.PipeFlags;

/**
 * The configuration of a {@link NamedPipeServerChannel}: the options of every channel, those of
 * {@link NamedPipeChannelOption}, and of {@link ChannelOption}
 * <ul>
 * <li>{@code SO_BACKLOG}, the number of instances that listen at once: by default and at most 64, fewer if {@link
 * NamedPipeChannelOption#MAX_INSTANCES} says so; 0 is the default, and more, which is meant for a queue of TCP, is
 * taken for 64;</li>
 * <li>{@code SO_RCVBUF} and {@code SO_SNDBUF}, which are {@link NamedPipeChannelOption#IN_BUFFER_SIZE} and {@link
 * NamedPipeChannelOption#OUT_BUFFER_SIZE} by other names;</li>
 * <li>{@code SO_REUSEADDR}, {@code TCP_FASTOPEN}, {@code TCP_FASTOPEN_CONNECT}, {@code TCP_NODELAY}, {@code
 * SO_KEEPALIVE} and {@code IP_TOS}, which are taken and remembered, at any time, and change nothing.</li>
 * </ul>
 * All but the last are set before the channel is bound. Any thread.
 */
public final class NamedPipeServerChannelConfig extends PipeChannelConfig {
    /**
     * How many instances listen, by default and at most. Each costs a handle and some hundred bytes, and no time while
     * nobody comes. Clients beyond these that come before the next turn of the event loop find the pipe busy.
     */
    private static final int MAX_BACKLOG = 64;

    private static final Table<NamedPipeServerChannelConfig> OPTIONS = new Table<NamedPipeServerChannelConfig>()
            .with(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.BYTE, Rule.any())
            .with(NamedPipeChannelOption.READ_MODE,
                    c -> c.remembered(NamedPipeChannelOption.READ_MODE, c.getOption(NamedPipeChannelOption.PIPE_TYPE)),
                    (c, v) -> c.remember(NamedPipeChannelOption.READ_MODE, null, v))
            .with(NamedPipeChannelOption.DIRECTION, NamedPipeDirection.DUPLEX, Rule.any())
            .with(NamedPipeChannelOption.MAX_INSTANCES, PipeFlags.PIPE_UNLIMITED_INSTANCES,
                    Rule.range(1, PipeFlags.PIPE_UNLIMITED_INSTANCES))
            .with(NamedPipeChannelOption.IN_BUFFER_SIZE, DEFAULT_BUFFER_SIZE, SIZE)
            .with(ChannelOption.SO_RCVBUF, NamedPipeChannelOption.IN_BUFFER_SIZE)
            .with(NamedPipeChannelOption.OUT_BUFFER_SIZE, DEFAULT_BUFFER_SIZE, SIZE)
            .with(ChannelOption.SO_SNDBUF, NamedPipeChannelOption.OUT_BUFFER_SIZE)
            .with(NamedPipeChannelOption.REJECT_REMOTE_CLIENTS, true, Rule.any())
            .with(NamedPipeChannelOption.FIRST_INSTANCE, true, Rule.any())
            .with(NamedPipeChannelOption.REUSE_INSTANCES, false, Rule.any())
            .with(NamedPipeChannelOption.SECURITY, NamedPipeSecurity.currentUser(), Rule.any())
            .with(ChannelOption.SO_BACKLOG, MAX_BACKLOG, (c, option, value) -> {
                int asked = SIZE.apply(c, option, value);
                return asked == 0 ? MAX_BACKLOG : Math.min(asked, MAX_BACKLOG);
            })
            .withThoseOfTcp();

    NamedPipeServerChannelConfig(NamedPipeServerChannel server) {
        super(server, new ServerChannelRecvByteBufAllocator(), OPTIONS);
    }

    @Override
    void check(ChannelOption<?> option) {
        ChannelState state = ((NamedPipeServerChannel) channel).state();
        if (state != ChannelState.NEW) {
            throw new IllegalStateException(option + " is set before the channel is bound; it is " + state);
        }
    }
}
