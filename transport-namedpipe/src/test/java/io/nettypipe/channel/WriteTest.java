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
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.WriteBufferWaterMark;
import io.nettypipe.testing.PipeTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@PipeTest
class WriteTest {

    @Test
    void write_wheneverThereIsRoomToAGonePeer_channelEndsAllTheSame() throws Exception {
        try (PipeFixture pipes = new PipeFixture(1).serve()) {
            Peer client = pipes.connect();
            Peer server = pipes.accept();
            Talker talker = new Talker(false);
            server.channel.pipeline().addFirst(talker);
            server.channel.eventLoop().execute(() ->
                    talker.channelActive(server.channel.pipeline().context(talker)));
            client.read(10_000).release();
            client.close();
            server.awaitInactive();
        }
    }

    @Test
    void byteMode_buffersOfEveryKind_arriveInOrder() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = pipes.connect();
            Peer server = pipes.accept();
            ByteBuf expected = Unpooled.buffer();
            for (int i = 0; i < 60; i++) {
                ByteBuf data = PipeFixture.pattern(i * i * i, i);
                expected.writeBytes(data, 0, data.readableBytes());
                client.channel.write(asKind(i, data));
            }
            client.channel.flush();
            ByteBuf actual = server.read(expected.readableBytes());
            assertEquals(expected, actual);
            actual.release();
            expected.release();
        }
    }

    @Test
    void messageMode_compositeBuffer_isOneMessage() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serveMessages()) {
            Peer client = pipes.connectMessages();
            Peer server = pipes.accept();
            for (int i = 0; i < 5; i++) {
                client.channel.writeAndFlush(new PipeMessage(asKind(i, PipeFixture.pattern(50_000, i))));
                ByteBuf actual = server.readMessage();
                ByteBuf expected = PipeFixture.pattern(50_000, i);
                assertEquals(expected, actual);
                actual.release();
                expected.release();
            }
        }
    }

    private static ByteBuf asKind(int kind, ByteBuf data) {
        switch (kind % 5) {
            case 0:
                return data;
            case 1:
                ByteBuf heap = Unpooled.buffer().writeBytes(data);
                data.release();
                return heap;
            case 2:
                int half = data.readableBytes() / 2;
                CompositeByteBuf composite = Unpooled.compositeBuffer();
                composite.addComponent(true, data.readRetainedSlice(half));
                return composite.addComponent(true, data);
            case 3:
                ByteBuf shifted = Unpooled.directBuffer().writeZero(7).writeBytes(data).skipBytes(7);
                data.release();
                return shifted;
            default:
                return data.asReadOnly();
        }
    }

    @Test
    void messageMode_writeCancelledBeforeTheFlush_isNotAnEmptyMessage() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serveMessages()) {
            Peer client = pipes.connectMessages();
            Peer server = pipes.accept();
            ChannelPromise promise = client.channel.newPromise();
            client.channel.eventLoop().submit(() -> {
                client.channel.write(PipeFixture.bytes("cancelled"), promise);
                promise.cancel(false);
                client.channel.write(new PipeMessage(Unpooled.EMPTY_BUFFER));
                client.channel.writeAndFlush(PipeFixture.bytes("sent"));
            }).sync();
            assertEquals("", server.readMessageText());
            assertEquals("sent", server.readMessageText());
        }
    }

    @Test
    void messageMode_moreMessagesInAFlushThanAreWrittenInOneTurn_allArriveInSeveral() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serveMessages()) {
            Peer client = pipes.connectMessages();
            Peer server = pipes.accept();
            client.channel.config().setWriteSpinCount(10);
            ChannelFuture last = client.channel.eventLoop().submit(() -> {
                List<ChannelFuture> writes = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                    writes.add(client.channel.write(PipeFixture.bytes("m" + i)));
                }
                ChannelFuture end = client.channel.writeAndFlush(PipeFixture.bytes("last"));
                // What else the event loop has to do does not wait for more.
                assertTrue(writes.stream().filter(ChannelFuture::isDone).count() <= 10);
                return end;
            }).get();
            last.sync();
            for (int i = 0; i < 100; i++) {
                assertEquals("m" + i, server.readMessageText());
            }
            assertEquals("last", server.readMessageText());
        }
    }

    @Test
    void partOfAMessage_onAMessagePipe_refused() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serveMessages()) {
            Peer client = pipes.connectMessages();
            ByteBuf content = PipeFixture.bytes("part");
            ChannelFuture write = client.channel.writeAndFlush(new PipeMessage(content, false));
            assertInstanceOf(UnsupportedOperationException.class,
                    assertThrows(ExecutionException.class, write::get).getCause());
            assertEquals(0, content.refCnt());
            client.send("whole").sync();
            assertEquals("whole", pipes.accept().readMessageText());
        }
    }

    @Test
    void unsupportedType_written_failsAndTheChannelGoesOn() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = pipes.connect();
            Throwable cause = assertThrows(ExecutionException.class,
                    () -> client.channel.writeAndFlush("a string").get()).getCause();
            assertInstanceOf(UnsupportedOperationException.class, cause);
            assertTrue(cause.getMessage().contains("String"), cause.getMessage());
            client.send("x").sync();
            assertEquals("x", pipes.accept().readText(1));
        }
    }

    @Test
    void promises_manyWrites_completeInOrderWithFlushInListeners() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = pipes.connect();
            List<Integer> order = new ArrayList<>();
            ChannelFuture last = null;
            for (int i = 0; i < 100; i++) {
                int n = i;
                last = client.channel.write(PipeFixture.pattern(1000, i)).addListener(done -> {
                    assertTrue(done.isSuccess());
                    order.add(n);
                    client.channel.flush();
                });
            }
            client.channel.flush();
            ByteBuf received = pipes.accept().read(100_000);
            last.sync();
            ReadTest.flushLoop(client);
            for (int i = 0; i < 100; i++) {
                assertEquals(i, order.get(i));
                ByteBuf expected = PipeFixture.pattern(1000, i);
                assertEquals(expected, received.readSlice(1000));
                expected.release();
            }
            received.release();
        }
    }

    /** So that its reads do not wait for this end's next call. Small ones gain nothing by it, and go out together. */
    @ParameterizedTest
    @EnumSource(NamedPipeMode.class)
    void largeWrites_toAPeerThatDoesNotRead_systemHasTwoOfThem(NamedPipeMode type) throws Exception {
        int large = 200 * 1024;
        int[] lengths = {large, large, large, large, 100, 0, large, 100, large, large};
        CountingWin32 calls = new CountingWin32();
        try (PipeFixture pipes = serveWithoutReading(calls, type)) {
            Peer client = pipes.connect(type, true);
            Peer server = pipes.accept();
            List<Integer> done = new CopyOnWriteArrayList<>();
            for (int i = 0; i < lengths.length; i++) {
                int number = i;
                client.channel.writeAndFlush(new PipeMessage(PipeFixture.pattern(lengths[i], i)))
                        .addListener(written -> done.add(written.isSuccess() ? number : -1));
            }
            ReadTest.flushLoop(client);
            assertEquals(2, calls.count("writeFile"));
            ChannelFuture drained = ((NamedPipeChannel) client.channel).drain();
            server.channel.config().setAutoRead(true);
            for (int i = 0; i < lengths.length; i++) {
                ByteBuf sent = PipeFixture.pattern(lengths[i], i);
                ByteBuf received = type == NamedPipeMode.MESSAGE ? server.readMessage() : server.read(lengths[i]);
                assertEquals(sent, received, "number " + i);
                sent.release();
                received.release();
            }
            drained.sync();
            assertEquals(IntStream.range(0, lengths.length).boxed().toList(), done);
        }
    }

    @ParameterizedTest
    @EnumSource(NamedPipeMode.class)
    void smallWrite_behindALargeOne_waits(NamedPipeMode type) throws Exception {
        CountingWin32 calls = new CountingWin32();
        try (PipeFixture pipes = serveWithoutReading(calls, type)) {
            Peer client = pipes.connect(type, true);
            Peer server = pipes.accept();
            int[] lengths = {200 * 1024, 100, 200 * 1024};
            for (int length : lengths) {
                client.channel.writeAndFlush(PipeFixture.pattern(length, length));
            }
            ReadTest.flushLoop(client);
            assertEquals(1, calls.count("writeFile"));
            server.channel.config().setAutoRead(true);
            for (int length : lengths) {
                (type == NamedPipeMode.MESSAGE ? server.readMessage() : server.read(length)).release();
            }
        }
    }

    private static PipeFixture serveWithoutReading(CountingWin32 calls, NamedPipeMode type) throws Exception {
        PipeFixture pipes = new PipeFixture(2, calls.win32);
        return pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.PIPE_TYPE, type)
                .childOption(ChannelOption.AUTO_READ, false));
    }

    @Test
    void writability_peerDoesNotRead_falseUntilItDoes() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.serve(pipes.serverBootstrap().childOption(ChannelOption.AUTO_READ, false)
                    .option(NamedPipeChannelOption.IN_BUFFER_SIZE, 4096));
            Peer client = pipes.connect();
            client.channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1000, 100_000));
            ChannelFuture write = client.channel.writeAndFlush(PipeFixture.pattern(1 << 20, 0));
            ReadTest.flushLoop(client);
            assertFalse(client.channel.isWritable());
            Peer server = pipes.accept();
            server.channel.config().setAutoRead(true);
            server.read(1 << 20).release();
            write.sync();
            ReadTest.flushLoop(client);
            assertTrue(client.channel.isWritable());
        }
    }

    @Test
    void write_peerIsGone_failsWithClosedChannelAndLaterOnesToo() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = pipes.connect(NamedPipeMode.BYTE, false);
            pipes.accept().close();
            for (int i = 0; i < 3; i++) {
                Throwable cause = assertThrows(ExecutionException.class, () -> client.send("x").get()).getCause();
                assertInstanceOf(ClosedChannelException.class, cause);
            }
            client.awaitInactive();
        }
    }

    @Test
    void write_outstandingWhenThePeerOfABytePipeLeaves_failsWithoutAnEventOfHalfClosure() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = pipes.connect(NamedPipeMode.BYTE, false);
            Peer server = pipes.accept();
            ChannelFuture write = server.channel.writeAndFlush(PipeFixture.pattern(1 << 20, 0));
            ReadTest.flushLoop(server);
            client.close();
            assertInstanceOf(ClosedChannelException.class, write.await().cause());
            server.awaitInactive();
            assertEquals("[active, inactive]", server.events.toString());
        }
    }

    @Test
    void writes_toAPeerThatIsGone_failWithAnExceptionEach() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = pipes.connect(NamedPipeMode.BYTE, false);
            Peer server = pipes.accept();
            server.send("unread").sync();
            server.close();
            Throwable first = client.send("x").await().cause();
            Throwable second = client.send("x").await().cause();
            assertInstanceOf(ClosedChannelException.class, first);
            assertInstanceOf(NamedPipeException.class, first.getCause());
            first.addSuppressed(new Throwable("a user's"));
            assertEquals(0, second.getSuppressed().length);
            assertNotSame(first.getCause(), second.getCause());
        }
    }

    @Test
    void write_peerWroteAndLeft_whatItWroteIsStillDelivered() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = pipes.connect(NamedPipeMode.BYTE, false);
            Peer server = pipes.accept();
            server.send("reply").sync();
            server.close();
            client.channel.eventLoop().submit(() -> {
                client.channel.config().setAutoRead(true);
                client.send("too late");
            }).sync();
            assertEquals("reply", client.readText(5));
            client.awaitInactive();
        }
    }

    @Test
    void write_inTheReadLoopOfWhatAGonePeerWrote_losesNothingOfIt() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE)
                    .childOption(ChannelOption.AUTO_READ, false));
            Peer client = pipes.connectMessages();
            Peer server = pipes.accept();
            for (String text : List.of("a", "b", "c", "d")) {
                client.send(text).sync();
            }
            client.close();
            server.onRead = message -> server.send("too late");
            server.channel.config().setAutoRead(true);
            for (String text : List.of("a", "b", "c", "d")) {
                assertEquals(text, server.readMessageText());
            }
            server.awaitInactive();
        }
    }

    @Test
    void write_peerWroteAndLeft_theEndComesWithoutAReadBehindWhatItWrote() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = pipes.connect(NamedPipeMode.BYTE, false);
            Peer server = pipes.accept();
            server.send("reply").sync();
            server.close();
            client.send("too late").await();
            client.channel.read();
            assertEquals("reply", client.readText(5));
            client.awaitInactive();
        }
    }
}
