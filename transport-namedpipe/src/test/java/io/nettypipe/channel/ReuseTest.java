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

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.nettypipe.testing.PipeTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * With {@link NamedPipeChannelOption#REUSE_INSTANCES} nothing changes for anybody but the system. On real pipes in
 * Wine, whose handles cannot leave their port, these tests show that the server does without; {@link
 * InstancesOnWindowsTest} shows what Windows does.
 */
@PipeTest
class ReuseTest {
    private static final int SIZE = 300_000;

    private static ServerBootstrap reusing(PipeFixture pipes, NamedPipeMode mode, int instances) {
        return pipes.serverBootstrap().option(NamedPipeChannelOption.REUSE_INSTANCES, true)
                .option(NamedPipeChannelOption.MAX_INSTANCES, instances)
                .option(NamedPipeChannelOption.PIPE_TYPE, mode);
    }

    @Test
    void option_default_isOffAndSetBeforeTheBindOnly() throws Exception {
        assertFalse(new NamedPipeServerChannel().config().getOption(NamedPipeChannelOption.REUSE_INSTANCES));
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.serve(reusing(pipes, NamedPipeMode.BYTE, 2));
            assertEquals(true, pipes.server.config().getOption(NamedPipeChannelOption.REUSE_INSTANCES));
            assertEquals(true, pipes.server.config().getOptions().get(NamedPipeChannelOption.REUSE_INSTANCES));
            IllegalStateException refused = assertThrows(IllegalStateException.class,
                    () -> pipes.server.config().setOption(NamedPipeChannelOption.REUSE_INSTANCES, false));
            assertTrue(refused.getMessage().contains("REUSE_INSTANCES"), refused.getMessage());
        }
    }

    @ParameterizedTest
    @EnumSource
    void nextClient_afterOneThatLeftThingsBehind_findsNothingOfIt(NamedPipeMode mode) throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.serve(reusing(pipes, mode, 2).childOption(ChannelOption.SO_LINGER, 0));
            Set<Object> channels = new HashSet<>();
            for (int i = 0; i < 12; i++) {
                // Every other client keeps reading bytes of a message pipe, which is a state of its end.
                Peer client = pipes.connect(i % 2 == 0 ? mode : NamedPipeMode.BYTE, true);
                Peer server = pipes.accept();
                assertTrue(channels.add(server.channel.id()));
                assertEquals(0, server.channel.config().getOption(ChannelOption.SO_LINGER));
                assertTrue(server.channel.config().isAutoRead());
                client.send("question " + i).sync();
                String question = mode == NamedPipeMode.BYTE ? server.readText(("question " + i).length())
                        : server.readMessageText();
                assertEquals("question " + i, question);
                server.channel.config().setAutoRead(false);
                ReadTest.flushLoop(server);
                // Bytes that nobody reads, on their way in both directions.
                client.channel.writeAndFlush(PipeFixture.pattern(SIZE, 1));
                client.channel.config().setAutoRead(false);
                server.channel.writeAndFlush(PipeFixture.pattern(SIZE, 2));
                (i % 3 == 0 ? client : server).channel.close().sync();
                server.channel.close().sync();
                client.close();
                server.releaseAll();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void serverCloses_clientReadsLate_itGetsAllAndThenTheEnd(NamedPipeMode mode) throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.serve(reusing(pipes, mode, 2));
            for (int i = 0; i < 3; i++) {
                Peer client = pipes.connect(mode, false);
                Peer server = pipes.accept();
                server.channel.write(PipeFixture.pattern(100, 1));
                server.channel.write(PipeFixture.pattern(SIZE, 2));
                server.channel.flush();
                // A peer that has not read cannot hold up the close, only the instance.
                server.channel.close().sync();
                client.channel.config().setAutoRead(true);
                assertPattern(mode == NamedPipeMode.BYTE ? client.read(100) : client.readMessage(), 100, 1);
                assertPattern(mode == NamedPipeMode.BYTE ? client.read(SIZE) : client.readMessage(), SIZE, 2);
                client.awaitInactive();
                assertTrue(client.exceptions.isEmpty(), client.exceptions::toString);
                assertTrue(client.received.isEmpty(), client.received::toString);
            }
        }
    }

    @Test
    void serverCloses_emptyMessageIsTheLastUnread_itIsNotLost() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.serve(reusing(pipes, NamedPipeMode.MESSAGE, 2));
            Peer client = pipes.connect(NamedPipeMode.MESSAGE, false);
            Peer server = pipes.accept();
            server.send("then nothing");
            server.send("");
            server.channel.close().sync();
            client.channel.config().setAutoRead(true);
            assertEquals("then nothing", client.readMessageText());
            assertEquals("", client.readMessageText());
            client.awaitInactive();
        }
    }

    @Test
    void clientThatNeverReads_lingerIsOver_nextClientIsServed() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.serve(reusing(pipes, NamedPipeMode.BYTE, 2).childOption(ChannelOption.SO_LINGER, 1));
            List<Peer> stubborn = new ArrayList<>();
            List<Peer> servers = new ArrayList<>();
            for (int unread : new int[] {10, SIZE}) {
                stubborn.add(pipes.connect(NamedPipeMode.BYTE, false));
                servers.add(pipes.accept());
                servers.get(servers.size() - 1).channel.writeAndFlush(PipeFixture.pattern(unread, 1));
            }
            for (Peer server : servers) {
                server.channel.close().sync();
            }
            // Both instances were taken by clients that never go.
            for (int i = 0; i < 4; i++) {
                Peer next = pipes.connect();
                next.send("next").sync();
                Peer served = pipes.accept();
                assertEquals("next", served.readText(4));
                next.close();
                served.awaitInactive();
            }
            for (Peer client : stubborn) {
                client.close();
            }
        }
    }

    @Test
    void manyClients_fewInstances_neverMoreThanTheLimitAndAllAreServed() throws Exception {
        try (PipeFixture pipes = new PipeFixture(3)) {
            pipes.serve(reusing(pipes, NamedPipeMode.BYTE, 3));
            List<ChannelFuture> dials = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                dials.add(pipes.clientBootstrap(new ChannelInboundHandlerAdapter())
                        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0).connect(pipes.address));
            }
            for (int i = 0; i < 20; i++) {
                Peer server = pipes.accept();
                server.send("x");
                assertTrue(pipes.accepted.size() + 1 <= 3, pipes.accepted::toString);
                server.close();
            }
            for (ChannelFuture dial : dials) {
                dial.sync().channel().closeFuture().sync();
            }
        }
    }

    @Test
    void autoReadOffMeanwhile_instanceComesBack_clientWaitsInItAndIsServedLater() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.serve(reusing(pipes, NamedPipeMode.BYTE, 2));
            Peer first = pipes.connect();
            Peer served = pipes.accept();
            pipes.connect();
            pipes.accept();
            pipes.server.config().setAutoRead(false);
            first.close();
            served.awaitInactive();
            Peer late = pipes.connect();
            late.send("waiting").sync();
            assertNull(pipes.accepted.peek());
            pipes.server.config().setAutoRead(true);
            assertEquals("waiting", pipes.accept().readText(7));
        }
    }

    @Test
    void serverClosed_whileAnInstanceWaitsForItsClient_nameIsFreeOnceThatHasRead() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.serve(reusing(pipes, NamedPipeMode.BYTE, 2));
            Peer client = pipes.connect(NamedPipeMode.BYTE, false);
            Peer server = pipes.accept();
            server.channel.writeAndFlush(PipeFixture.pattern(SIZE, 1));
            server.channel.close().sync();
            pipes.server.close().sync();
            client.channel.config().setAutoRead(true);
            assertPattern(client.read(SIZE), SIZE, 1);
            client.awaitInactive();
            client.close();
            pipes.serve(reusing(pipes, NamedPipeMode.BYTE, 2));
            pipes.connect().send("x").sync();
            assertEquals("x", pipes.accept().readText(1));
        }
    }

    private static void assertPattern(ByteBuf actual, int length, int seed) {
        ByteBuf expected = PipeFixture.pattern(length, seed);
        assertEquals(expected, actual);
        expected.release();
        actual.release();
    }
}
