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
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettypipe.iocp.IocpIoHandler;
import io.nettypipe.iocp.TestIocp;
import io.nettypipe.testing.LogLines;
import io.nettypipe.testing.PipeTest;
import io.nettypipe.win32.model.TestSystem;
import org.junit.jupiter.api.Test;

import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@PipeTest
class CloseTest {

    @Test
    void close_readPending_completesTwiceAndIsInactiveOnce() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = pipes.connect();
            Peer server = pipes.accept();
            ChannelFuture first = client.channel.close();
            ChannelFuture second = client.channel.close();
            first.sync();
            second.sync();
            client.channel.close().sync();
            assertFalse(client.channel.isOpen());
            client.awaitInactive();
            server.awaitInactive();
            ReadTest.flushLoop(client);
            assertEquals(1, client.inactives.get());
            assertEquals(1, server.inactives.get());
        }
    }

    @Test
    void close_insideAHandler_nothingMoreIsDelivered() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serveMessages()) {
            Peer client = pipes.connectMessages();
            client.onRead = message -> client.channel.close();
            Peer server = pipes.accept();
            for (int i = 0; i < 5; i++) {
                server.channel.write(PipeFixture.bytes("m" + i));
            }
            server.channel.flush();
            client.awaitInactive();
            assertEquals("m0", client.readMessageText());
            ReadTest.flushLoop(client);
            assertTrue(client.received.isEmpty(), client.received::toString);
            server.awaitInactive();
        }
    }

    @Test
    void close_smallWritesFlushed_reachAPeerThatReadsLater() throws Exception {
        closeAfterWriting(100);
    }

    @Test
    void close_moreFlushedThanThePipeHolds_reachesAPeerThatReadsLater() throws Exception {
        closeAfterWriting(300_000);
    }

    private static void closeAfterWriting(int size) throws Exception {
        for (NamedPipeMode mode : NamedPipeMode.values()) {
            try (PipeFixture pipes = new PipeFixture()) {
                pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.PIPE_TYPE, mode));
                Peer client = pipes.connect(mode, false);
                Peer server = pipes.accept();
                for (int i = 0; i < 5; i++) {
                    server.channel.write(PipeFixture.pattern(size, i));
                }
                server.channel.flush();
                server.channel.close().sync();
                client.channel.config().setAutoRead(true);
                for (int i = 0; i < 5; i++) {
                    ByteBuf expected = PipeFixture.pattern(size, i);
                    ByteBuf actual = mode == NamedPipeMode.BYTE ? client.read(size) : client.readMessage();
                    assertEquals(expected, actual);
                    expected.release();
                    actual.release();
                }
                client.awaitInactive();
            }
        }
    }

    @Test
    void close_writeTheSystemStillHas_failsItsPromiseAtOnce() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = pipes.connect(NamedPipeMode.BYTE, false);
            Peer server = pipes.accept();
            ChannelFuture write = server.channel.writeAndFlush(PipeFixture.pattern(1 << 20, 0));
            ReadTest.flushLoop(server);
            server.channel.close().sync();
            assertInstanceOf(ClosedChannelException.class,
                    assertThrows(ExecutionException.class, write::get).getCause());
            assertTrue(client.channel.isActive());
        }
    }

    @Test
    void close_lingerZero_discardsWhatThePeerHasNotRead() throws Exception {
        givesUpWhatIsNotRead(channel -> {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.close();
        });
    }

    @Test
    void closeForcibly_writeOutstanding_givesItUp() throws Exception {
        givesUpWhatIsNotRead(channel -> {
            channel.eventLoop().execute(() -> channel.unsafe().closeForcibly());
            // As with Netty's transports, it takes a close() to tell of it, and to fail what was written.
            channel.close();
        });
    }

    /** Without assertions Netty lets it pass: {@code closeForcibly()} is {@code doClose()} then. */
    @Test
    void closeForcibly_byAnotherThread_givesItUpToo() throws Exception {
        givesUpWhatIsNotRead(channel -> {
            ((NamedPipeChannel) channel).doClose();
            channel.close();
        });
    }

    @Test
    void closeForcibly_cancelMissesTheWriteAndAFlushFollows_endsWithoutAWarning() throws Exception {
        int size = 200_000;
        HookedWin32 system = new HookedWin32();
        EventLoopGroup clients = new MultiThreadIoEventLoopGroup(1, TestIocp.newFactory(system.target));
        try (PipeFixture pipes = new PipeFixture(1, system.win32).serve();
             LogLines warnings = new LogLines(IocpIoHandler.class.getName(), Level.WARNING)) {
            Peer client = new Peer(null);
            client.channel = new Bootstrap().group(clients).channel(NamedPipeChannel.class).handler(client)
                    .option(ChannelOption.AUTO_READ, false).connect(pipes.address).sync().channel();
            Peer server = pipes.accept();
            ChannelFuture write = server.channel.writeAndFlush(PipeFixture.pattern(size, 1));
            ReadTest.flushLoop(server);
            system.beforeNext("cancelIoEx", () -> {
                client.channel.config().setAutoRead(true);
                try {
                    client.read(size).release();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            server.channel.eventLoop().submit(() -> {
                server.channel.unsafe().closeForcibly();
                server.channel.flush();
            }).sync();
            assertInstanceOf(ClosedChannelException.class, write.await().cause());
            client.awaitInactive();
            assertTrue(warnings.lines().isEmpty(), warnings.lines()::toString);
        }
        clients.shutdownGracefully(0, PipeFixture.SECONDS, TimeUnit.SECONDS).sync();
        TestSystem.close(system.target);
    }

    private static void givesUpWhatIsNotRead(Consumer<Channel> close) throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = pipes.connect(NamedPipeMode.BYTE, false);
            Peer server = pipes.accept();
            server.channel.writeAndFlush(PipeFixture.pattern(1 << 20, 0));
            ReadTest.flushLoop(server);
            close.accept(server.channel);
            server.channel.closeFuture().sync();
            client.channel.config().setAutoRead(true);
            client.awaitInactive();
            long received = client.received.stream().mapToLong(m -> ((ByteBuf) m).readableBytes()).sum();
            assertTrue(received < 1 << 20, () -> "received " + received);
            client.releaseAll();
        }
    }

    @Test
    void close_fromAWriteListener_otherChannelsGoOn() throws Exception {
        try (PipeFixture pipes = new PipeFixture(1).serve()) {
            Peer other = pipes.connect();
            Peer otherServer = pipes.accept();
            for (int i = 0; i < 20; i++) {
                Peer client = pipes.connect();
                Peer server = pipes.accept();
                for (int k = 0; k < 3; k++) {
                    client.channel.write(PipeFixture.bytes("abc")).addListener(done -> client.channel.close());
                }
                client.channel.flush();
                server.awaitInactive();
                client.awaitInactive();
                assertEquals("abcabcabc", server.readText(9));
            }
            other.send("x").sync();
            assertEquals("x", otherServer.readText(1));
        }
    }

    @Test
    void bothEndsClosedAtTheSameMoment_any_bothBecomeInactiveOnce() throws Exception {
        try (PipeFixture pipes = new PipeFixture(2).serve()) {
            for (int i = 0; i < 50; i++) {
                Peer client = pipes.connect();
                Peer server = pipes.accept();
                client.channel.write(PipeFixture.bytes("x"));
                ChannelFuture one = client.channel.close();
                ChannelFuture two = server.channel.close();
                one.sync();
                two.sync();
                client.awaitInactive();
                server.awaitInactive();
                server.releaseAll();
            }
        }
    }

    @Test
    void closeForcibly_channelsOfEveryState_leaveNothingOpen() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            new NamedPipeChannel().unsafe().closeForcibly();
            Peer client = pipes.connect();
            Peer server = pipes.accept();
            client.channel.eventLoop().submit(() -> client.channel.unsafe().closeForcibly()).sync();
            assertFalse(client.channel.isOpen());
            server.awaitInactive();
        }
    }

    @Test
    void shutdown_readsWritesListensAndConnectsInFlight_allChannelsCloseAndAllPromisesComplete() throws Exception {
        for (int round = 0; round < 5; round++) {
            PipeFixture pipes = new PipeFixture(2);
            pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.MAX_INSTANCES, 10)
                    .childOption(ChannelOption.AUTO_READ, false));
            List<ChannelFuture> futures = new ArrayList<>();
            List<Channel> channels = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                Peer client = pipes.connect();
                Peer server = pipes.accept();
                futures.add(client.channel.writeAndFlush(PipeFixture.pattern(200_000, i)));
                channels.add(client.channel);
                channels.add(server.channel);
            }
            ChannelFuture waiting = pipes.clientBootstrap(new Peer(null)).connect(pipes.address);
            futures.add(waiting);
            channels.add(waiting.channel());
            pipes.group.shutdownGracefully(20, 10_000, TimeUnit.MILLISECONDS).sync();
            for (Channel channel : channels) {
                assertTrue(channel.closeFuture().isDone(), channel::toString);
            }
            for (ChannelFuture future : futures) {
                assertTrue(future.isDone(), future::toString);
            }
        }
    }

    @Test
    void write_thatThrowsAnError_closesTheChannelProperly() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = pipes.connect();
            Peer server = pipes.accept();
            ByteBuf released = Unpooled.directBuffer(8).writeLong(1);
            ChannelFuture write = client.channel.eventLoop().submit(() -> {
                ChannelFuture future = client.channel.write(released);
                released.release();
                client.channel.flush();
                return future;
            }).get();
            assertFalse(write.await().isSuccess());
            client.channel.closeFuture().sync();
            client.awaitInactive();
            server.awaitInactive();
        }
    }

    @Test
    void close_thousandsOfSmallWritesFlushed_allReachThePeer() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = pipes.connect(NamedPipeMode.BYTE, false);
            Peer server = pipes.accept();
            server.channel.eventLoop().submit(() -> {
                for (int i = 0; i < 5000; i++) {
                    server.channel.write(PipeFixture.pattern(50, i));
                }
                server.channel.flush();
                server.channel.close();
            }).sync();
            server.channel.closeFuture().sync();
            client.channel.config().setAutoRead(true);
            ByteBuf received = client.read(250_000);
            for (int i = 0; i < 5000; i++) {
                ByteBuf expected = PipeFixture.pattern(50, i);
                assertEquals(expected, received.readSlice(50));
                expected.release();
            }
            received.release();
            client.awaitInactive();
        }
    }
}
