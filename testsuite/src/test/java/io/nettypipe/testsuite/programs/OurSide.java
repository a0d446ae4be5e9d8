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
package io.nettypipe.testsuite.programs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.nettypipe.testing.Pattern;
import io.nettypipe.testing.TestPipe;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;

/** Our side of a pipe. */
final class OurSide extends TestPipe {
    OurSide() {
        super(2);
    }

    /** Serves each connection with a handler of its own; they are handed over in the order of their connections. */
    <H extends ChannelHandler> BlockingQueue<H> serve(ServerBootstrap bootstrap, Supplier<H> handlers)
            throws InterruptedException {
        BlockingQueue<H> accepted = new LinkedBlockingQueue<>();
        bootstrap.childHandler(initializer(channel -> {
            H handler = handlers.get();
            channel.pipeline().addLast(handler);
            accepted.add(handler);
        })).bind(address).sync();
        return accepted;
    }

    <H extends ChannelHandler> BlockingQueue<H> serve(Supplier<H> handlers) throws InterruptedException {
        return serve(serverBootstrap(), handlers);
    }

    Channel connect(Bootstrap bootstrap, ChannelHandler handler) throws InterruptedException {
        return bootstrap.handler(handler).connect(address).sync().channel();
    }

    Channel connect(ChannelHandler handler) throws InterruptedException {
        return connect(clientBootstrap(), handler);
    }

    /** Connects, and an exchange of some bytes shows that the server serves. */
    void assertServed() throws Exception {
        Sink sink = Sink.awaiting(1000);
        Channel channel = connect(sink);
        channel.writeAndFlush(Pattern.bytes(1, 0, 1000)).sync();
        sink.received();
        channel.close().sync();
        assertEquals(Pattern.digest(1, 1000), sink.ended());
    }
}
