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

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.testing.WindowsTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Several threads do to the same channels whatever they like. {@code -Dnettypipe.abuse.seed=N} repeats the choices of a
 * run that printed N; how the threads interleave is the machine's.
 */
@Tag("long")
@WindowsTest
final class RandomTest {
    private static final int THREADS = 4;
    private static final int SLOTS = 24;
    private static final int LARGEST = 100_000;

    @Test
    @Timeout(120)
    void channels_underRandomCalls_keepTheirBooksInOrder() throws Exception {
        runAll(1, 1000);
    }

    @Test
    @Tag("soak")
    @Timeout(900)
    void channels_underRandomCallsForLong_keepTheirBooksInOrder() throws Exception {
        runAll(10, 5000);
    }

    private static void runAll(int rounds, int calls) throws Exception {
        Long given = Long.getLong("nettypipe.abuse.seed");
        for (int round = 0; round < rounds; round++) {
            for (NamedPipeMode mode : NamedPipeMode.values()) {
                long seed = given != null ? given : System.nanoTime();
                try {
                    new Run(mode, seed, calls).run();
                } catch (Throwable t) {
                    throw new AssertionError("with -Dnettypipe.abuse.seed=" + seed + " in mode " + mode, t);
                }
            }
        }
    }

    private static final class Run {
        private final long seed;
        private final int calls;
        private final Arena arena;
        private final AtomicReferenceArray<Channel> clients = new AtomicReferenceArray<>(SLOTS);
        private final AtomicReferenceArray<Channel> servers = new AtomicReferenceArray<>(SLOTS);
        private final AtomicInteger acceptedSlot = new AtomicInteger();
        private final AtomicInteger connects = new AtomicInteger();
        private final AtomicInteger deregistrations = new AtomicInteger();
        private final List<Channel> all = new ArrayList<>();
        private final Bootstrap bootstrap;

        Run(NamedPipeMode mode, long seed, int calls) {
            this.seed = seed;
            this.calls = calls;
            arena = new Arena(mode);
            bootstrap = arena.client(() -> new Whatever(false));
        }

        void run() throws Exception {
            String figures;
            try (arena) {
                arena.serve(arena.server(() -> new Whatever(true)));
                List<Thread> threads = new ArrayList<>();
                for (int i = 0; i < THREADS; i++) {
                    Random random = new Random(seed + i);
                    Thread thread = new Thread(() -> work(random), "abuse-" + i);
                    thread.start();
                    threads.add(thread);
                }
                for (Thread thread : threads) {
                    thread.join();
                }
                finish();
                figures = "mode=" + arena.mode + " seed=" + seed + " calls=" + THREADS * calls + " connects=" + connects
                        + " accepted=" + arena.accepted.active() + " deregistrations=" + deregistrations
                        + " promises=" + (arena.accepted.promises() + arena.connected.promises())
                        + " open=0 seconds=" + arena.seconds();
            }
            Arena.report("random " + figures);
        }

        private void work(Random random) {
            try {
                for (int i = 0; i < calls; i++) {
                    call(random);
                    if (random.nextInt(4) == 0) {
                        // Not further ahead of the event loops than this, or most calls would find closed channels.
                        arena.serving.submit(() -> { }).sync();
                        arena.calling.submit(() -> { }).sync();
                    }
                }
            } catch (Throwable t) {
                arena.connected.fault(t);
            }
        }

        /** Closes all that is open; then everything must come to its end. */
        private void finish() throws Exception {
            arena.server.config().setAutoRead(true);
            List<Channel> open;
            synchronized (all) {
                open = new ArrayList<>(all);
            }
            open.forEach(channel -> arena.connected.expect(channel.close()));
            arena.connected.settle();
            // Those that left before they were accepted are accepted all the same, unless the server closes first.
            assertTrue(arena.server.close().await(Arena.SECONDS * 1000));
            synchronized (all) {
                open = new ArrayList<>(all);
            }
            open.forEach(channel -> arena.accepted.expect(channel.close()));
            arena.accepted.settle();
        }

        private void call(Random random) {
            int slot = random.nextInt(SLOTS);
            boolean atServer = random.nextInt(3) == 0;
            int choice = random.nextInt(100);
            int size = random.nextInt(4) == 0 ? random.nextInt(LARGEST) : random.nextInt(500);
            boolean flag = random.nextBoolean();
            Channel channel = (atServer ? servers : clients).get(slot);
            if (channel == null || !channel.isOpen()) {
                if (!atServer) {
                    connect(slot, choice % 4 == 0);
                }
                return;
            }
            act(channel, atServer ? arena.accepted : arena.connected, choice, size, flag);
        }

        private void connect(int slot, boolean cancel) {
            ChannelFuture connect = arena.connected.expect(bootstrap.connect(arena.address));
            synchronized (all) {
                all.add(connect.channel());
            }
            clients.set(slot, connect.channel());
            connects.incrementAndGet();
            if (cancel) {
                connect.cancel(false);
            }
        }

        private void act(Channel channel, Ledger ledger, int choice, int size, boolean flag) {
            if (choice < 40) {
                ByteBuf message = Arena.message(channel, size, choice);
                ledger.expect(flag ? channel.writeAndFlush(message) : channel.write(message));
            } else if (choice < 50) {
                channel.flush();
            } else if (choice < 60) {
                channel.read();
            } else if (choice < 75) {
                channel.config().setAutoRead(flag);
            } else if (choice < 85) {
                moveOut(channel, ledger);
            } else if (choice < 92) {
                ledger.expect(flag ? channel.close() : channel.disconnect());
            } else if (choice < 94) {
                channel.eventLoop().execute(() -> channel.config().setAutoRead(!flag));
            } else if (choice < 96) {
                ledger.expect(channel.writeAndFlush(Arena.message(channel, size, choice))).cancel(false);
            } else {
                arena.server.config().setAutoRead(choice < 98);
            }
        }

        /** Deregisters, and comes back: Wine can take a handle to no other event loop. */
        private void moveOut(Channel channel, Ledger ledger) {
            deregistrations.incrementAndGet();
            ledger.expect(channel.deregister()).addListener(gone -> {
                if (!channel.isRegistered() && channel.isOpen()) {
                    ledger.expect(channel.eventLoop().register(channel));
                }
            });
        }

        /** Echoes, or does not. */
        private final class Whatever extends ChannelInboundHandlerAdapter {
            private final boolean atServer;

            Whatever(boolean atServer) {
                this.atServer = atServer;
            }

            @Override
            public void channelActive(ChannelHandlerContext ctx) {
                if (atServer) {
                    synchronized (all) {
                        all.add(ctx.channel());
                    }
                    servers.set(acceptedSlot.getAndIncrement() % SLOTS, ctx.channel());
                }
            }

            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                ReferenceCountUtil.release(msg);
                if (atServer) {
                    arena.accepted.expect(ctx.writeAndFlush(Arena.message(ctx.channel(), 20, 0)));
                }
            }
        }
    }
}
