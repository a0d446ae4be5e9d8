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
package io.nettypipe.testsuite.streams;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.nettypipe.channel.NamedPipeChannelOption;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.testing.TestPipe;
import io.nettypipe.win32.model.TestSystem;

/** A server and a client on one pipe. */
final class StreamsFixture extends TestPipe {
    /** Of what the server accepts, in bytes. */
    static final int READ_BUFFER = 32 * 1024;

    private final NamedPipeMode mode;
    private final boolean autoRead;
    /** {@code null} leaves the default, without which a byte-type pipe would warn of it. */
    private Boolean halfClosure;
    private Channel server;

    StreamsFixture(NamedPipeMode mode, boolean autoRead) {
        super(2, TestSystem.open());
        this.mode = mode;
        this.autoRead = autoRead;
    }

    /** Allows half-closure on the channels that are made from now on. */
    StreamsFixture allowHalfClosure() {
        halfClosure = true;
        return this;
    }

    /** Serves one client. */
    StreamsFixture serve(ChannelHandler... handlers) throws InterruptedException {
        server = serverBootstrap()
                .option(NamedPipeChannelOption.PIPE_TYPE, mode)
                .childOption(ChannelOption.AUTO_READ, autoRead)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, halfClosure)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_BUFFER))
                // So that a message comes in many parts.
                .childOption(NamedPipeChannelOption.MAX_PART_SIZE, 0)
                .childHandler(initializer(channel -> channel.pipeline().addLast(handlers)))
                .bind(address).sync().channel();
        return this;
    }

    Channel connect(ChannelHandler... handlers) throws InterruptedException {
        return clientBootstrap()
                .option(NamedPipeChannelOption.READ_MODE, mode)
                .option(ChannelOption.AUTO_READ, autoRead)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, halfClosure)
                .handler(initializer(channel -> channel.pipeline().addLast(handlers)))
                .connect(address).sync().channel();
    }

    @Override
    public void close() {
        await(server.close());
        super.close();
    }
}
