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

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.nettypipe.testing.PipeTest;
import org.junit.jupiter.api.Test;

import java.net.ConnectException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.util.EnumSet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@PipeTest
class DirectionTest {

    private static PipeFixture serve(PipeFixture pipes, NamedPipeDirection direction, NamedPipeMode type)
            throws Exception {
        return pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.DIRECTION, direction)
                .option(NamedPipeChannelOption.PIPE_TYPE, type));
    }

    private static Peer connect(PipeFixture pipes, NamedPipeDirection direction, NamedPipeMode readMode,
                                boolean autoRead) throws Exception {
        Peer peer = new Peer(null);
        peer.channel = pipes.clientBootstrap(peer).option(NamedPipeChannelOption.DIRECTION, direction)
                .option(NamedPipeChannelOption.READ_MODE, readMode)
                .option(ChannelOption.AUTO_READ, autoRead).connect(pipes.address).sync().channel();
        return peer;
    }

    @Test
    void server_inboundOrOutbound_dataFlowsThatWayInBothModes() throws Exception {
        for (NamedPipeMode mode : NamedPipeMode.values()) {
            try (PipeFixture pipes = serve(new PipeFixture(), NamedPipeDirection.INBOUND, mode)) {
                Peer client = connect(pipes, NamedPipeDirection.OUTBOUND, NamedPipeMode.BYTE, true);
                Peer server = pipes.accept();
                assertEquals(NamedPipeDirection.INBOUND, ((NamedPipeChannel) server.channel).config().getDirection());
                assertFlows(client, server, mode);
                client.close();
                server.awaitInactive();
            }
            try (PipeFixture pipes = serve(new PipeFixture(), NamedPipeDirection.OUTBOUND, mode)) {
                Peer client = connect(pipes, NamedPipeDirection.INBOUND, mode, true);
                Peer server = pipes.accept();
                assertFlows(server, client, mode);
                server.close();
                client.awaitInactive();
            }
        }
    }

    private static void assertFlows(Peer writer, Peer reader, NamedPipeMode mode) throws Exception {
        for (int i = 0; i < 3; i++) {
            ByteBuf expected = PipeFixture.pattern(100_000, i);
            ChannelFuture write = writer.channel.writeAndFlush(expected.retainedDuplicate());
            ByteBuf actual = mode == NamedPipeMode.BYTE ? reader.read(100_000) : reader.readMessage();
            assertEquals(expected, actual);
            expected.release();
            actual.release();
            write.sync();
        }
    }

    @Test
    void write_onAnEndThatOnlyReads_failsNamingTheDirectionAndTheChannelGoesOn() throws Exception {
        try (PipeFixture pipes = serve(new PipeFixture(), NamedPipeDirection.INBOUND, NamedPipeMode.BYTE)) {
            Peer client = connect(pipes, NamedPipeDirection.OUTBOUND, NamedPipeMode.BYTE, true);
            Peer server = pipes.accept();
            ByteBuf refused = PipeFixture.bytes("refused");
            Throwable cause = server.channel.writeAndFlush(refused).await().cause();
            assertInstanceOf(UnsupportedOperationException.class, cause);
            assertTrue(cause.getMessage().contains("INBOUND"), cause.getMessage());
            assertEquals(0, refused.refCnt());
            client.send("sent").sync();
            assertEquals("sent", server.readText(4));
            client.close();
        }
    }

    @Test
    void clientOfADuplexPipe_inOneDirection_hasThatOnly() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer reader = connect(pipes, NamedPipeDirection.INBOUND, NamedPipeMode.BYTE, true);
            pipes.accept().send("to you").sync();
            assertEquals("to you", reader.readText(6));
            assertInstanceOf(UnsupportedOperationException.class, reader.send("x").await().cause());
            Peer writer = connect(pipes, NamedPipeDirection.OUTBOUND, NamedPipeMode.BYTE, true);
            writer.send("from me").sync();
            Peer server = pipes.accept();
            assertEquals("from me", server.readText(7));
            reader.close();
            writer.close();
        }
    }

    @Test
    void connect_inADirectionThatThePipeDoesNotHave_fails() throws Exception {
        for (NamedPipeDirection served : EnumSet.of(NamedPipeDirection.INBOUND, NamedPipeDirection.OUTBOUND)) {
            try (PipeFixture pipes = serve(new PipeFixture(), served, NamedPipeMode.BYTE)) {
                for (NamedPipeDirection wrong : new NamedPipeDirection[] {NamedPipeDirection.DUPLEX, served}) {
                    Throwable cause = pipes.clientBootstrap(new Peer(null))
                            .option(NamedPipeChannelOption.DIRECTION, wrong).connect(pipes.address).await().cause();
                    assertInstanceOf(ConnectException.class, cause);
                    assertInstanceOf(AccessDeniedException.class, cause.getCause());
                    assertTrue(cause.getMessage().contains("direction"), cause.getMessage());
                }
            }
        }
    }

    @Test
    void peerLeaves_idleEndThatOnlyWritesAndAutoReads_becomesInactive() throws Exception {
        for (NamedPipeMode mode : NamedPipeMode.values()) {
            try (PipeFixture pipes = serve(new PipeFixture(), NamedPipeDirection.OUTBOUND, mode)) {
                Peer client = connect(pipes, NamedPipeDirection.INBOUND, mode, true);
                Peer server = pipes.accept();
                client.close();
                server.awaitInactive();
                assertTrue(server.exceptions.isEmpty(), server.exceptions::toString);
                assertTrue(server.received.isEmpty());
            }
            try (PipeFixture pipes = serve(new PipeFixture(), NamedPipeDirection.INBOUND, mode)) {
                Peer client = connect(pipes, NamedPipeDirection.OUTBOUND, NamedPipeMode.BYTE, true);
                pipes.accept().close();
                client.awaitInactive();
                assertTrue(client.exceptions.isEmpty(), client.exceptions::toString);
            }
        }
    }

    @Test
    void peerLeaves_endThatOnlyWritesAndDoesNotRead_closesWithTheWriteThatFails() throws Exception {
        try (PipeFixture pipes = serve(new PipeFixture(), NamedPipeDirection.INBOUND, NamedPipeMode.BYTE)) {
            Peer client = connect(pipes, NamedPipeDirection.OUTBOUND, NamedPipeMode.BYTE, false);
            pipes.accept().close();
            assertTrue(client.channel.isActive());
            assertInstanceOf(ClosedChannelException.class, client.send("too late").await().cause());
            client.awaitInactive();
        }
    }

    @Test
    void peerLeaves_endThatOnlyWritesAndReadsOnce_becomesInactive() throws Exception {
        try (PipeFixture pipes = serve(new PipeFixture(), NamedPipeDirection.INBOUND, NamedPipeMode.BYTE)) {
            Peer client = connect(pipes, NamedPipeDirection.OUTBOUND, NamedPipeMode.BYTE, false);
            client.channel.read();
            pipes.accept().close();
            client.awaitInactive();
        }
    }

    @Test
    void deregistered_endThatOnlyWrites_noticesThatThePeerLeavesWhenItIsBack() throws Exception {
        try (PipeFixture pipes = serve(new PipeFixture(1), NamedPipeDirection.INBOUND, NamedPipeMode.BYTE)) {
            Peer client = connect(pipes, NamedPipeDirection.OUTBOUND, NamedPipeMode.BYTE, true);
            Peer server = pipes.accept();
            Channel channel = client.channel;
            channel.deregister().sync();
            server.close();
            pipes.group.register(channel).sync();
            client.awaitInactive();
        }
    }

    @Test
    void endThatOnlyWrites_isToldWhenAllWasReadAndHalfCloses() throws Exception {
        try (PipeFixture pipes = serve(new PipeFixture(), NamedPipeDirection.OUTBOUND, NamedPipeMode.MESSAGE)) {
            Peer client = new Peer(null);
            client.channel = pipes.clientBootstrap(client)
                    .option(NamedPipeChannelOption.DIRECTION, NamedPipeDirection.INBOUND)
                    .option(ChannelOption.ALLOW_HALF_CLOSURE, true).option(ChannelOption.AUTO_READ, false)
                    .connect(pipes.address).sync().channel();
            NamedPipeChannel server = (NamedPipeChannel) pipes.accept().channel;
            assertTrue(server.isInputShutdown());
            assertFalse(server.isOutputShutdown());
            assertTrue(((NamedPipeChannel) client.channel).isOutputShutdown());
            server.writeAndFlush(PipeFixture.bytes("all")).sync();
            ChannelFuture drained = server.drain();
            ChannelFuture shutdown = server.shutdownOutput();
            client.channel.config().setAutoRead(true);
            assertEquals("all", client.readText(3));
            drained.sync();
            shutdown.sync();
            assertEquals(HalfClosureTest.INPUT_SHUT, HalfClosureTest.events(client, 3));
            assertTrue(server.isShutdown());
            client.close();
        }
    }

    @Test
    void direction_setTooLateOrToNothing_refused() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = connect(pipes, NamedPipeDirection.DUPLEX, NamedPipeMode.BYTE, true);
            for (Channel channel : new Channel[] {client.channel, pipes.accept().channel, pipes.server}) {
                assertThrows(IllegalStateException.class, () ->
                        channel.config().setOption(NamedPipeChannelOption.DIRECTION, NamedPipeDirection.INBOUND));
                assertEquals(NamedPipeDirection.DUPLEX,
                        channel.config().getOptions().get(NamedPipeChannelOption.DIRECTION));
            }
            assertThrows(NullPointerException.class,
                    () -> new NamedPipeChannel().config().setOption(NamedPipeChannelOption.DIRECTION, null));
            assertNull(client.received.peek());
            client.close();
        }
    }
}
