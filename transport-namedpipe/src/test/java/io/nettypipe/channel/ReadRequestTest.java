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

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import io.nettypipe.testing.PipeTest;
import io.nettypipe.win32.model.TestSystem;
import org.junit.jupiter.api.Test;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a {@code read()} asks for, with {@code autoRead} off. */
@PipeTest
class ReadRequestTest {

    @Test
    void read_manyTimesInOneTurn_isOneTask() throws Exception {
        try (PipeFixture pipes = new PipeFixture(1)) {
            pipes.serve(pipes.serverBootstrap().childOption(ChannelOption.AUTO_READ, false));
            pipes.connect().send("abc").sync();
            Peer server = pipes.accept();
            SingleThreadEventExecutor loop = (SingleThreadEventExecutor) server.channel.eventLoop();
            int tasks = loop.submit(() -> {
                for (int i = 0; i < 1_000; i++) {
                    server.channel.read();
                }
                return loop.pendingTasks();
            }).get();
            assertEquals("abc", server.readText(3));
            assertTrue(tasks < 10, () -> "tasks: " + tasks);
        }
    }

    @Test
    void read_fromInsideTheLoop_isAnsweredByTheNextMessageOfTheSameLoop() throws Exception {
        TestSystem.assumeCallsEndAtOnce();
        // Two reads of one byte make one loop, although autoRead is off.
        MaxMessagesRecvByteBufAllocator twoBytes = new FixedRecvByteBufAllocator(1) {
            @Override
            @SuppressWarnings("deprecation")
            public Handle newHandle() {
                return new MaxMessageHandle() {
                    private int messages;

                    @Override
                    public int guess() {
                        return 1;
                    }

                    @Override
                    public void reset(ChannelConfig config) {
                        messages = 0;
                        super.reset(config);
                    }

                    @Override
                    public boolean continueReading() {
                        return ++messages < 2;
                    }
                };
            }
        };
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.serve(pipes.serverBootstrap().childOption(ChannelOption.AUTO_READ, false)
                    .childOption(ChannelOption.RECVBUF_ALLOCATOR, twoBytes));
            Peer client = pipes.connect();
            Peer server = pipes.accept();
            client.send("abcd").sync();
            AtomicBoolean first = new AtomicBoolean(true);
            server.onRead = message -> {
                if (first.getAndSet(false)) {
                    server.channel.read();
                }
            };
            server.channel.read();
            assertEquals("ab", server.readText(2));
            // What a loop leaves to do it has queued when it ends, so two turns later it would have been done.
            for (int turn = 0; turn < 3; turn++) {
                server.channel.eventLoop().submit(() -> { }).sync();
            }
            assertNull(server.received.peek());
            assertEquals(1, server.readCompletes.get());
            server.channel.read();
            assertEquals("cd", server.readText(2));
        }
    }

    @Test
    void setAutoRead_offByAnotherThreadAndOnByTheLoop_readsOn() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = pipes.connect();
            Peer server = pipes.accept();
            turnOffAndOn(server.channel);
            client.send("ab").sync();
            assertEquals("ab", server.readText(2));
        }
    }

    @Test
    void setAutoRead_ofAServerOffByAnotherThreadAndOnByTheLoop_acceptsOn() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer first = pipes.connect();
            turnOffAndOn(pipes.accept().channel.parent());
            Peer second = pipes.connect();
            second.send("cd").sync();
            assertEquals("cd", pipes.accept().readText(2));
            assertTrue(first.channel.isActive());
        }
    }

    /** What the other thread leaves to the loop is done after the loop has asked to read again. */
    private static void turnOffAndOn(Channel channel) throws Exception {
        CountDownLatch inLoop = new CountDownLatch(1);
        CountDownLatch turnedOff = new CountDownLatch(1);
        Future<?> turnedOn = channel.eventLoop().submit(() -> {
            inLoop.countDown();
            turnedOff.await();
            channel.config().setAutoRead(true);
            return null;
        });
        inLoop.await();
        channel.config().setAutoRead(false);
        turnedOff.countDown();
        turnedOn.sync();
        channel.eventLoop().submit(() -> { }).sync();
    }
}
