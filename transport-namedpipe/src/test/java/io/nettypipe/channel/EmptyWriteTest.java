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
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultFileRegion;
import io.nettypipe.testing.PipeTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** An empty buffer is nothing, as on every other channel; only an empty {@link PipeMessage} is an empty message. */
@PipeTest
class EmptyWriteTest {

    @Test
    void emptyBuffersOfEveryKind_amongMessages_areNoMessagesAndSucceedInOrder() throws Exception {
        CountingWin32 calls = new CountingWin32();
        try (PipeFixture pipes = new PipeFixture(1, calls.win32).serveMessages()) {
            Peer client = pipes.connectMessages();
            Peer server = pipes.accept();
            List<Integer> order = new ArrayList<>();
            List<ByteBuf> empties = empties();
            ReadTest.flushLoop(client);
            calls.reset();
            client.channel.eventLoop().submit(() -> {
                for (int i = 0; i < empties.size(); i++) {
                    int n = i;
                    client.channel.write(PipeFixture.bytes("m" + n)).addListener(done -> order.add(2 * n));
                    client.channel.write(empties.get(n)).addListener(done -> {
                        assertTrue(done.isSuccess());
                        order.add(2 * n + 1);
                    });
                }
                client.channel.write(Unpooled.EMPTY_BUFFER, client.channel.voidPromise());
                client.channel.flush();
            }).sync();
            client.channel.writeAndFlush(new PipeMessage(Unpooled.EMPTY_BUFFER));
            client.send("end").sync();
            for (int i = 0; i < empties.size(); i++) {
                assertEquals("m" + i, server.readMessageText());
                assertEquals(2 * i, order.get(2 * i));
                assertEquals(2 * i + 1, order.get(2 * i + 1));
                assertTrue(empties.get(i).refCnt() == 0 || empties.get(i) == Unpooled.EMPTY_BUFFER);
            }
            assertEquals("", server.readMessageText());
            assertEquals("end", server.readMessageText());
            assertEquals(empties.size() + 2, calls.count("writeFile"));
        }
    }

    private static List<ByteBuf> empties() {
        ByteBuf read = PipeFixture.bytes("read");
        return List.of(Unpooled.EMPTY_BUFFER, Unpooled.buffer(), Unpooled.directBuffer(), Unpooled.compositeBuffer(),
                Unpooled.compositeBuffer().addComponent(true, Unpooled.directBuffer()), read.skipBytes(4),
                Unpooled.directBuffer().slice(), Unpooled.directBuffer().asReadOnly(),
                Unpooled.copiedBuffer(new byte[] {1, 2}).slice(1, 0));
    }

    @Test
    void closeOnFlush_peerOfMessages_getsNoEmptyOne() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serveMessages()) {
            Peer client = pipes.connectMessages();
            Peer server = pipes.accept();
            server.channel.write(PipeFixture.pattern(200_000, 1));
            server.channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
                    .addListener(ChannelFutureListener.CLOSE);
            client.readMessage().release();
            client.awaitInactive();
            assertTrue(client.received.isEmpty(), client.received::toString);
        }
    }

    @Test
    void emptyBuffers_leftAtTheClose_areNotDelivered() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serveMessages()) {
            Peer client = pipes.connect(NamedPipeMode.MESSAGE, false);
            Peer server = pipes.accept();
            for (int i = 0; i < 3; i++) {
                server.channel.write(PipeFixture.pattern(200_000, i));
                server.channel.write(Unpooled.EMPTY_BUFFER);
            }
            server.channel.writeAndFlush(new PipeMessage(Unpooled.EMPTY_BUFFER));
            server.channel.close().sync();
            client.channel.config().setAutoRead(true);
            for (int i = 0; i < 3; i++) {
                ByteBuf message = client.readMessage();
                assertEquals(200_000, message.readableBytes());
                message.release();
            }
            assertEquals("", client.readMessageText());
            client.awaitInactive();
            assertTrue(client.received.isEmpty(), client.received::toString);
        }
    }

    @Test
    void emptyWrites_ofEveryKind_onABytePipe_succeedWithoutACall(@TempDir Path directory) throws Exception {
        Path file = Files.createFile(directory.resolve("empty"));
        CountingWin32 calls = new CountingWin32();
        try (PipeFixture pipes = new PipeFixture(1, calls.win32).serve()) {
            Peer client = pipes.connect();
            pipes.accept();
            ReadTest.flushLoop(client);
            calls.reset();
            List<ChannelFuture> writes = new ArrayList<>();
            empties().forEach(empty -> writes.add(client.channel.write(empty)));
            writes.add(client.channel.write(new PipeMessage(Unpooled.EMPTY_BUFFER)));
            writes.add(client.channel.writeAndFlush(new DefaultFileRegion(file.toFile(), 0, 0)));
            for (ChannelFuture write : writes) {
                write.sync();
            }
            assertEquals(0, calls.count("writeFile"));
        }
    }

    @Test
    void emptyBuffer_writtenByTheListenerOfOne_leavesTheEventLoopToOthers() throws Exception {
        try (PipeFixture pipes = new PipeFixture(1).serveMessages()) {
            Peer client = pipes.connectMessages();
            Peer server = pipes.accept();
            client.channel.eventLoop().execute(() -> again(client));
            server.send("me too").await(PipeFixture.SECONDS, TimeUnit.SECONDS);
            assertEquals("me too", client.readMessageText());
        }
    }

    private static void again(Peer peer) {
        peer.channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> {
            if (done.isSuccess()) {
                again(peer);
            }
        });
    }

    @Test
    void halfClose_behindEmptyBuffers_isToldOnce() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE)
                    .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true));
            Peer client = pipes.connectMessages();
            Peer server = pipes.accept();
            client.channel.writeAndFlush(Unpooled.EMPTY_BUFFER).sync();
            client.send("data").sync();
            client.channel.writeAndFlush(Unpooled.buffer()).sync();
            assertEquals("data", server.readMessageText());
            assertEquals("[active]", server.events.toString());
            HalfClosureTest.duplex(client).shutdownOutput().sync();
            assertEquals(HalfClosureTest.INPUT_SHUT, HalfClosureTest.events(server, 3));
        }
    }
}
