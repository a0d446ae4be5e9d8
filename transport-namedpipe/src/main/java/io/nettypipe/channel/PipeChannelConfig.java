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
import io.netty.channel.RecvByteBufAllocator;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The configuration of a pipe's channel: beside the options of every channel those of a table. In each table are those
 * that programs made for TCP set and a pipe has no need of: they are remembered, so that they can be asked for, and
 * change nothing. Any thread.
 */
abstract class PipeChannelConfig extends DefaultChannelConfig {
    static final int DEFAULT_BUFFER_SIZE = 64 * 1024;
    static final Rule<PipeChannelConfig, Integer> SIZE = Rule.range(0, Integer.MAX_VALUE);

    private static final Map<ChannelOption<?>, Object> OF_TCP = Map.of(
            ChannelOption.TCP_NODELAY, true,
            ChannelOption.TCP_FASTOPEN, 0,
            ChannelOption.TCP_FASTOPEN_CONNECT, false,
            ChannelOption.SO_KEEPALIVE, false,
            ChannelOption.SO_REUSEADDR, false,
            ChannelOption.IP_TOS, 0);

    private final Map<ChannelOption<?>, Access<PipeChannelConfig, Object>> options;
    private volatile Map<ChannelOption<?>, Object> remembered = Map.of();

    /** How an option is got and set. */
    private record Access<C, T>(Function<C, T> getter, BiConsumer<C, T> setter) { }

    /** What an option becomes that is set to a value; or throws why it cannot be. */
    interface Rule<C, T> {
        T apply(C config, ChannelOption<T> option, T value);

        static <C, T> Rule<C, T> any() {
            return (config, option, value) -> value;
        }

        static <C> Rule<C, Integer> range(int min, int max) {
            return (config, option, value) -> {
                if (value < min || value > max) {
                    throw new IllegalArgumentException(option + " must be from " + min + " to " + max + ": " + value);
                }
                return value;
            };
        }
    }

    /**
     * The options of one kind of configuration.
     *
     * @param <C> the configuration
     */
    static final class Table<C extends PipeChannelConfig> {
        private final Map<ChannelOption<?>, Access<C, ?>> options = new LinkedHashMap<>();

        /** An option that the configuration has a field for. */
        <T> Table<C> with(ChannelOption<T> option, Function<C, T> getter, BiConsumer<C, T> setter) {
            options.put(option, new Access<>(getter, setter));
            return this;
        }

        /** An option that is remembered, and {@code initial} before it was set. */
        <T> Table<C> with(ChannelOption<T> option, T initial, Rule<? super C, T> rule) {
            return with(option, config -> config.remembered(option, initial), (config, value) -> {
                // Nothing else would look before the value is used.
                initial.getClass().cast(value);
                config.remember(option, initial, rule.apply(config, option, value));
            });
        }

        /** An option that is another by a name of TCP. */
        <T> Table<C> with(ChannelOption<T> option, ChannelOption<T> other) {
            return with(option, config -> config.getOption(other), (config, value) -> config.setOption(other, value));
        }

        /** Adds those of TCP. */
        Table<C> withThoseOfTcp() {
            OF_TCP.forEach(this::remembered);
            return this;
        }

        /** Each of the values is of its option's type. */
        @SuppressWarnings("unchecked")
        private <T> void remembered(ChannelOption<T> option, Object initial) {
            with(option, (T) initial, Rule.any());
        }
    }

    /** The table is of the configuration's own type, and each access in it of its option's. */
    @SuppressWarnings("unchecked")
    PipeChannelConfig(AbstractNamedPipeChannel channel, RecvByteBufAllocator allocator,
                      Table<? extends PipeChannelConfig> table) {
        super(channel, allocator);
        options = (Map<ChannelOption<?>, Access<PipeChannelConfig, Object>>) (Map<?, ?>) table.options;
    }

    /** What the option was set to, or else {@code otherwise}. */
    @SuppressWarnings("unchecked")
    final <T> T remembered(ChannelOption<T> option, T otherwise) {
        return (T) remembered.getOrDefault(option, otherwise);
    }

    /** What is as it was before it was ever set takes no memory. */
    final synchronized <T> void remember(ChannelOption<T> option, T initial, T value) {
        if (!value.equals(initial) || remembered.containsKey(option)) {
            Map<ChannelOption<?>, Object> next = new HashMap<>(remembered);
            next.put(option, value);
            remembered = Map.copyOf(next);
        }
    }

    /** An option that is not one of TCP is about to be set: throws if it is too late for that. */
    void check(ChannelOption<?> option) {
        // At any time.
    }

    @Override
    public Map<ChannelOption<?>, Object> getOptions() {
        return getOptions(super.getOptions(), options.keySet().toArray(new ChannelOption<?>[0]));
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T getOption(ChannelOption<T> option) {
        Access<PipeChannelConfig, Object> access = options.get(option);
        return access == null ? super.getOption(option) : (T) access.getter.apply(this);
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        validate(option, value);
        Access<PipeChannelConfig, Object> access = options.get(option);
        if (access == null) {
            return super.setOption(option, value);
        }
        if (!OF_TCP.containsKey(option)) {
            check(option);
        }
        access.setter.accept(this, value);
        return true;
    }

    @Override
    protected final void autoReadCleared() {
        ((AbstractNamedPipeChannel) channel).autoReadCleared();
    }
}
