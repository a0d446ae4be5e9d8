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
package io.nettypipe.testsuite.abuse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.util.concurrent.Future;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.testing.WindowsTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Many clients, one after another and all at once; afterwards the process holds what it held before. */
@Tag("long")
@WindowsTest
final class CrowdTest {
    private static final int LANES = 16;
    private static final int MESSAGE = 700;

    @Test
    @Timeout(180)
    void tenThousandClients_comeAndLeave_nothingIsLeft() throws Exception {
        comeAndLeave(10_000);
    }

    @Test
    @Timeout(180)
    void fiveHundredClients_echoAtOnce_nothingIsLeft() throws Exception {
        echoAtOnce(500, 4);
    }

    @Test
    @Tag("soak")
    @Timeout(600)
    void fiveHundredClients_echoAHundredTimesEach_nothingIsLeft() throws Exception {
        echoAtOnce(500, 100);
    }

    private static void comeAndLeave(int clients) throws Exception {
        try (Visitors warmUp = new Visitors(100)) {
            warmUp.visit();
        }
        Usage before = Usage.now();
        String figures;
        try (Visitors visitors = new Visitors(clients)) {
            figures = visitors.visit();
        }
        Usage after = Usage.now();
        Arena.report("come-and-leave " + figures + " " + after.since(before));
        after.assertNoMoreThan(before);
    }

    private static void echoAtOnce(int clients, int messages) throws Exception {
        exchange(50, 2);
        Usage before = Usage.now();
        String figures = exchange(clients, messages);
        Usage after = Usage.now();
        Arena.report("echo-at-once " + figures + " " + after.since(before));
        after.assertNoMoreThan(before);
    }

    private static String exchange(int clients, int messages) throws Exception {
        try (Arena arena = new Arena(NamedPipeMode.MESSAGE)) {
            arena.serve(arena.server(Echo::new).option(ChannelOption.SO_BACKLOG, 64));
            List<EchoCaller> callers = new ArrayList<>();
            List<ChannelFuture> connects = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                EchoCaller caller = new EchoCaller(arena, MESSAGE, i);
                callers.add(caller);
                connects.add(arena.connected.expect(arena.client(() -> caller).connect(arena.address)));
            }
            for (ChannelFuture connect : connects) {
                connect.sync();
            }
            arena.accepted.awaitActive(clients);
            String connectSeconds = arena.seconds();
            List<Future<Void>> exchanges = new ArrayList<>();
            callers.forEach(caller -> exchanges.add(caller.exchange(messages)));
            for (Future<Void> exchange : exchanges) {
                exchange.sync();
            }
            connects.forEach(connect -> arena.connected.expect(connect.channel().close()));
            arena.connected.settle();
            arena.accepted.settle();
            assertEquals(clients, arena.accepted.active());
            assertEquals(0, arena.connected.failed());
            return "connections=" + clients + " messages=" + clients * messages + " lost=0 connectSeconds="
                    + connectSeconds + " seconds=" + arena.seconds();
        }
    }

    /** Clients that come {@value #LANES} at a time, each in the place of one that left, and leave in three ways. */
    private static final class Visitors implements AutoCloseable {
        private final Arena arena = new Arena(NamedPipeMode.BYTE);
        private final int count;
        private final AtomicInteger next = new AtomicInteger();
        private final CountDownLatch lanes = new CountDownLatch(LANES);
        private final AtomicLong sent = new AtomicLong();
        private final AtomicLong received = new AtomicLong();
        private final Bootstrap bootstrap = arena.client(CloseAtReply::new);

        Visitors(int count) {
            this.count = count;
        }

        String visit() throws InterruptedException {
            arena.serve(arena.server(() -> new Counter(received)));
            for (int i = 0; i < LANES; i++) {
                visitNext();
            }
            assertTrue(lanes.await(500, TimeUnit.SECONDS), () -> next + " came, then no more: " + arena.connected);
            arena.accepted.awaitActive(count);
            arena.accepted.settle();
            arena.connected.settle();
            assertEquals(count, arena.accepted.active());
            assertEquals(count, arena.connected.active());
            assertEquals(sent.get(), received.get());
            return "clients=" + count + " bytes=" + sent + " lost=" + (sent.get() - received.get()) + " seconds="
                    + arena.seconds();
        }

        private void visitNext() {
            int visitor = next.getAndIncrement();
            if (visitor >= count) {
                lanes.countDown();
                return;
            }
            ChannelFuture connect = arena.connected.expect(bootstrap.connect(arena.address));
            connect.channel().closeFuture().addListener(closed -> visitNext());
            connect.addListener(connected -> {
                if (connected.isSuccess()) {
                    leave(connect.channel(), visitor);
                } else {
                    arena.connected.fault(connected.cause());
                }
            });
        }

        private void leave(Channel channel, int visitor) {
            switch (visitor % 3) {
                case 0:
                    arena.connected.expect(channel.close());
                    break;
                case 1:
                    send(channel);
                    arena.connected.expect(channel.close());
                    break;
                default:
                    send(channel);
            }
        }

        private void send(Channel channel) {
            sent.addAndGet(MESSAGE);
            arena.connected.expect(channel.writeAndFlush(Arena.message(channel, MESSAGE, 0)));
        }

        @Override
        public void close() {
            arena.close();
        }
    }

    /** A server's handler that counts, and answers. */
    private static final class Counter extends ChannelInboundHandlerAdapter {
        private final AtomicLong bytes;

        Counter(AtomicLong bytes) {
            this.bytes = bytes;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            bytes.addAndGet(((ByteBuf) msg).readableBytes());
            ctx.writeAndFlush(msg);
        }
    }

    private static final class CloseAtReply extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ((ByteBuf) msg).release();
            ctx.close();
        }
    }
}
