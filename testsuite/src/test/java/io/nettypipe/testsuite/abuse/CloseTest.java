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
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.testing.WindowsTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Both ends close at once, and event loops end under operations. */
@Tag("long")
@WindowsTest
final class CloseTest {
    private static final int LARGE = 300_000;

    @Test
    @Timeout(120)
    void bothEnds_closeAtTheSameMoment_aThousandTimes() throws Exception {
        closeBothEnds(1000);
    }

    @Test
    @Timeout(60)
    void eventLoops_endUnderReadsAndWrites_allComplete() throws Exception {
        for (int round = 0; round < 2; round++) {
            endLoops(200, round % 2 == 0);
        }
    }

    @Test
    @Tag("soak")
    @Timeout(300)
    void eventLoops_endUnderReadsAndWritesTwentyTimes_allComplete() throws Exception {
        for (int round = 0; round < 20; round++) {
            endLoops(400, round % 2 == 0);
        }
    }

    private static void closeBothEnds(int times) throws Exception {
        BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
        try (Arena arena = new Arena(NamedPipeMode.BYTE)) {
            arena.serve(arena.server(() -> new Sink(accepted)));
            Bootstrap bootstrap = arena.client(() -> new Sink(null));
            for (int i = 0; i < times; i++) {
                Channel client = arena.connect(bootstrap);
                Channel server = accepted.poll(Arena.SECONDS, TimeUnit.SECONDS);
                assertNotNull(server);
                CyclicBarrier barrier = new CyclicBarrier(2);
                // Every other time with a write under way at each end, or waiting for its turn.
                int writes = i % 4;
                client.eventLoop().execute(() -> writeAndClose(arena.connected, client, writes, barrier));
                server.eventLoop().execute(() -> writeAndClose(arena.accepted, server, writes, barrier));
                assertTrue(client.closeFuture().await(Arena.SECONDS, TimeUnit.SECONDS), "the client stays open");
                assertTrue(server.closeFuture().await(Arena.SECONDS, TimeUnit.SECONDS), "the server's end stays open");
            }
            arena.accepted.settle();
            arena.connected.settle();
            assertEquals(times, arena.accepted.active());
            assertEquals(times, arena.connected.active());
            Arena.report("both-ends-close times=" + times + " promises="
                    + (arena.accepted.promises() + arena.connected.promises()) + " open=0 seconds=" + arena.seconds());
        }
    }

    /** The other end's event loop is at the same place, so both close together. */
    private static void writeAndClose(Ledger ledger, Channel channel, int writes, CyclicBarrier barrier) {
        try {
            barrier.await(Arena.SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            ledger.fault(e);
        }
        for (int i = 0; i < writes; i++) {
            ledger.expect(channel.writeAndFlush(Arena.message(channel, i % 2 == 0 ? 10 : LARGE, i)));
        }
        ledger.expect(channel.close());
    }

    /** A third of the connections read, a third write at both ends and do not read, a third have both directions. */
    private static void endLoops(int connections, boolean bothSides) throws Exception {
        BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
        String figures;
        try (Arena arena = new Arena(NamedPipeMode.BYTE)) {
            arena.serve(arena.server(() -> new Sink(accepted)).option(ChannelOption.SO_BACKLOG, 16)
                    .childOption(ChannelOption.AUTO_READ, false));
            Bootstrap bootstrap = arena.client(() -> new Sink(null)).option(ChannelOption.AUTO_READ, false);
            List<Channel> clients = new ArrayList<>();
            List<Channel> servers = new ArrayList<>();
            int writes = 0;
            for (int i = 0; i < connections; i++) {
                clients.add(arena.connect(bootstrap));
                servers.add(accepted.poll(Arena.SECONDS, TimeUnit.SECONDS));
            }
            for (int i = 0; i < connections; i++) {
                Channel client = clients.get(i);
                Channel server = servers.get(i);
                if (i % 3 != 0) {
                    arena.connected.expect(client.writeAndFlush(Arena.message(client, LARGE, i)));
                    writes++;
                }
                if (i % 3 == 1) {
                    arena.accepted.expect(server.writeAndFlush(Arena.message(server, LARGE, i)));
                    writes++;
                } else {
                    // What the client reads never comes.
                    client.read();
                }
                if (i % 3 == 0) {
                    server.read();
                }
            }
            if (bothSides) {
                arena.stopLoops();
            } else {
                arena.serving.shutdownGracefully(0, Arena.SECONDS, TimeUnit.SECONDS).sync();
                clients.forEach(client -> client.config().setAutoRead(true));
            }
            arena.accepted.settle();
            arena.connected.settle();
            clients.forEach(client -> assertFalse(client.isOpen()));
            assertEquals(writes, arena.accepted.failed() + arena.connected.failed(), "writes that failed");
            figures = "connections=" + connections + " writes=" + writes + " loops=" + (bothSides ? "both" : "server")
                    + " promises=" + (arena.accepted.promises() + arena.connected.promises()) + " open=0 seconds="
                    + arena.seconds();
        }
        Arena.report("loops-end " + figures);
    }

    /** Releases what comes. */
    private static final class Sink extends ChannelInboundHandlerAdapter {
        private final BlockingQueue<Channel> active;

        Sink(BlockingQueue<Channel> active) {
            this.active = active;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            if (active != null) {
                active.add(ctx.channel());
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ((ByteBuf) msg).release();
        }
    }
}
