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

import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.DuplexChannel;
import io.nettypipe.testing.PipeTest;
import org.junit.jupiter.api.Test;

import java.nio.channels.NotYetConnectedException;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

@PipeTest
class InputShutdownTest {

    @Test
    void shutdownInput_whatThePeerSends_isThrownAwayAndItsEndNoticed() throws Exception {
        try (PipeFixture pipes = HalfClosureTest.serve(new PipeFixture())) {
            Peer client = pipes.connectMessages();
            Peer server = pipes.accept();
            client.send("first").sync();
            assertEquals("first", server.readMessageText());
            HalfClosureTest.duplex(server).shutdownInput().sync();
            HalfClosureTest.duplex(server).shutdownInput().sync();
            assertEquals(HalfClosureTest.INPUT_SHUT, HalfClosureTest.events(server, 3));
            assertTrue(HalfClosureTest.duplex(server).isInputShutdown());
            for (int i = 0; i < 40; i++) {
                client.channel.writeAndFlush(PipeFixture.pattern(50_000, i));
            }
            client.send("last").sync();
            server.send("still writing").sync();
            assertEquals("still writing", client.readMessageText());
            client.close();
            server.awaitInactive();
            assertTrue(server.received.isEmpty(), server.received::toString);
            assertEquals("[inactive]", HalfClosureTest.events(server, 1));
        }
    }

    @Test
    void shutdownInput_insideTheReadLoop_endsItWithoutHalfClosureInSilence() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serveMessages()) {
            Peer client = pipes.connectMessages();
            Peer server = pipes.accept();
            server.onRead = message -> HalfClosureTest.duplex(server).shutdownInput();
            for (int i = 0; i < 5; i++) {
                client.channel.write(PipeFixture.bytes("m" + i));
            }
            client.channel.flush();
            client.channel.close().sync();
            assertEquals("m0", server.readMessageText());
            server.awaitInactive();
            assertTrue(server.received.isEmpty(), server.received::toString);
            assertEquals("[active, inactive]", server.events.toString());
        }
    }

    @Test
    void shutdownInput_withAHeldResult_releasesIt() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serveMessages()) {
            Peer client = pipes.connectMessages();
            Peer server = pipes.accept();
            server.channel.eventLoop().submit(() -> server.channel.config().setAutoRead(false)).sync();
            client.send("held").sync();
            HalfClosureTest.duplex(server).shutdownInput().sync();
            client.close();
            server.awaitInactive();
            assertTrue(server.received.isEmpty(), server.received::toString);
        }
    }

    @Test
    void shutdown_onAMessagePipe_shutsBothAndStaysOpen() throws Exception {
        try (PipeFixture pipes = HalfClosureTest.serve(new PipeFixture())) {
            Peer client = pipes.connectMessages();
            Peer server = pipes.accept();
            client.send("bye");
            HalfClosureTest.duplex(client).shutdown().sync();
            assertTrue(HalfClosureTest.duplex(client).isShutdown());
            assertTrue(client.channel.isActive());
            assertEquals("bye", server.readMessageText());
            assertEquals(HalfClosureTest.INPUT_SHUT, HalfClosureTest.events(server, 3));
            server.send("nobody wants this").sync();
            server.close();
            client.awaitInactive();
            assertTrue(client.received.isEmpty());
        }
    }

    @Test
    void shutdown_beforeConnecting_fails() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            Peer client = new Peer(null);
            client.channel = pipes.clientBootstrap(client).register().sync().channel();
            DuplexChannel channel = HalfClosureTest.duplex(client);
            for (ChannelFuture refused : List.of(channel.shutdownOutput(), channel.shutdownInput(),
                    channel.shutdown())) {
                assertInstanceOf(NotYetConnectedException.class, refused.await().cause());
            }
            assertTrue(client.channel.isWritable());
            client.close();
        }
    }
}
