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
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettypipe.iocp.TestIocp;
import io.nettypipe.testing.PipeTest;
import io.nettypipe.win32.model.TestSystem;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@PipeTest
class AcceptTest {

    @Test
    void clientsThatComeAndLeaveAtOnce_any_neverStopTheServer() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            for (int i = 0; i < 100; i++) {
                pipes.clientBootstrap(new ChannelInboundHandlerAdapter()).connect(pipes.address)
                        .addListener((ChannelFuture done) -> done.channel().close()).channel().closeFuture().sync();
            }
            for (int i = 0; i < 100; i++) {
                Peer left = pipes.accept();
                left.awaitInactive();
                assertEquals("[active, inactive]", left.events.toString());
            }
            pipes.connect().send("still there?").sync();
            assertEquals("still there?", pipes.accept().readText(12));
        }
    }

    @Test
    void clientThatLeftBeforeItWasAccepted_whatItWroteIsDelivered() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.serve(pipes.serverBootstrap().option(ChannelOption.AUTO_READ, false));
            for (int i = 0; i < 3; i++) {
                Peer client = pipes.connect();
                client.send("letter " + i).sync();
                client.close();
            }
            assertNull(pipes.accepted.peek());
            pipes.server.config().setAutoRead(true);
            Set<String> letters = new HashSet<>();
            for (int i = 0; i < 3; i++) {
                Peer left = pipes.accept();
                letters.add(left.readText(8));
                left.awaitInactive();
            }
            assertEquals(Set.of("letter 0", "letter 1", "letter 2"), letters);
        }
    }

    @Test
    void serverWithAutoReadOff_acceptsOneForEachRead() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.serve(pipes.serverBootstrap().option(ChannelOption.AUTO_READ, false));
            for (int i = 0; i < 3; i++) {
                pipes.connect();
            }
            for (int i = 0; i < 3; i++) {
                assertNull(pipes.accepted.peek());
                pipes.server.read();
                pipes.accept();
                pipes.server.eventLoop().submit(() -> { }).sync();
            }
        }
    }

    @Test
    void backlog_manyClientsAtOnceThatDoNotWait_allServed() throws Exception {
        try (PipeFixture pipes = new PipeFixture(4).serve()) {
            List<ChannelFuture> dials = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                dials.add(pipes.clientBootstrap(new ChannelInboundHandlerAdapter())
                        .option(NamedPipeChannelOption.CONNECT_POLICY, ConnectPolicy.FAIL).connect(pipes.address));
            }
            for (ChannelFuture dial : dials) {
                dial.sync().channel().writeAndFlush(PipeFixture.bytes("x"));
            }
            for (int i = 0; i < 64; i++) {
                assertEquals("x", pipes.accept().readText(1));
            }
            for (ChannelFuture dial : dials) {
                dial.channel().close().sync();
            }
        }
    }

    @Test
    void clientsAtOnce_areReplacedBeforeAnyHandlerRuns() throws Exception {
        CountingWin32 counting = new CountingWin32();
        List<Long> created = new ArrayList<>();
        try (PipeFixture pipes = new PipeFixture(2, counting.win32)) {
            pipes.serve(pipes.serverBootstrap().option(ChannelOption.AUTO_READ, false)
                    .option(ChannelOption.SO_BACKLOG, 3).handler(new ChannelInboundHandlerAdapter() {
                        @Override
                        public void channelRead(ChannelHandlerContext ctx, Object message) {
                            created.add(counting.count("createNamedPipe"));
                            ctx.fireChannelRead(message);
                        }
                    }));
            for (int i = 0; i < 3; i++) {
                pipes.connect();
            }
            ReadTest.flushLoop(new Peer(pipes.server));
            pipes.server.config().setAutoRead(true);
            for (int i = 0; i < 3; i++) {
                pipes.accept();
            }
            assertEquals(List.of(6L, 6L, 6L), created);
        }
        TestSystem.close(counting.target);
    }

    @Test
    void childrenOnTheirOwnGroup_everyEventComesOnTheirOwnLoop() throws Exception {
        try (PipeFixture pipes = new PipeFixture(3)) {
            EventLoopGroup boss = new MultiThreadIoEventLoopGroup(1, TestIocp.newFactory(pipes.win32));
            ServerBootstrap bootstrap = pipes.serverBootstrap();
            pipes.serve(new ServerBootstrap().group(boss, pipes.group).channel(NamedPipeServerChannel.class)
                    .childHandler(bootstrap.config().childHandler()));
            Set<EventLoop> loops = new HashSet<>();
            for (int i = 0; i < 6; i++) {
                Peer client = pipes.connect();
                Peer server = pipes.accept();
                List<Boolean> own = new ArrayList<>();
                server.onRead = message -> own.add(server.channel.eventLoop().inEventLoop());
                client.send("x").sync();
                assertEquals("x", server.readText(1));
                assertEquals(List.of(true), own);
                loops.add(server.channel.eventLoop());
            }
            assertTrue(loops.size() > 1, loops::toString);
            pipes.server.close().sync();
            boss.shutdownGracefully(0, PipeFixture.SECONDS, TimeUnit.SECONDS).sync();
        }
    }

    @Test
    void serverClosed_whileClientsConnect_neverHangs() throws Exception {
        try (PipeFixture pipes = new PipeFixture(2)) {
            for (int round = 0; round < 20; round++) {
                pipes.serve();
                List<ChannelFuture> dials = new ArrayList<>();
                for (int i = 0; i < 6; i++) {
                    dials.add(pipes.clientBootstrap(new ChannelInboundHandlerAdapter())
                            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0).connect(pipes.address));
                }
                pipes.server.close().sync();
                for (ChannelFuture dial : dials) {
                    // Connected to somebody or to nobody, each dial ends. Accepted ones are closed here, also ones that
                    // come late, since the others wait while they have an instance.
                    do {
                        for (Peer peer; (peer = pipes.accepted.poll()) != null;) {
                            peer.close();
                        }
                    } while (!dial.await(10));
                    dial.channel().close().sync();
                }
            }
        }
    }

    @Test
    void maxInstances_reached_freedInstanceServesTheNext() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.MAX_INSTANCES, 2));
            for (int i = 0; i < 10; i++) {
                Peer client = pipes.connect();
                Peer server = pipes.accept();
                Channel closer = i % 2 == 0 ? client.channel : server.channel;
                closer.close().sync();
                client.awaitInactive();
                server.awaitInactive();
            }
        }
    }

    @Test
    void maxInstancesTaken_clientsBeyondThem_waitAndAreServedInTurn() throws Exception {
        try (PipeFixture pipes = new PipeFixture(3)) {
            pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.MAX_INSTANCES, 3));
            List<ChannelFuture> dials = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                dials.add(pipes.clientBootstrap(new ChannelInboundHandlerAdapter())
                        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0).connect(pipes.address));
            }
            List<Peer> served = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                served.add(pipes.accept());
                // Those who are served and those who come next: as many as instances, never more.
                assertTrue(served.size() + pipes.accepted.size() <= 3, pipes.accepted::toString);
                if (served.size() == 3) {
                    served.remove(i % 3).close();
                }
            }
            for (Peer peer : served) {
                peer.close();
            }
            for (ChannelFuture dial : dials) {
                dial.sync().channel().closeFuture().sync();
            }
        }
    }

    @Test
    void serverWithAutoReadOff_keepsTheNameAcceptsNobodyAndLaterServesAllWhoWaited() throws Exception {
        int clients = 7;
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.serve(pipes.serverBootstrap().option(ChannelOption.AUTO_READ, false)
                    .option(ChannelOption.SO_BACKLOG, 2));
            for (int round = 0; round < 2; round++) {
                List<Peer> waiting = new ArrayList<>();
                List<ChannelFuture> dials = new ArrayList<>();
                for (int i = 0; i < clients; i++) {
                    Peer client = new Peer(null);
                    dials.add(pipes.clientBootstrap(client).option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
                            .connect(pipes.address));
                    client.channel = dials.get(i).channel();
                    waiting.add(client);
                    if (i < 2) {
                        dials.get(i).sync();
                    }
                }
                // As many as the backlog are connected, and find nobody who answers; the others find the pipe busy.
                for (Peer client : waiting) {
                    ReadTest.flushLoop(client);
                }
                ReadTest.flushLoop(new Peer(pipes.server));
                assertNull(pipes.accepted.peek());
                assertEquals(2, dials.stream().filter(ChannelFuture::isSuccess).count());
                assertThrows(ExecutionException.class, () -> pipes.serverBootstrap().bind(pipes.address).get());
                pipes.server.config().setAutoRead(true);
                for (ChannelFuture dial : dials) {
                    dial.sync().channel().writeAndFlush(PipeFixture.bytes("x"));
                }
                for (int i = 0; i < clients; i++) {
                    assertEquals("x", pipes.accept().readText(1));
                }
                pipes.server.config().setAutoRead(false);
                ReadTest.flushLoop(new Peer(pipes.server));
                for (Peer client : waiting) {
                    client.close();
                }
            }
        }
    }
}
