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
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.RecvByteBufAllocator;
import io.nettypipe.testing.PipeTest;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** How many system calls a message costs: the figures of docs/performance.md. */
@PipeTest
class NativeCallsTest {
    private static final int MESSAGES = 200;

    @Test
    void echo_oneMessageInFlight_oneReadOneWriteOneDequeueOnEachSide() throws Exception {
        for (NamedPipeMode mode : NamedPipeMode.values()) {
            Counts counts = echo(mode, 1);
            System.out.println("Native calls per message, " + mode + ", 1 connection: " + counts);
            assertEquals(MESSAGES, counts.reads, 2);
            assertEquals(MESSAGES, counts.writes, 1);
            assertTrue(counts.dequeues <= MESSAGES + 3, counts::toString);
            assertEquals(counts.all, counts.reads + counts.writes + counts.dequeues, 5, counts::toString);
        }
    }

    @Test
    void echo_sixteenConnectionsBusy_dequeuesAreShared() throws Exception {
        Counts counts = echo(NamedPipeMode.MESSAGE, 16);
        System.out.println("Native calls per message, MESSAGE, 16 connections: " + counts);
        int messages = 16 * MESSAGES;
        assertTrue(counts.dequeues < messages * 3 / 4, counts::toString);
        assertTrue(counts.reads <= messages + 32, counts::toString);
        assertEquals(messages, counts.writes, 1);
    }

    /** On Windows each part of a message but the last comes by the port. */
    @Test
    void message_longerThanTheReadBuffer_isReadInTwo() throws Exception {
        // More than the allocator guesses at most, and within its limits, where it is in one piece from the second on.
        int[][] costs = {{1024 * 1024, 2, 1}, {65_537, 2, 1}, {65_536, 1, 0}, {40_000, 1, 0}};
        for (int[] cost : costs) {
            assertReads(cost[0], new AdaptiveRecvByteBufAllocator(), cost[1], cost[2]);
        }
        assertReads(1024 * 1024, new AdaptiveRecvByteBufAllocator(64, 2048, 2 * 1024 * 1024), 1, 0);
    }

    private static void assertReads(int length, RecvByteBufAllocator allocator, int reads, int questions)
            throws Exception {
        CountingWin32 calls = new CountingWin32();
        try (PipeFixture pipes = new PipeFixture(1, calls.win32).serveMessages()) {
            Peer client = new Peer(null);
            client.channel = pipes.clientBootstrap(client)
                    .option(NamedPipeChannelOption.READ_MODE, NamedPipeMode.MESSAGE)
                    .option(ChannelOption.RECVBUF_ALLOCATOR, allocator).connect(pipes.address).sync().channel();
            Peer server = pipes.accept();
            for (int i = 0; i < 10; i++) {
                if (i == 5) {
                    ReadTest.flushLoop(client);
                    calls.reset();
                }
                server.channel.writeAndFlush(PipeFixture.pattern(length, i));
                ByteBuf received = client.readMessage();
                ByteBuf sent = PipeFixture.pattern(length, i);
                assertEquals(sent, received);
                received.release();
                sent.release();
            }
            ReadTest.flushLoop(client);
            assertEquals(5 * reads, calls.count("readFile"), calls::toString);
            assertEquals(5 * questions, calls.count("queryInformationFile"), calls::toString);
            client.close();
        }
    }

    @Test
    void byteMode_hundredSmallBuffersInOneFlush_goInOneWriteFile() throws Exception {
        CountingWin32 calls = new CountingWin32();
        try (PipeFixture pipes = new PipeFixture(1, calls.win32).serve()) {
            Peer client = pipes.connect();
            Peer server = pipes.accept();
            client.channel.eventLoop().submit(() -> {
                calls.reset();
                for (int i = 0; i < 100; i++) {
                    client.channel.write(PipeFixture.pattern(100, i));
                }
                client.channel.flush();
            }).sync();
            server.read(10_000).release();
            assertEquals(1, calls.count("writeFile"));
        }
    }

    /** Echoes from a counted server, with clients on an event loop of their own that is not counted. */
    private static Counts echo(NamedPipeMode mode, int connections) throws Exception {
        CountingWin32 calls = new CountingWin32();
        try (EchoLoad load = new EchoLoad(calls.win32, calls.target, mode, connections)) {
            calls.reset();
            load.run(MESSAGES);
            return new Counts(calls, connections * MESSAGES);
        }
    }

    private static final class Counts {
        final long reads;
        final long writes;
        final long dequeues;
        final long all;
        private final CountingWin32 calls;
        private final int messages;

        Counts(CountingWin32 calls, int messages) {
            this.calls = calls;
            this.messages = messages;
            reads = calls.count("readFile");
            writes = calls.count("writeFile");
            dequeues = calls.count("getQueuedCompletionStatusEx");
            all = calls.total();
        }

        @Override
        public String toString() {
            return String.format("ReadFile %.2f, WriteFile %.2f, GetQueuedCompletionStatusEx %.2f; all: %s",
                    (double) reads / messages, (double) writes / messages, (double) dequeues / messages, calls);
        }
    }
}
