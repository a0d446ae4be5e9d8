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
package io.nettypipe.testsuite.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.nettypipe.testing.WindowsTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What Netty's tests of event loops ask of those of other transports: registering again, and shutting down. */
@Tag("long")
@WindowsTest
class EventLoopLifeTest {
    private static final int CLIENTS = 3;

    @Test
    void server_registeredWithOneLoopAfterTheOther_servesFromEach() throws Exception {
        try (Pipes pipes = new Pipes(3)) {
            Channel server = pipes.serve();
            for (int i = 0; i < 6; i++) {
                EventLoop next = other(pipes, server.eventLoop());
                server.deregister().sync();
                next.register(server).sync();
                assertEquals(next, server.eventLoop());
                Seen client = pipes.connect();
                pipes.accept().channel.writeAndFlush(ascii("hello " + i)).sync();
                assertEquals("hello " + i, client.read(7));
            }
        }
    }

    /** On Windows 8.1 and later a handle can leave its completion port; Wine says that it cannot. */
    @Test
    void client_registeredWithAnotherLoop_goesOnOrSaysWhyNot() throws Exception {
        try (Pipes pipes = new Pipes(2)) {
            pipes.serve();
            Seen client = pipes.connect();
            Channel channel = client.channel;
            EventLoop home = channel.eventLoop();
            channel.deregister().sync();
            pipes.accept().channel.writeAndFlush(ascii("hello")).sync();
            ChannelFuture moved = other(pipes, home).register(channel).await();
            if (!moved.isSuccess()) {
                assertNotNull(moved.cause().getMessage());
                home.register(channel).sync();
            }
            assertEquals("hello", client.read(5));
        }
    }

    @Test
    void shutdown_hundredTimesWithOpenChannels_eachBecomesInactiveOnce() throws Exception {
        for (int i = 0; i < 100; i++) {
            Pipes pipes = new Pipes(2);
            List<Seen> all = new ArrayList<>();
            Channel server = pipes.serve();
            for (int k = 0; k < CLIENTS; k++) {
                Seen client = pipes.connect();
                client.channel.writeAndFlush(ascii("in flight"));
                all.add(client);
                all.add(pipes.accept());
            }
            pipes.close();
            assertTrue(pipes.group.isTerminated());
            assertTrue(server.closeFuture().isSuccess());
            for (Seen seen : all) {
                assertTrue(seen.channel.closeFuture().isSuccess(), seen.channel::toString);
                assertEquals("[active, inactive]", seen.events.toString());
            }
        }
    }

    private static EventLoop other(Pipes pipes, EventLoop loop) {
        EventLoop next = pipes.group.next();
        while (next == loop) {
            next = pipes.group.next();
        }
        return next;
    }

    private static ByteBuf ascii(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }
}
