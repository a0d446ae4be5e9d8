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

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The options of a channel that programs made for TCP set and a pipe has no need of. They are remembered, so that they
 * can be asked for, and change nothing. Any thread.
 */
final class TcpOptions {
    private static final Map<ChannelOption<?>, Object> DEFAULTS = Map.of(
            ChannelOption.TCP_NODELAY, true,
            ChannelOption.TCP_FASTOPEN, 0,
            ChannelOption.TCP_FASTOPEN_CONNECT, false,
            ChannelOption.SO_KEEPALIVE, false,
            ChannelOption.SO_REUSEADDR, false,
            ChannelOption.IP_TOS, 0);

    private volatile Map<ChannelOption<?>, Object> set = Map.of();

    /** Adds them to the options of a configuration that has such an object. */
    static <C> OptionTable<C> addTo(OptionTable<C> table, Function<C, TcpOptions> owner) {
        DEFAULTS.forEach((option, value) -> add(table, owner, option, value));
        return table;
    }

    /** Each of the defaults is of its option's type. */
    @SuppressWarnings("unchecked")
    private static <C, T> void add(OptionTable<C> table, Function<C, TcpOptions> owner, ChannelOption<T> option,
                                   Object value) {
        table.with(option, config -> owner.apply(config).get(option, (T) value),
                (config, asked) -> owner.apply(config).put(option, asked));
    }

    /** What it was set to, or else {@code otherwise}. */
    @SuppressWarnings("unchecked")
    <T> T get(ChannelOption<T> option, T otherwise) {
        return (T) set.getOrDefault(option, otherwise);
    }

    synchronized <T> void put(ChannelOption<T> option, T value) {
        if (!value.equals(DEFAULTS.get(option)) || set.containsKey(option)) {
            Map<ChannelOption<?>, Object> next = new HashMap<>(set);
            next.put(option, value);
            set = Map.copyOf(next);
        }
    }
}
