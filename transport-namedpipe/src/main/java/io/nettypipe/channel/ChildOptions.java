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

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;

import java.lang.reflect.Field;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a {@code ServerBootstrap} sets on each accepted channel. Netty closes a channel whose option fails, so that one
 * which no accepted channel can have would close every client; it fails the bind instead. And one that is without
 * effect Netty warns of for each client; it is warned of once, and taken then.
 * <p>
 * Netty shows these options to nobody. They are read from the handler that it adds to the server's pipeline, before the
 * bind comes there; where that cannot be, each client is closed as Netty has it.
 */
final class ChildOptions {
    private static final InternalLogger LOGGER = InternalLoggerFactory.getInstance(ChildOptions.class);
    private static final String ACCEPTOR = "io.netty.bootstrap.ServerBootstrap$ServerBootstrapAcceptor";

    private ChildOptions() {
    }

    /**
     * Checks them.
     *
     * @param pristine an accepted channel that nobody will have
     * @return those without effect on it, which were warned of
     * @throws IllegalArgumentException if it cannot have one of them
     */
    static Set<ChannelOption<?>> check(NamedPipeServerChannel server, NamedPipeChannel pristine) {
        Set<ChannelOption<?>> ineffective = new HashSet<>();
        for (Map.Entry<String, ChannelHandler> entry : server.pipeline()) {
            if (entry.getValue().getClass().getName().equals(ACCEPTOR)) {
                for (Map.Entry<?, ?> option : of(entry.getValue())) {
                    if (!check(pristine, (ChannelOption<?>) option.getKey(), option.getValue())) {
                        LOGGER.warn("The childOption {} = {} has no effect: {}", option.getKey(), option.getValue(),
                                server);
                        ineffective.add((ChannelOption<?>) option.getKey());
                    }
                }
            }
        }
        return ineffective;
    }

    private static Map.Entry<?, ?>[] of(ChannelHandler acceptor) {
        try {
            Field field = acceptor.getClass().getDeclaredField("childOptions");
            if (field.trySetAccessible() && field.get(acceptor) instanceof Map.Entry<?, ?>[] options) {
                return options;
            }
            LOGGER.debug("The options of accepted channels are not checked: {} is not open to this", field);
        } catch (ReflectiveOperationException | SecurityException e) {
            LOGGER.debug("The options of accepted channels are not checked", e);
        }
        return new Map.Entry<?, ?>[0];
    }

    /** Netty, too, knows of the value no more than that the program has given it for this option. */
    @SuppressWarnings("unchecked")
    private static <T> boolean check(NamedPipeChannel pristine, ChannelOption<T> option, Object value) {
        try {
            return pristine.config().setOption(option, (T) value);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("no accepted channel can have the childOption " + option + " = " + value
                    + ": " + e.getMessage(), e);
        }
    }
}
