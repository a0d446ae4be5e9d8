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
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.channel.socket.DuplexChannel;
import io.nettypipe.testing.PipeTest;
import io.nettypipe.win32.model.TestSystem;
import org.junit.jupiter.api.Test;

import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

@PipeTest
class HalfClosureTest {
    static final String INPUT_SHUT = "[active, ChannelInputShutdownEvent, ChannelInputShutdownReadComplete]";

    static PipeFixture serve(PipeFixture pipes) throws Exception {
        return pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true));
    }

    static DuplexChannel duplex(Peer peer) {
        return (DuplexChannel) peer.channel;
    }

    /** What happened to the channel of a peer, until so much did. */
    static String events(Peer peer, int count) throws Exception {
        List<String> events = new ArrayList<>();
        while (events.size() < count) {
            String event = peer.events.poll(PipeFixture.SECONDS, java.util.concurrent.TimeUnit.SECONDS);
            if (event == null) {
                throw new AssertionError("only " + events);
            }
            events.add(event);
        }
        return events.toString();
    }

    @Test
    void shutdownOutput_afterMessages_peerReadsThemAndIsToldOnceAndCanAnswer() throws Exception {
        try (PipeFixture pipes = serve(new PipeFixture())) {
            Peer client = pipes.connectMessages();
            Peer server = pipes.accept();
            List<String> order = Collections.synchronizedList(new ArrayList<>());
            for (int i = 0; i < 3; i++) {
                String text = "m" + i;
                client.channel.write(PipeFixture.bytes(text)).addListener(done -> order.add(text));
            }
            client.channel.flush();
            ChannelFuture shutdown = duplex(client).shutdownOutput().addListener(done -> order.add("shutdown"));
            for (int i = 0; i < 3; i++) {
                assertEquals("m" + i, server.readMessageText());
            }
            shutdown.sync();
            ReadTest.flushLoop(client);
            assertEquals("[m0, m1, m2, shutdown]", order.toString());
            assertEquals(INPUT_SHUT, events(server, 3));
            assertTrue(duplex(server).isInputShutdown());
            assertFalse(duplex(server).isOutputShutdown());
            assertTrue(duplex(client).isOutputShutdown());
            assertFalse(duplex(client).isInputShutdown());
            server.send("answer").sync();
            assertEquals("answer", client.readMessageText());
            assertEquals("[active, ChannelOutputShutdownEvent]", events(client, 2));
            assertTrue(server.received.isEmpty(), server.received::toString);
            assertTrue(server.events.isEmpty(), server.events::toString);
        }
    }

    @Test
    void halfClose_systemShortWhenAskedForThePeer_isSeenBehindAllBytesAllTheSame() throws Exception {
        FaultyWin32 faulty = new FaultyWin32(TestSystem.open());
        try (PipeFixture pipes = serve(new PipeFixture(2, faulty.win32))) {
            Peer client = connect(pipes, NamedPipeMode.BYTE, false);
            Peer server = pipes.accept();
            server.send("abc").sync();
            faulty.arm("fsControlFile", 1, 1450);
            ChannelFuture shutdown = duplex(server).shutdownOutput();
            ReadTest.flushLoop(server);
            assertFalse(shutdown.isDone());
            client.channel.config().setAutoRead(true);
            assertEquals("abc", client.readText(3));
            assertEquals(INPUT_SHUT, events(client, 3));
            shutdown.sync();
            assertTrue(faulty.disarm());
        }
    }

    @Test
    void bothOutputs_shutDown_channelsStayOpenUntilOneCloses() throws Exception {
        try (PipeFixture pipes = serve(new PipeFixture())) {
            Peer client = connect(pipes, NamedPipeMode.MESSAGE, true);
            Peer server = pipes.accept();
            duplex(client).shutdownOutput().sync();
            duplex(server).shutdownOutput().sync();
            assertTrue(events(client, 4).contains("ChannelInputShutdownReadComplete"));
            assertTrue(events(server, 4).contains("ChannelInputShutdownReadComplete"));
            assertTrue(duplex(client).isShutdown());
            assertTrue(duplex(server).isShutdown());
            assertTrue(client.channel.isActive());
            assertTrue(server.channel.isActive());
            client.close();
            server.awaitInactive();
        }
    }

    private static Peer connect(PipeFixture pipes, NamedPipeMode readMode, boolean autoRead) throws Exception {
        Peer peer = new Peer(null);
        peer.channel = pipes.clientBootstrap(peer).option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(NamedPipeChannelOption.READ_MODE, readMode)
                .option(ChannelOption.AUTO_READ, autoRead).connect(pipes.address).sync().channel();
        return peer;
    }

    @Test
    void halfClose_readAsBytes_isSeenBehindAllBytes() throws Exception {
        try (PipeFixture pipes = serve(new PipeFixture())) {
            Peer client = connect(pipes, NamedPipeMode.BYTE, false);
            Peer server = pipes.accept();
            server.send("abc");
            server.send("def");
            ChannelFuture shutdown = duplex(server).shutdownOutput();
            client.channel.config().setAutoRead(true);
            assertEquals("abcdef", client.readText(6));
            assertEquals(INPUT_SHUT, events(client, 3));
            shutdown.sync();
            client.send("reply").sync();
            assertEquals("reply", server.readMessageText());
            client.close();
        }
    }

    @Test
    void halfClose_whileWaitingWithoutABuffer_isSeen() throws Exception {
        for (NamedPipeMode readMode : NamedPipeMode.values()) {
            try (PipeFixture pipes = serve(new PipeFixture())) {
                Peer client = connect(pipes, readMode, false);
                client.channel.config().setOption(NamedPipeChannelOption.ZERO_BYTE_READ, true);
                client.channel.config().setAutoRead(true);
                Peer server = pipes.accept();
                ReadTest.flushLoop(client);
                duplex(server).shutdownOutput().sync();
                assertEquals(INPUT_SHUT, events(client, 3));
                server.close();
                client.awaitInactive();
            }
        }
    }

    @Test
    void halfClose_autoReadOff_isToldWithTheReadThatComesToIt() throws Exception {
        try (PipeFixture pipes = serve(new PipeFixture())) {
            Peer client = connect(pipes, NamedPipeMode.MESSAGE, false);
            Peer server = pipes.accept();
            server.send("one");
            duplex(server).shutdownOutput();
            client.channel.read();
            assertEquals("one", client.readMessageText());
            client.channel.read();
            assertEquals(INPUT_SHUT, events(client, 3));
            client.channel.read();
            server.close();
            client.awaitInactive();
        }
    }

    @Test
    void write_afterShutdownOutput_failsAndWhatWasNotFlushedToo() throws Exception {
        try (PipeFixture pipes = serve(new PipeFixture())) {
            Peer client = pipes.connectMessages();
            Peer server = pipes.accept();
            List<ByteBuf> buffers = new ArrayList<>();
            List<ChannelFuture> refused = new ArrayList<>();
            client.channel.eventLoop().submit(() -> {
                client.channel.write(PipeFixture.bytes("sent 1"));
                ChannelPromise cancelled = client.channel.newPromise();
                client.channel.write(PipeFixture.bytes("cancelled"), cancelled);
                cancelled.cancel(false);
                client.channel.writeAndFlush(PipeFixture.bytes("sent 2"));
                for (int i = 0; i < 3; i++) {
                    buffers.add(PipeFixture.bytes("unflushed"));
                    refused.add(client.channel.write(buffers.get(i)));
                }
                duplex(client).shutdownOutput();
                assertTrue(client.channel.isWritable());
                buffers.add(PipeFixture.bytes("late"));
                refused.add(client.channel.writeAndFlush(buffers.get(3)));
            }).sync();
            for (ChannelFuture write : refused) {
                assertInstanceOf(ChannelOutputShutdownException.class, write.await().cause());
            }
            assertEquals("sent 1", server.readMessageText());
            assertEquals("sent 2", server.readMessageText());
            assertEquals(INPUT_SHUT, events(server, 3));
            assertTrue(server.received.isEmpty());
            buffers.forEach(buffer -> assertEquals(0, buffer.refCnt()));
        }
    }

    @Test
    void shutdownOutput_moreThanThePipeHolds_waitsForThePeerThatReadsLater() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE)
                    .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true).childOption(ChannelOption.AUTO_READ, false));
            Peer client = pipes.connectMessages();
            Peer server = pipes.accept();
            List<ChannelFuture> writes = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                writes.add(client.channel.write(PipeFixture.pattern(50_000, i)));
            }
            client.channel.flush();
            ChannelFuture unflushed = client.channel.write(PipeFixture.bytes("unflushed"));
            ChannelFuture shutdown = duplex(client).shutdownOutput();
            ChannelFuture again = duplex(client).shutdownOutput();
            ReadTest.flushLoop(client);
            assertFalse(shutdown.isDone());
            server.channel.config().setAutoRead(true);
            for (int i = 0; i < 20; i++) {
                ByteBuf expected = PipeFixture.pattern(50_000, i);
                ByteBuf actual = server.readMessage();
                assertEquals(expected, actual);
                expected.release();
                actual.release();
            }
            shutdown.sync();
            again.sync();
            writes.forEach(write -> assertTrue(write.isSuccess()));
            assertInstanceOf(ChannelOutputShutdownException.class, unflushed.await().cause());
            assertEquals(INPUT_SHUT, events(server, 3));
        }
    }

    @Test
    void close_whileTheOutputIsBeingShutDown_deliversWhatWasFlushedAndNothingElse() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE)
                    .childOption(ChannelOption.AUTO_READ, false));
            Peer client = pipes.connectMessages();
            Peer server = pipes.accept();
            client.channel.eventLoop().submit(() -> {
                for (int i = 0; i < 5; i++) {
                    client.channel.write(PipeFixture.pattern(100_000, i));
                }
                client.channel.flush();
                client.channel.write(PipeFixture.bytes("unflushed"));
            }).sync();
            ChannelFuture shutdown = duplex(client).shutdownOutput();
            ReadTest.flushLoop(client);
            client.channel.close().sync();
            assertInstanceOf(ClosedChannelException.class, shutdown.await().cause());
            server.channel.config().setAutoRead(true);
            for (int i = 0; i < 5; i++) {
                ByteBuf expected = PipeFixture.pattern(100_000, i);
                ByteBuf actual = server.readMessage();
                assertEquals(expected, actual);
                expected.release();
                actual.release();
            }
            server.awaitInactive();
            assertTrue(server.received.isEmpty());
        }
    }

    @Test
    void close_afterShutdownOutput_peerSeesAllBeforeTheEnd() throws Exception {
        try (PipeFixture pipes = serve(new PipeFixture())) {
            Peer client = pipes.connectMessages();
            Peer server = pipes.accept();
            client.send("request");
            duplex(client).shutdownOutput().addListener(done -> client.channel.close());
            assertEquals("request", server.readMessageText());
            server.awaitInactive();
            assertEquals(INPUT_SHUT.replace("]", ", inactive]"), events(server, 4));
            assertTrue(server.exceptions.isEmpty(), server.exceptions::toString);
        }
    }

    @Test
    void deregister_whileTheOutputIsBeingShutDown_goesOnWhenItIsBack() throws Exception {
        try (PipeFixture pipes = new PipeFixture(1)) {
            pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE)
                    .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true).childOption(ChannelOption.AUTO_READ, false));
            Peer client = pipes.connectMessages();
            Peer server = pipes.accept();
            client.send("unread").sync();
            ChannelFuture shutdown = duplex(client).shutdownOutput();
            client.channel.deregister().sync();
            assertFalse(shutdown.isDone());
            pipes.group.register(client.channel).sync();
            server.channel.config().setAutoRead(true);
            assertEquals("unread", server.readMessageText());
            shutdown.sync();
            assertEquals(INPUT_SHUT, events(server, 3));
        }
    }

    @Test
    void shutdownOutput_peerIsGone_failsAndTheChannelCloses() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serveMessages()) {
            Peer client = pipes.connect(NamedPipeMode.MESSAGE, false);
            pipes.accept().close();
            assertInstanceOf(ClosedChannelException.class, duplex(client).shutdownOutput().await().cause());
            assertTrue(duplex(client).isOutputShutdown());
            client.awaitInactive();
            assertInstanceOf(ClosedChannelException.class, duplex(client).shutdownOutput().await().cause());
            assertInstanceOf(ClosedChannelException.class, duplex(client).shutdownInput().await().cause());
        }
    }

    @Test
    void shutdownOutput_peerLeavesWithoutReading_failsAndTheChannelCloses() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE)
                    .childOption(ChannelOption.AUTO_READ, false));
            Peer client = pipes.connectMessages();
            Peer server = pipes.accept();
            ChannelFuture write = client.channel.writeAndFlush(PipeFixture.pattern(1 << 20, 0));
            ChannelFuture shutdown = duplex(client).shutdownOutput();
            ReadTest.flushLoop(client);
            server.close();
            assertInstanceOf(ClosedChannelException.class, write.await().cause());
            assertInstanceOf(ClosedChannelException.class, shutdown.await().cause());
            client.awaitInactive();
        }
    }

    @Test
    void shutdownOutput_onAByteTypePipe_isRefusedAndTheChannelGoesOn() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = connect(pipes, NamedPipeMode.BYTE, true);
            Peer server = pipes.accept();
            for (Peer end : List.of(client, server)) {
                for (ChannelFuture refused : List.of(duplex(end).shutdownOutput(), duplex(end).shutdown())) {
                    Throwable cause = refused.await().cause();
                    assertInstanceOf(UnsupportedOperationException.class, cause);
                    assertTrue(cause.getMessage().contains("byte-type"), cause.getMessage());
                }
                assertFalse(duplex(end).isOutputShutdown());
                assertFalse(duplex(end).isInputShutdown());
                assertTrue(end.channel.isWritable());
            }
            client.send("still").sync();
            assertEquals("still", server.readText(5));
            server.send("there").sync();
            assertEquals("there", client.readText(5));
            client.close();
        }
    }

    @Test
    void emptyMessage_isData_unlessHalfClosureIsAllowedOrItIsToBeData() throws Exception {
        try (PipeFixture pipes = serve(new PipeFixture())) {
            Peer client = pipes.connectMessages();
            Peer server = pipes.accept();
            server.channel.config().setOption(NamedPipeChannelOption.EMPTY_MESSAGE_AS_DATA, true);
            for (Peer[] way : new Peer[][] {{client, server}, {server, client}}) {
                way[0].channel.writeAndFlush(new PipeMessage(Unpooled.EMPTY_BUFFER));
                way[0].send("more").sync();
                assertEquals("", way[1].readMessageText());
                assertEquals("more", way[1].readMessageText());
                assertFalse(duplex(way[1]).isInputShutdown());
            }
            server.channel.config().setOption(NamedPipeChannelOption.EMPTY_MESSAGE_AS_DATA, false);
            client.channel.writeAndFlush(new PipeMessage(Unpooled.EMPTY_BUFFER));
            assertEquals(INPUT_SHUT, events(server, 3));
        }
    }

    @Test
    void writeFailed_peerIsGone_outputIsShutDownAndTheRestCanBeRead() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serveMessages()) {
            Peer client = pipes.connect(NamedPipeMode.MESSAGE, false);
            Peer server = pipes.accept();
            server.send("last words").sync();
            server.close();
            assertFalse(client.send("too late").await().isSuccess());
            assertEquals("[active, ChannelOutputShutdownEvent]", events(client, 2));
            assertTrue(duplex(client).isOutputShutdown());
            client.channel.read();
            assertEquals("last words", client.readMessageText());
            client.awaitInactive();
        }
    }

    @Test
    void halfClosure_onAByteTypePipe_cannotBeAllowed() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            // Not known yet; so it is off once it is.
            Peer client = connect(pipes, NamedPipeMode.BYTE, true);
            for (Peer end : List.of(client, pipes.accept())) {
                NamedPipeChannelConfig config = ((NamedPipeChannel) end.channel).config();
                assertFalse(config.isAllowHalfClosure());
                assertEquals(false, config.getOptions().get(ChannelOption.ALLOW_HALF_CLOSURE));
                for (ChannelOption<Boolean> option : List.of(ChannelOption.ALLOW_HALF_CLOSURE,
                        NamedPipeChannelOption.EMPTY_MESSAGE_AS_DATA)) {
                    assertFalse(config.setOption(option, true));
                    assertTrue(config.setOption(option, false));
                }
            }
            client.close();
        }
    }
}
