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
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultFileRegion;
import io.nettypipe.testing.PipeTest;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.model.TestSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** How much one {@code WriteFile} carries, and what a write does when the system is short of memory for it. */
@PipeTest
class WriteBoundsTest {
    private static final int LENGTH = 1_000_000;

    private final Win32 system = TestSystem.open();
    private final ScarceWin32 scarce = new ScarceWin32(system);
    @TempDir
    private Path directory;

    @AfterEach
    void verify() {
        TestSystem.close(system);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void bytePipe_longBuffers_goInBoundedPieces(boolean close) throws Exception {
        ByteBuf expected = Unpooled.buffer();
        try (PipeFixture pipes = new PipeFixture(2, scarce.win32).serve()) {
            Peer client = pipes.connect(NamedPipeMode.BYTE, false);
            Peer server = pipes.accept();
            ChannelFuture last = writeAll(server, expected);
            if (close) {
                server.channel.close().sync();
            }
            client.channel.config().setAutoRead(true);
            assertReceived(expected, client);
            if (!close) {
                last.sync();
            }
        }
        assertEquals(256 * 1024, scarce.longest);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void bytePipe_noMemoryForMuchAtOnce_goesInSmallerPieces(boolean close) throws Exception {
        scarce.most = 10_000;
        ByteBuf expected = Unpooled.buffer();
        Path file = Files.write(directory.resolve("file"), array(100_000, 9));
        try (PipeFixture pipes = new PipeFixture(2, scarce.win32).serve()) {
            Peer client = pipes.connect(NamedPipeMode.BYTE, false);
            Peer server = pipes.accept();
            if (!close) {
                server.channel.write(new DefaultFileRegion(file.toFile(), 0, 100_000));
                expected.writeBytes(Files.readAllBytes(file));
            }
            writeAll(server, expected);
            if (close) {
                server.channel.close().sync();
            }
            client.channel.config().setAutoRead(true);
            assertReceived(expected, client);
            assertEquals(close, !server.channel.isOpen());
        }
        assertTrue(scarce.longest <= 10_000, () -> scarce.longest + " bytes");
    }

    /** Buffers of each kind: long, of many pieces, and small. */
    private static ChannelFuture writeAll(Peer peer, ByteBuf expected) {
        CompositeByteBuf pieces = Unpooled.compositeBuffer();
        pieces.addComponent(true, pattern(LENGTH / 2, 2)).addComponent(true, pattern(10, 3))
                .addComponent(true, pattern(LENGTH / 2, 4));
        List<ByteBuf> buffers = List.of(pattern(LENGTH, 1), pieces,
                Unpooled.wrappedBuffer(array(LENGTH, 5)), pattern(10, 6), pattern(20, 7));
        for (ByteBuf buffer : buffers) {
            expected.writeBytes(buffer, buffer.readerIndex(), buffer.readableBytes());
            peer.channel.write(buffer);
        }
        return peer.channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
    }

    private static ByteBuf pattern(int length, int seed) {
        return PipeFixture.pattern(length, seed);
    }

    private static byte[] array(int length, int seed) {
        ByteBuf pattern = pattern(length, seed);
        byte[] array = ByteBufUtil.getBytes(pattern);
        pattern.release();
        return array;
    }

    private static void assertReceived(ByteBuf expected, Peer peer) throws InterruptedException {
        ByteBuf actual = peer.read(expected.readableBytes());
        assertEquals(expected, actual);
        actual.release();
        expected.release();
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 1450, 1453, 1454, 1455, 1784, 1816})
    void messages_noMemoryForAMoment_arriveOnceEachAndInOrder(int error) throws Exception {
        scarce.error = error;
        try (PipeFixture pipes = new PipeFixture(2, scarce.win32)) {
            pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE)
                    .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true));
            Peer client = pipes.connectMessages();
            Peer server = pipes.accept();
            scarce.failing.set(3);
            List<ChannelFuture> writes = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                writes.add(client.channel.write(pattern(300_000, i)));
            }
            client.channel.flush();
            for (int i = 0; i < 5; i++) {
                assertPattern(server.readMessage(), i);
                writes.get(i).sync();
            }
            scarce.failing.set(2);
            HalfClosureTest.duplex(client).shutdownOutput().sync();
            assertEquals(HalfClosureTest.INPUT_SHUT, HalfClosureTest.events(server, 3));
            // What waits for memory when the channel closes does so behind it.
            server.channel.write(pattern(300_000, 5));
            scarce.failing.set(4);
            server.channel.writeAndFlush(pattern(300_000, 6));
            server.channel.close().sync();
            assertPattern(client.readMessage(), 5);
            assertPattern(client.readMessage(), 6);
            client.awaitInactive();
            assertEquals(0, scarce.failing.get());
        }
    }

    private static void assertPattern(ByteBuf actual, int seed) {
        ByteBuf expected = pattern(300_000, seed);
        assertEquals(expected, actual);
        expected.release();
        actual.release();
    }

    @Test
    void write_thatWaitsForMemory_isTakenUpAgainAfterADeregistration() throws Exception {
        try (PipeFixture pipes = new PipeFixture(1, scarce.win32).serve()) {
            Peer client = pipes.connect();
            Peer server = pipes.accept();
            scarce.most = 0;
            ChannelFuture write = client.send("there");
            ReadTest.flushLoop(client);
            client.channel.deregister().sync();
            assertFalse(write.isDone());
            scarce.most = Integer.MAX_VALUE;
            pipes.group.register(client.channel).sync();
            assertEquals("there", server.readText(5));
            write.sync();
        }
    }

    @Test
    void smallWritesLeftByAClose_peerDoesNotRead_holdAsMuchMemoryAsTheyNeed() throws Exception {
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
        try (PipeFixture pipes = new PipeFixture(2, scarce.win32)) {
            pipes.serve(pipes.serverBootstrap().childOption(ChannelOption.ALLOCATOR, allocator)
                    .childOption(ChannelOption.AUTO_READ, false));
            Peer client = pipes.connect(NamedPipeMode.BYTE, false);
            Peer server = pipes.accept();
            server.channel.writeAndFlush(pattern(200_000, 1));
            server.channel.writeAndFlush(pattern(10, 2));
            server.channel.close().sync();
            server.channel.eventLoop().submit(() -> { }).sync();
            assertTrue(allocator.metric().usedDirectMemory() < 1000, () -> allocator.metric().toString());
            client.channel.config().setAutoRead(true);
            client.read(200_010).release();
            client.awaitInactive();
        }
    }
}
