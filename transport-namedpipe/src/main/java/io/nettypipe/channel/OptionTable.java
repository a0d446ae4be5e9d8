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

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The options of one kind of configuration, beside those of every channel: how each is got and set.
 *
 * @param <C> the configuration
 */
final class OptionTable<C> {
    private final Map<ChannelOption<?>, Access<C, ?>> options = new LinkedHashMap<>();

    private record Access<C, T>(Function<C, T> getter, BiConsumer<C, T> setter) { }

    <T> OptionTable<C> with(ChannelOption<T> option, Function<C, T> getter, BiConsumer<C, T> setter) {
        options.put(option, new Access<>(getter, setter));
        return this;
    }

    /** In the order in which they were added. */
    ChannelOption<?>[] all() {
        return options.keySet().toArray(new ChannelOption<?>[0]);
    }

    boolean has(ChannelOption<?> option) {
        return options.containsKey(option);
    }

    <T> T get(C config, ChannelOption<T> option) {
        return access(option).getter.apply(config);
    }

    <T> void set(C config, ChannelOption<T> option, T value) {
        access(option).setter.accept(config, value);
    }

    /** An option was added with an access of its own type. */
    @SuppressWarnings("unchecked")
    private <T> Access<C, T> access(ChannelOption<T> option) {
        return (Access<C, T>) options.get(option);
    }
}
