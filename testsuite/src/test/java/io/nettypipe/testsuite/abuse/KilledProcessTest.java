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
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.nettypipe.channel.NamedPipeChannelOption;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.channel.PipeMessage;
import io.nettypipe.testing.WindowsTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Processes that end without a word ({@code TerminateProcess}), at either end of the pipe. */
@Tag("long")
@WindowsTest
final class KilledProcessTest {
    private static final int HUGE = 4_000_000;

    @Test
    @Timeout(60)
    void clientsKilledInMidMessageReadAndConnect_areGone_andTheServerGoesOn() throws Exception {
        kill(6, 6, 3);
    }

    @Test
    @Tag("soak")
    @Timeout(900)
    void twoHundredClientsKilled_areGone_andTheServerGoesOn() throws Exception {
        kill(70, 70, 30);
    }

    @Test
    @Timeout(60)
    void serverKilledUnderClients_endsTheirConnections_andTheNextServerHasTheName() throws Exception {
        killServer(3, 20);
    }

    @Test
    @Tag("soak")
    @Timeout(600)
    void serverKilledUnderClientsThirtyTimes_endsTheirConnections() throws Exception {
        killServer(30, 50);
    }

    private static void kill(int midMessage, int midRead, int midConnect) throws Exception {
        for (NamedPipeMode mode : NamedPipeMode.values()) {
            killInMidMessage(mode, 1);
            killInMidRead(mode, 1);
        }
        killInMidConnect(1);
        Usage before = Usage.now();
        long start = System.nanoTime();
        for (NamedPipeMode mode : NamedPipeMode.values()) {
            killInMidMessage(mode, midMessage / 2);
            killInMidRead(mode, midRead / 2);
        }
        // Two processes a time.
        killInMidConnect(midConnect);
        Usage after = Usage.now();
        Arena.report(String.format("clients-killed midMessage=%d midRead=%d midConnect=%d seconds=%.1f %s", midMessage,
                midRead, midConnect * 2, (System.nanoTime() - start) / 1e9, after.since(before)));
        after.assertNoMoreThan(before);
    }

    /** The client is in its only WriteFile, of which the server has read a part. */
    private static void killInMidMessage(NamedPipeMode mode, int times) throws Exception {
        Victims victims = new Victims();
        try (Arena arena = new Arena(mode)) {
            arena.serve(arena.server(() -> victims).childOption(ChannelOption.AUTO_READ, false));
            for (int i = 0; i < times; i++) {
                victims.end = false;
                try (Victim victim = Victim.client(arena, "size=" + HUGE)) {
                    Channel server = victims.active.poll(Arena.SECONDS, TimeUnit.SECONDS);
                    assertNotNull(server, victim::toString);
                    server.read();
                    assertNotNull(victims.read.poll(Arena.SECONDS, TimeUnit.SECONDS), victim::toString);
                    victim.kill();
                    server.config().setAutoRead(true);
                    assertTrue(server.closeFuture().await(Arena.SECONDS, TimeUnit.SECONDS), "the end is not noticed");
                    assertTrue(mode == NamedPipeMode.BYTE || !victims.end, "half a message has an end");
                }
            }
            arena.accepted.settle();
            assertEquals(times, arena.accepted.active());
        }
    }

    /** The client has read a part of a reply, of which the server still has the rest to write; or waits for one. */
    private static void killInMidRead(NamedPipeMode mode, int times) throws Exception {
        Victims victims = new Victims();
        try (Arena arena = new Arena(mode)) {
            arena.serve(arena.server(() -> victims));
            for (int i = 0; i < times; i++) {
                try (Victim victim = Victim.client(arena, "size=64", "stop=1")) {
                    Channel server = victims.active.poll(Arena.SECONDS, TimeUnit.SECONDS);
                    assertNotNull(server, victim::toString);
                    assertNotNull(victims.read.poll(Arena.SECONDS, TimeUnit.SECONDS), victim::toString);
                    if (i % 2 == 0) {
                        // Otherwise it waits in ReadFile for a reply that does not come.
                        arena.accepted.expect(server.writeAndFlush(Arena.message(server, HUGE, 0)));
                        victim.awaitStopped();
                    }
                    victim.kill();
                    assertTrue(server.closeFuture().await(Arena.SECONDS, TimeUnit.SECONDS), "the end is not noticed");
                }
            }
            arena.accepted.settle();
            assertEquals(times, arena.accepted.active());
        }
    }

    /** One client has the only instance but is not accepted yet, another waits for it; then both die. */
    private static void killInMidConnect(int times) throws Exception {
        Victims victims = new Victims();
        try (Arena arena = new Arena(NamedPipeMode.BYTE)) {
            arena.serve(arena.server(() -> victims).option(ChannelOption.AUTO_READ, false)
                    .option(NamedPipeChannelOption.MAX_INSTANCES, 1));
            for (int i = 0; i < times; i++) {
                try (Victim one = Victim.client(arena, "size=64"); Victim other = Victim.client(arena, "size=64")) {
                    assertTrue(one.isWaitingOr(other), () -> one + " " + other);
                    one.kill();
                    other.kill();
                }
                arena.server.read();
                Channel server = victims.active.poll(Arena.SECONDS, TimeUnit.SECONDS);
                assertNotNull(server, "the dead client is accepted like any other");
                assertTrue(server.closeFuture().await(Arena.SECONDS, TimeUnit.SECONDS), "the end is not noticed");
                victims.read.clear();
            }
            EchoCaller caller = new EchoCaller(arena, 10, 0);
            Channel client = arena.connect(arena.client(() -> caller));
            arena.server.read();
            arena.accepted.awaitActive(times + 1);
            arena.connected.expect(client.close()).sync();
            arena.accepted.settle();
        }
    }

    private static void killServer(int times, int clients) throws Exception {
        try (Arena arena = new Arena(NamedPipeMode.BYTE)) {
            for (int i = 0; i < times; i++) {
                List<Channel> channels = new ArrayList<>();
                try (Victim server = Victim.server(arena, clients)) {
                    for (int j = 0; j < clients; j++) {
                        channels.add(arena.connect(arena.client(Victims::new)));
                    }
                    // More than the server's echo has room for, so that it is in WriteFile or ReadFile, and so are we.
                    channels.forEach(channel ->
                            arena.connected.expect(channel.writeAndFlush(Arena.message(channel, 100_000, 0))));
                    server.kill();
                }
                for (Channel channel : channels) {
                    assertTrue(channel.closeFuture().await(Arena.SECONDS, TimeUnit.SECONDS), "the end is not noticed");
                }
            }
            arena.connected.settle();
            assertEquals(times * clients, arena.connected.active());
            Arena.report("servers-killed times=" + times + " connections=" + times * clients + " promises="
                    + arena.connected.promises() + " open=0 seconds=" + arena.seconds());
        }
    }

    /** Says what comes of one connection after another. */
    @ChannelHandler.Sharable
    private static final class Victims extends ChannelInboundHandlerAdapter {
        final BlockingQueue<Channel> active = new LinkedBlockingQueue<>();
        final BlockingQueue<Integer> read = new LinkedBlockingQueue<>();
        volatile boolean end;

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            active.add(ctx.channel());
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf content = msg instanceof PipeMessage ? ((PipeMessage) msg).content() : (ByteBuf) msg;
            end |= msg instanceof PipeMessage && ((PipeMessage) msg).isEndOfMessage();
            read.add(content.readableBytes());
            content.release();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            read.clear();
        }
    }
}
