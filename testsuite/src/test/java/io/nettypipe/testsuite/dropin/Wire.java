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
package io.nettypipe.testsuite.dropin;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.nettypipe.channel.NamedPipeChannelOption;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.testing.TestPipe;
import io.nettypipe.win32.model.TestSystem;

import java.util.function.Consumer;

/** A pipe between a server and its clients. This is all that a program changes to speak its protocol over one. */
final class Wire extends TestPipe {

    enum Kind {
        BYTE_PIPE(NamedPipeMode.BYTE, false),
        BYTE_PIPE_WITH_TLS(NamedPipeMode.BYTE, true),
        /** Each write is a message, which the other end reads as bytes; an empty one would be a half-close. */
        MESSAGE_PIPE(NamedPipeMode.MESSAGE, false),
        MESSAGE_PIPE_WITH_TLS(NamedPipeMode.MESSAGE, true);

        final NamedPipeMode pipeType;
        final boolean tls;

        Kind(NamedPipeMode pipeType, boolean tls) {
            this.pipeType = pipeType;
            this.tls = tls;
        }

        /** Allowed wherever it is possible; {@code null} leaves the default. */
        private Boolean halfClosure() {
            return pipeType == NamedPipeMode.MESSAGE ? true : null;
        }
    }

    private final Kind kind;

    Wire(Kind kind) {
        super(2, TestSystem.open());
        this.kind = kind;
    }

    /** Serves with the handlers that {@code protocol} adds, after TLS if there is any. */
    Wire serve(Consumer<Channel> protocol) throws InterruptedException {
        serverBootstrap()
                .option(NamedPipeChannelOption.PIPE_TYPE, kind.pipeType)
                .option(NamedPipeChannelOption.READ_MODE, NamedPipeMode.BYTE)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, kind.halfClosure())
                .childHandler(handlers(channel -> Tls.server(channel), protocol))
                .bind(address).sync();
        return this;
    }

    /** Connects a client with the handlers that {@code protocol} adds, after TLS if there is any. */
    Channel connect(Consumer<Channel> protocol) throws InterruptedException {
        return connect(protocol, NamedPipeMode.BYTE);
    }

    /** Connects a client that reads the pipe as bytes or as messages. */
    Channel connect(Consumer<Channel> protocol, NamedPipeMode readMode) throws InterruptedException {
        return clientBootstrap()
                .option(NamedPipeChannelOption.READ_MODE, readMode)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, kind.halfClosure())
                .handler(handlers(channel -> Tls.client(channel), protocol))
                .connect(address).sync().channel();
    }

    private ChannelHandler handlers(Consumer<Channel> tls, Consumer<Channel> protocol) {
        return initializer(kind.tls ? tls.andThen(protocol) : protocol);
    }
}
