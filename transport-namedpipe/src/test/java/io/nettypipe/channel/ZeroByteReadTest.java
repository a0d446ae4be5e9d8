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
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.nettypipe.testing.PipeTest;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.Win32Error;
import io.nettypipe.win32.model.TestSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** {@link NamedPipeChannelOption#ZERO_BYTE_READ}; what all other tests of reading say holds with it as well. */
@PipeTest
class ZeroByteReadTest {
    private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(true);

    /** A server whose channels wait without a buffer. */
    private ServerBootstrap waiting(PipeFixture pipes, NamedPipeMode type) {
        return pipes.serverBootstrap().option(NamedPipeChannelOption.PIPE_TYPE, type)
                .childOption(ChannelOption.ALLOCATOR, memory)
                .childOption(NamedPipeChannelOption.ZERO_BYTE_READ, true);
    }

    private static PipeMessage message(String text) {
        return new PipeMessage(PipeFixture.bytes(text));
    }

    @ParameterizedTest
    @EnumSource(NamedPipeMode.class)
    void idleConnection_holdsNoBuffer(NamedPipeMode mode) throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.serve(waiting(pipes, mode));
            Peer client = pipes.connect(mode, true);
            Peer server = pipes.accept();
            for (String text : new String[] {"first", "x", "last"}) {
                ReadTest.flushLoop(server);
                assertEquals(0, memory.metric().usedDirectMemory());
                client.send(text).sync();
                assertEquals(text, mode == NamedPipeMode.BYTE ? server.readText(text.length())
                        : server.readMessageText());
            }
            ReadTest.flushLoop(server);
            assertEquals(0, memory.metric().usedDirectMemory());
        }
    }

    @Test
    void idleConnection_optionIsOff_holdsABuffer() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.serve(waiting(pipes, NamedPipeMode.BYTE)
                    .childOption(NamedPipeChannelOption.ZERO_BYTE_READ, false));
            Peer client = pipes.connect();
            Peer server = pipes.accept();
            client.send("first").sync();
            assertEquals("first", server.readText(5));
            ReadTest.flushLoop(server);
            assertTrue(memory.metric().usedDirectMemory() > 0);
            // From the next read on.
            server.channel.config().setOption(NamedPipeChannelOption.ZERO_BYTE_READ, true);
            client.send("second").sync();
            assertEquals("second", server.readText(6));
            ReadTest.flushLoop(server);
            assertEquals(0, memory.metric().usedDirectMemory());
        }
    }

    /** Somebody else may cancel it with CancelIo, or the channel leaves its loop while a remote pipe answers. */
    @ParameterizedTest
    @EnumSource(NamedPipeMode.class)
    void readOfTheRest_cancelled_firstByteIsNotLost(NamedPipeMode readMode) throws Exception {
        Win32 system = TestSystem.open();
        FaultyWin32 faulty = new FaultyWin32(system);
        try (PipeFixture pipes = new PipeFixture(2, faulty.win32)) {
            pipes.serve(waiting(pipes, NamedPipeMode.MESSAGE).option(NamedPipeChannelOption.READ_MODE, readMode));
            Peer client = pipes.connectMessages();
            Peer server = pipes.accept();
            client.send("first").sync();
            assertEquals("first", readMode == NamedPipeMode.BYTE ? server.readText(5) : server.readMessageText());
            ReadTest.flushLoop(server);
            faulty.arm("readFile", 1, Win32Error.ERROR_OPERATION_ABORTED);
            client.send("second").sync();
            assertEquals("second", readMode == NamedPipeMode.BYTE ? server.readText(6) : server.readMessageText());
            assertTrue(faulty.disarm());
        }
        TestSystem.close(system);
    }

    /** A message may come while it is waited for, or before; and an empty one must not be taken for the rest of one. */
    @ParameterizedTest
    @CsvSource({"1,1", "2,1", "3,2", "4,16", "5,2048"})
    void messagesOfAllSizes_whenever_arriveOnceAndWhole(long seed, int bufferSize) throws Exception {
        Random random = new Random(seed);
        int[] sizes = {0, 0, 1, 1, 2, 3, bufferSize, bufferSize + 1, 3000};
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.serve(waiting(pipes, NamedPipeMode.MESSAGE).childOption(ChannelOption.RECVBUF_ALLOCATOR,
                    new FixedRecvByteBufAllocator(bufferSize).maxMessagesPerRead(1 + random.nextInt(3))));
            Peer client = pipes.connectMessages();
            Peer server = pipes.accept();
            for (int round = 0; round < 20; round++) {
                server.channel.config().setAutoRead(random.nextBoolean());
                List<Integer> sent = new ArrayList<>();
                for (int i = random.nextInt(6); i >= 0; i--) {
                    int size = sizes[random.nextInt(sizes.length)];
                    sent.add(size);
                    client.channel.write(new PipeMessage(PipeFixture.pattern(size, size)));
                    if (random.nextBoolean()) {
                        client.channel.flush();
                        ReadTest.flushLoop(server);
                    }
                }
                client.channel.flush();
                server.channel.config().setAutoRead(true);
                for (int size : sent) {
                    ByteBuf received = server.readMessage();
                    ByteBuf expected = PipeFixture.pattern(size, size);
                    assertEquals(expected, received);
                    expected.release();
                    received.release();
                }
            }
            assertTrue(server.received.isEmpty(), server.received::toString);
        }
    }

    @ParameterizedTest
    @CsvSource({"BYTE,1", "BYTE,2048", "MESSAGE,1", "MESSAGE,2048"})
    void bytesOfEitherType_arriveInOrder(NamedPipeMode type, int bufferSize) throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.serve(waiting(pipes, type).option(NamedPipeChannelOption.READ_MODE, NamedPipeMode.BYTE)
                    .childOption(NamedPipeChannelOption.EMPTY_MESSAGE_AS_DATA, type == NamedPipeMode.MESSAGE)
                    .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(bufferSize)));
            Peer client = pipes.connect();
            Peer server = pipes.accept();
            for (int size : new int[] {1, 2, 1, 0, 3, bufferSize, 0, 5000, 1}) {
                client.channel.writeAndFlush(new PipeMessage(PipeFixture.pattern(size, size)));
                ByteBuf received = server.read(size);
                ByteBuf expected = PipeFixture.pattern(size, size);
                assertEquals(expected, received);
                expected.release();
                received.release();
            }
            ReadTest.flushLoop(server);
            assertTrue(server.received.isEmpty(), server.received::toString);
        }
    }

    @ParameterizedTest
    @EnumSource(NamedPipeMode.class)
    void peerLeaves_whileWaitedForItOrWithDataLeft_endFollowsTheData(NamedPipeMode mode) throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.serve(waiting(pipes, mode).childOption(ChannelOption.AUTO_READ, false));
            for (boolean withData : new boolean[] {false, true}) {
                Peer client = pipes.connect(mode, true);
                Peer server = pipes.accept();
                server.channel.read();
                ReadTest.flushLoop(server);
                if (withData) {
                    client.send("bye").sync();
                }
                client.channel.close().sync();
                server.channel.config().setAutoRead(true);
                if (withData) {
                    assertEquals("bye", mode == NamedPipeMode.BYTE ? server.readText(3) : server.readMessageText());
                }
                server.awaitInactive();
                assertTrue(server.exceptions.isEmpty(), server.exceptions::toString);
            }
        }
    }

    @Test
    void read_answersOneMessageOnly() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.serve(waiting(pipes, NamedPipeMode.MESSAGE).childOption(ChannelOption.AUTO_READ, false)
                    .childOption(ChannelOption.RECVBUF_ALLOCATOR,
                            new FixedRecvByteBufAllocator(64).maxMessagesPerRead(1)));
            Peer client = pipes.connectMessages();
            Peer server = pipes.accept();
            for (String text : new String[] {"one", "", "x"}) {
                client.channel.write(message(text));
            }
            client.channel.flush();
            for (String text : new String[] {"one", "", "x"}) {
                ReadTest.flushLoop(server);
                assertTrue(server.received.isEmpty(), server.received::toString);
                server.channel.read();
                assertEquals(text, server.readMessageText());
            }
            assertFalse(server.channel.config().isAutoRead());
        }
    }

    @Test
    void message_costsTwoReads() throws Exception {
        TestSystem.assumeCallsEndAtOnce();
        for (NamedPipeMode mode : NamedPipeMode.values()) {
            CountingWin32 system = new CountingWin32();
            try (PipeFixture pipes = new PipeFixture(2, system.win32)) {
                pipes.serve(waiting(pipes, mode));
                Peer client = pipes.connect(mode, false);
                Peer server = pipes.accept();
                for (int i = 0; i < 10; i++) {
                    ReadTest.flushLoop(server);
                    if (i == 1) {
                        system.reset();
                    }
                    client.send("ping").sync();
                    assertEquals("ping", mode == NamedPipeMode.BYTE ? server.readText(4) : server.readMessageText());
                }
                ReadTest.flushLoop(server);
                assertEquals(18, system.count("readFile"));
                assertEquals(0, system.count("queryInformationFile"));
            }
            TestSystem.close(system.target);
        }
    }
}
