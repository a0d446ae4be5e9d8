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

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettypipe.iocp.IocpIoHandler;
import io.nettypipe.testing.PipeTest;
import org.junit.jupiter.api.Test;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** How many system calls a message costs: the figures of the README. */
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
        EventLoopGroup clients = new MultiThreadIoEventLoopGroup(1, IocpIoHandler.newFactory(calls.target));
        try (PipeFixture pipes = new PipeFixture(1, calls.win32)) {
            pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.PIPE_TYPE, mode)
                    .childHandler(new Echo()));
            CountDownLatch warm = new CountDownLatch(connections);
            CountDownLatch done = new CountDownLatch(connections);
            Pinger[] pingers = new Pinger[connections];
            for (int i = 0; i < connections; i++) {
                pingers[i] = new Pinger(warm, done);
                new Bootstrap().group(clients).channel(NamedPipeChannel.class).handler(pingers[i])
                        .option(NamedPipeChannelOption.READ_MODE, mode).connect(pipes.address).sync();
            }
            assertTrue(warm.await(PipeFixture.SECONDS, TimeUnit.SECONDS));
            calls.reset();
            for (Pinger pinger : pingers) {
                pinger.ctx.executor().execute(pinger::ping);
            }
            assertTrue(done.await(PipeFixture.SECONDS, TimeUnit.SECONDS));
            return new Counts(calls, connections * MESSAGES);
        } finally {
            clients.shutdownGracefully(0, PipeFixture.SECONDS, TimeUnit.SECONDS).sync();
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

    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public boolean isSharable() {
            return true;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ctx.writeAndFlush(msg, ctx.voidPromise());
        }
    }

    /** Sends the next message when the last one came back: one warm-up message, then {@link #MESSAGES}. */
    private static final class Pinger extends ChannelInboundHandlerAdapter {
        private final CountDownLatch warm;
        private final CountDownLatch done;
        private ChannelHandlerContext ctx;
        private int left = MESSAGES;
        private boolean warmed;

        Pinger(CountDownLatch warm, CountDownLatch done) {
            this.warm = warm;
            this.done = done;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            this.ctx = ctx;
            ping();
        }

        void ping() {
            ctx.writeAndFlush(ctx.alloc().directBuffer(64).writeZero(64), ctx.voidPromise());
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf content = msg instanceof PipeMessage ? ((PipeMessage) msg).content() : (ByteBuf) msg;
            content.release();
            if (!warmed) {
                warmed = true;
                warm.countDown();
            } else if (--left > 0) {
                ping();
            } else {
                done.countDown();
            }
        }
    }
}
