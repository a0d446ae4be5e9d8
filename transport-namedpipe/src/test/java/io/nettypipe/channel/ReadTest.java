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
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.nettypipe.testing.PipeTest;
import io.nettypipe.win32.Win32Error;
import io.nettypipe.win32.model.TestSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

@PipeTest
class ReadTest {

    @Test
    void read_autoReadOff_oneMessageForEach() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serveMessages()) {
            Peer client = pipes.connect(NamedPipeMode.MESSAGE, false);
            Peer server = pipes.accept();
            for (int i = 0; i < 3; i++) {
                server.send("message " + i).sync();
            }
            for (int i = 0; i < 3; i++) {
                flushLoop(client);
                assertNull(client.received.peek());
                client.channel.read();
                assertEquals("message " + i, client.readMessageText());
            }
        }
    }

    @Test
    void setAutoReadFalse_whileAReadIsPending_dataHeldUntilTheNextRead() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = pipes.connect();
            Peer server = pipes.accept();
            server.send("before").sync();
            assertEquals("before", client.readText(6));
            client.channel.config().setAutoRead(false);
            flushLoop(client);
            server.send("after").sync();
            roundTrips(client, server);
            assertNull(client.received.peek());
            client.channel.read();
            assertEquals("after", client.readText(5));
        }
    }

    @Test
    void autoRead_toggledForEachMessage_nothingLost() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serveMessages()) {
            Peer client = pipes.connectMessages();
            client.onRead = message -> client.channel.config().setAutoRead(false);
            Peer server = pipes.accept();
            for (int i = 0; i < 50; i++) {
                server.channel.write(PipeFixture.bytes("m" + i));
            }
            server.channel.flush();
            for (int i = 0; i < 50; i++) {
                assertEquals("m" + i, client.readMessageText());
                client.channel.config().setAutoRead(true);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1048576,0123 456789", "5,0123 45678 9", "4,0123 4567 89", "0,0123 4567 89"})
    void messageLongerThanTheBuffer_arrivesInPartsAsLongAsTheyMayBeTheLastMarked(int maxPartSize, String expected)
            throws Exception {
        try (PipeFixture pipes = new PipeFixture().serveMessages()) {
            Peer client = connectWithBufferOf4(pipes, maxPartSize);
            pipes.accept().send("0123456789");
            String[] parts = expected.split(" ");
            for (int i = 0; i < parts.length; i++) {
                PipeMessage part = (PipeMessage) client.next();
                assertEquals(parts[i], part.content().toString(StandardCharsets.UTF_8));
                assertEquals(i == parts.length - 1, part.isEndOfMessage());
                assertTrue(part.content().isDirect());
                part.release();
            }
            client.close();
        }
    }

    /** The system tells how much there is of all messages. Who keeps a part of one must not keep that. */
    @Test
    void restOfAMessage_withMoreMessagesBehindIt_isInABufferOfItsSize() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serveMessages()) {
            Peer client = connectWithBufferOf4(pipes, 1024 * 1024);
            client.channel.config().setAutoRead(false);
            Peer server = pipes.accept();
            for (int length : new int[] {4 + 100, 4 + 4000, 4, 0, 4 + 1, 4 + 100}) {
                server.channel.write(new PipeMessage(PipeFixture.pattern(length, length)));
            }
            server.channel.flush();
            flushLoop(server);
            client.channel.config().setAutoRead(true);
            for (int length : new int[] {4 + 100, 4 + 4000, 4, 0, 4 + 1, 4 + 100}) {
                ByteBuf all = Unpooled.buffer();
                for (boolean end = false; !end;) {
                    PipeMessage part = (PipeMessage) client.next();
                    end = part.isEndOfMessage();
                    assertTrue(part.content().capacity() <= Math.max(4, 2 * part.content().readableBytes() + 1),
                            part::toString);
                    all.writeBytes(part.content());
                    part.release();
                }
                ByteBuf sent = PipeFixture.pattern(length, length);
                assertEquals(sent, all);
                sent.release();
                all.release();
            }
            client.close();
        }
    }

    private static Peer connectWithBufferOf4(PipeFixture pipes, int maxPartSize) throws Exception {
        Peer client = new Peer(null);
        client.channel = pipes.clientBootstrap(client)
                .option(NamedPipeChannelOption.READ_MODE, NamedPipeMode.MESSAGE)
                .option(NamedPipeChannelOption.MAX_PART_SIZE, maxPartSize)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(4))
                .connect(pipes.address).sync().channel();
        return client;
    }

    @Test
    void emptyMessage_readAsBytes_closesBehindAllBytesAsTheEndOfTcpDoes() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serveMessages()) {
            Peer client = pipes.connect(NamedPipeMode.BYTE, false);
            Peer server = pipes.accept();
            server.send("all ").sync();
            server.send("of it").sync();
            ChannelFuture end = ((DuplexChannel) server.channel).shutdownOutput();
            client.channel.config().setAutoRead(true);
            assertEquals("all of it", client.readText(9));
            client.awaitInactive();
            assertEquals("[active, inactive]", client.events.toString());
            assertTrue(client.exceptions.isEmpty(), client.exceptions::toString);
            end.sync();
            server.awaitInactive();
        }
    }

    @Test
    void emptyMessage_readAsBytesAndTakenForData_isNothing() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serveMessages()) {
            Peer client = pipes.connect(NamedPipeMode.BYTE, false);
            Peer server = pipes.accept();
            client.channel.config().setOption(NamedPipeChannelOption.EMPTY_MESSAGE_AS_DATA, true);
            client.channel.read();
            server.channel.writeAndFlush(new PipeMessage(Unpooled.EMPTY_BUFFER)).sync();
            server.send("x").sync();
            assertEquals("x", client.readText(1));
            assertTrue(client.channel.isActive());
        }
    }

    @Test
    void peerCloses_dataWrittenBefore_isDeliveredBeforeTheEnd() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = pipes.connect(NamedPipeMode.BYTE, false);
            Peer server = pipes.accept();
            server.send("last words").sync();
            server.close();
            client.channel.config().setAutoRead(true);
            assertEquals("last words", client.readText(10));
            client.awaitInactive();
            assertFalse(client.channel.isOpen());
            assertEquals("[active, inactive]", client.events.toString());
            assertTrue(client.exceptions.isEmpty(), client.exceptions::toString);
        }
    }

    @Test
    void peerCloses_autoReadOffAndAReadPending_channelBecomesInactive() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = pipes.connect(NamedPipeMode.BYTE, true);
            Peer server = pipes.accept();
            // on the event loop, so after channelActive, which reads
            client.channel.eventLoop().submit(() -> client.channel.config().setAutoRead(false)).sync();
            server.close();
            client.awaitInactive();
        }
    }

    @Test
    void channelReadComplete_manyMessagesAtOnce_firedOncePerLoop() throws Exception {
        TestSystem.assumeCallsEndAtOnce();
        try (PipeFixture pipes = new PipeFixture().serveMessages()) {
            Peer client = pipes.connect(NamedPipeMode.MESSAGE, false);
            Peer server = pipes.accept();
            for (int i = 0; i < 10; i++) {
                server.send("m" + i).sync();
            }
            int before = client.readCompletes.get();
            client.channel.config().setAutoRead(true);
            for (int i = 0; i < 10; i++) {
                assertEquals("m" + i, client.readMessageText());
            }
            flushLoop(client);
            assertEquals(1, client.readCompletes.get() - before);
        }
    }

    @Test
    void handlerThrows_onRead_loopGoesOn() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = pipes.connect();
            client.onRead = message -> {
                if (((ByteBuf) message).getByte(0) == '!') {
                    client.received.add(message);
                    throw new IllegalStateException("on purpose");
                }
            };
            Peer server = pipes.accept();
            server.send("!").sync();
            assertEquals("!", client.readText(1));
            server.send("x").sync();
            assertEquals("x", client.readText(1));
            assertEquals("on purpose", client.exceptions.take().getMessage());
        }
    }

    @Test
    void read_thatSomebodyElseCancelled_isDoneAgain() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = pipes.connect();
            Peer server = pipes.accept();
            for (int i = 0; i < 3; i++) {
                flushLoop(client);
                // All of the handle's operations, of whichever thread.
                assertEquals(Win32Error.ERROR_SUCCESS,
                        pipes.win32.cancelIoEx(((NamedPipeChannel) client.channel).handle(), 0));
                server.send("message " + i).sync();
                assertEquals("message " + i, client.readText(9));
            }
        }
    }

    @Test
    void messages_moreAndMoreOfOneChannel_leaveTheEventLoopToTheOthers() throws Exception {
        int count = 5_000;
        try (PipeFixture pipes = new PipeFixture(1)) {
            pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE)
                    .option(NamedPipeChannelOption.OUT_BUFFER_SIZE, count));
            Peer busy = pipes.connect(NamedPipeMode.MESSAGE, false);
            Peer busyServer = pipes.accept();
            Peer other = pipes.connect(NamedPipeMode.MESSAGE, true);
            Peer otherServer = pipes.accept();
            for (int i = 0; i < count; i++) {
                busyServer.channel.write(PipeFixture.bytes("x"));
            }
            busyServer.channel.writeAndFlush(new PipeMessage(Unpooled.EMPTY_BUFFER)).sync();
            CompletableFuture<Integer> before = new CompletableFuture<>();
            other.onRead = message -> before.complete(busy.received.size());
            busy.channel.eventLoop().execute(() -> {
                busy.channel.config().setAutoRead(true);
                otherServer.send("me too");
            });
            assertTrue(before.get() < 1_000, () -> "only after " + before.join());
            for (int i = 0; i <= count; i++) {
                ReferenceCountUtil.release(busy.next());
            }
            assertEquals("me too", other.readMessageText());
        }
    }

    /** Runs what the channel's event loop has to do by now. */
    static void flushLoop(Peer peer) throws Exception {
        peer.channel.eventLoop().submit(() -> { }).sync();
    }

    /** After this, whatever one end had sent earlier would have been received by the other. */
    private static void roundTrips(Peer client, Peer server) throws Exception {
        client.send("ping").sync();
        assertEquals("ping", server.readText(4));
        flushLoop(client);
        flushLoop(server);
        flushLoop(client);
    }
}
