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
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.util.ReferenceCountUtil;
import io.nettypipe.testing.PipeTest;
import io.nettypipe.win32.Win32Error;
import io.nettypipe.win32.model.ModelWin32;
import io.nettypipe.win32.model.TestSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** {@link NamedPipeChannel#drain()}. */
@PipeTest
class DrainTest {

    private static PipeFixture serve(NamedPipeMode mode) throws Exception {
        PipeFixture pipes = new PipeFixture();
        return pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.PIPE_TYPE, mode)
                .childOption(ChannelOption.AUTO_READ, false));
    }

    private static ChannelFuture drain(Peer peer) {
        return ((NamedPipeChannel) peer.channel).drain();
    }

    /** A drain that the system has, unless it is done. */
    private static ChannelFuture drainUnderWay(Peer peer) throws Exception {
        ChannelFuture drain = drain(peer);
        ReadTest.flushLoop(peer);
        return drain;
    }

    private static void assertClosed(ChannelFuture drain) throws Exception {
        assertTrue(drain.await(PipeFixture.SECONDS, TimeUnit.SECONDS));
        assertInstanceOf(ClosedChannelException.class, drain.cause());
    }

    @ParameterizedTest
    @CsvSource({"BYTE,true", "BYTE,false", "MESSAGE,true", "MESSAGE,false"})
    void drain_peerReadsStepByStep_completesWithTheLastRead(NamedPipeMode mode, boolean fromServer) throws Exception {
        try (PipeFixture pipes = serve(mode)) {
            Peer client = pipes.connect(mode, false);
            Peer server = pipes.accept();
            Peer writer = fromServer ? server : client;
            Peer reader = fromServer ? client : server;
            reader.channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(4).maxMessagesPerRead(1));
            writer.send("read");
            writer.send("all.");
            ChannelFuture drain = drainUnderWay(writer);
            reader.channel.read();
            ReferenceCountUtil.release(reader.next());
            ReadTest.flushLoop(writer);
            assertFalse(drain.isDone());
            reader.channel.read();
            drain.sync();
            ReferenceCountUtil.release(reader.next());
        }
    }

    @ParameterizedTest
    @EnumSource(NamedPipeMode.class)
    void drain_moreThanThePipeHolds_waitsForAllOfIt(NamedPipeMode mode) throws Exception {
        try (PipeFixture pipes = serve(mode)) {
            Peer client = pipes.connect(mode, false);
            Peer server = pipes.accept();
            for (int i = 0; i < 5; i++) {
                server.channel.write(PipeFixture.pattern(50_000, i));
            }
            server.channel.flush();
            ChannelFuture drain = drainUnderWay(server);
            client.channel.config()
                    .setRecvByteBufAllocator(new FixedRecvByteBufAllocator(10_000).maxMessagesPerRead(1));
            for (int left = 5 * 50_000; left > 0;) {
                ReadTest.flushLoop(server);
                assertFalse(drain.isDone(), "with " + left + " bytes to be read");
                client.channel.read();
                Object part = client.next();
                left -= (part instanceof PipeMessage ? ((PipeMessage) part).content() : (ByteBuf) part).readableBytes();
                ReferenceCountUtil.release(part);
            }
            drain.sync();
        }
    }

    @Test
    void drain_nothingWrittenOrAllReadAlready_completesAtOnce() throws Exception {
        try (PipeFixture pipes = serve(NamedPipeMode.BYTE)) {
            Peer client = pipes.connect();
            Peer server = pipes.accept();
            drain(server).sync();
            server.send("read this");
            assertEquals("read this", client.readText(9));
            drain(server).sync();
        }
    }

    @Test
    void drains_ofManyThreads_allComplete() throws Exception {
        try (PipeFixture pipes = serve(NamedPipeMode.MESSAGE)) {
            Peer client = pipes.connect(NamedPipeMode.MESSAGE, false);
            Peer server = pipes.accept();
            List<ChannelFuture> drains = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Thread thread = new Thread(() -> {
                    for (int k = 0; k < 10; k++) {
                        server.send("x");
                        ChannelFuture drain = drain(server);
                        synchronized (drains) {
                            drains.add(drain);
                        }
                    }
                });
                thread.start();
                threads.add(thread);
            }
            for (Thread thread : threads) {
                thread.join();
            }
            ReadTest.flushLoop(server);
            assertTrue(drains.stream().noneMatch(ChannelFuture::isDone));
            client.channel.config().setAutoRead(true);
            for (ChannelFuture drain : drains) {
                drain.sync();
            }
            for (int i = 0; i < 40; i++) {
                assertEquals("x", client.readMessageText());
            }
        }
    }

    @Test
    void drain_cancelled_theOthersGoOn() throws Exception {
        try (PipeFixture pipes = serve(NamedPipeMode.BYTE)) {
            Peer client = pipes.connect(NamedPipeMode.BYTE, false);
            Peer server = pipes.accept();
            server.send("one");
            ChannelFuture alone = drainUnderWay(server);
            assertTrue(alone.cancel(false));
            server.send("two");
            ChannelFuture one = drainUnderWay(server);
            ChannelFuture other = drainUnderWay(server);
            assertTrue(one.cancel(false));
            client.channel.config().setAutoRead(true);
            other.sync();
            assertTrue(alone.isCancelled() && one.isCancelled());
            assertEquals("onetwo", client.readText(6));
        }
    }

    @Test
    void drain_thenClose_failsAndTheDataStillArrives() throws Exception {
        for (int size : new int[] {10, 300_000}) {
            try (PipeFixture pipes = serve(NamedPipeMode.BYTE)) {
                Peer client = pipes.connect(NamedPipeMode.BYTE, false);
                Peer server = pipes.accept();
                server.channel.writeAndFlush(PipeFixture.pattern(size, 1));
                ChannelFuture drain = drainUnderWay(server);
                boolean[] activeAtTheEnd = {true};
                drain.addListener(done -> activeAtTheEnd[0] = server.channel.isActive());
                server.channel.close().sync();
                assertClosed(drain);
                assertFalse(activeAtTheEnd[0]);
                assertClosed(drain(server));
                client.channel.config().setAutoRead(true);
                client.read(size).release();
                client.awaitInactive();
            }
        }
    }

    @Test
    void drain_ofAPeerThatNeverReads_holdsUpACloseNoLongerThanSoLinger() throws Exception {
        HookedWin32 system = new HookedWin32();
        try (PipeFixture pipes = new PipeFixture(2, system.win32)) {
            pipes.serve(pipes.serverBootstrap().childOption(ChannelOption.SO_LINGER, 1));
            pipes.connect(NamedPipeMode.BYTE, false);
            Peer server = pipes.accept();
            server.channel.writeAndFlush(PipeFixture.pattern(300_000, 1));
            ChannelFuture drain = drainUnderWay(server);
            CountDownLatch handleClosed = new CountDownLatch(1);
            system.beforeNext("closeHandle", handleClosed::countDown);
            server.channel.close().sync();
            assertClosed(drain);
            assertTrue(handleClosed.await(PipeFixture.SECONDS, TimeUnit.SECONDS));
        }
        TestSystem.close(system.target);
    }

    @Test
    void drain_peerLeavesWithoutReading_fails() throws Exception {
        try (PipeFixture pipes = serve(NamedPipeMode.BYTE)) {
            Peer client = pipes.connect(NamedPipeMode.BYTE, false);
            Peer server = pipes.accept();
            server.send("never read").sync();
            ChannelFuture before = drainUnderWay(server);
            client.close();
            assertClosed(before);
            // The end is noticed although nobody reads, as it is after a failed write.
            server.awaitInactive();
        }
    }

    @Test
    void drain_afterThePeerLeftWithoutReading_fails() throws Exception {
        try (PipeFixture pipes = serve(NamedPipeMode.BYTE)) {
            Peer client = pipes.connect(NamedPipeMode.BYTE, false);
            Peer server = pipes.accept();
            server.send("never read").sync();
            client.close();
            assertClosed(drain(server));
        }
    }

    @Test
    void drain_unconnectedOrVoid_isRefused() throws Exception {
        try (PipeFixture pipes = serve(NamedPipeMode.BYTE)) {
            assertInstanceOf(NotYetConnectedException.class, new NamedPipeChannel().drain().cause());
            NamedPipeChannel client = (NamedPipeChannel) pipes.connect().channel;
            assertThrows(IllegalArgumentException.class, () -> client.drain(client.voidPromise()));
            pipes.accept();
        }
    }

    @Test
    void drain_channelLeavesItsLoopAndComesBack_completes() throws Exception {
        try (PipeFixture pipes = serve(NamedPipeMode.BYTE)) {
            Peer client = pipes.connect(NamedPipeMode.BYTE, false);
            Peer server = pipes.accept();
            EventLoop loop = server.channel.eventLoop();
            server.send("away").sync();
            ChannelFuture before = drainUnderWay(server);
            server.channel.deregister().sync();
            ChannelFuture away = drainUnderWay(server);
            assertFalse(before.isDone());
            loop.register(server.channel).sync();
            ReadTest.flushLoop(server);
            client.channel.config().setAutoRead(true);
            before.sync();
            away.sync();
            assertEquals("away", client.readText(4));
        }
    }

    @Test
    void drain_askedForBetweenTwoEventLoops_failsWithTheClose() throws Exception {
        try (PipeFixture pipes = serve(NamedPipeMode.BYTE)) {
            Peer client = pipes.connect();
            client.send("unread").sync();
            client.channel.deregister().sync();
            ChannelFuture drain = drain(client);
            assertFalse(drain.isDone());
            client.channel.close().sync();
            assertClosed(drain);
        }
    }

    /** Where channels can move. */
    @Test
    void drain_askedForWhileTheChannelMoves_completes() throws Exception {
        try (PipeFixture pipes = new PipeFixture(2, new ModelWin32())) {
            pipes.serve(pipes.serverBootstrap().childOption(ChannelOption.AUTO_READ, false));
            Peer client = pipes.connect(NamedPipeMode.BYTE, false);
            Peer server = pipes.accept();
            EventLoop first = server.channel.eventLoop();
            EventLoop next = pipes.group.next();
            EventLoop other = next == first ? pipes.group.next() : next;
            server.send("moved").sync();
            CompletableFuture<ChannelFuture> drain = new CompletableFuture<>();
            server.channel.deregister().addListener(deregistered -> {
                // Somebody else asks now, whom the first loop will hear when the channel is with the other already.
                CompletableFuture.runAsync(() -> drain.complete(drain(server)), call -> new Thread(call).start())
                        .join();
                other.register(server.channel).await();
            });
            ReadTest.flushLoop(client);
            ChannelFuture asked = drain.get();
            client.channel.config().setAutoRead(true);
            assertTrue(asked.await(PipeFixture.SECONDS, TimeUnit.SECONDS));
            assertTrue(asked.isSuccess(), () -> "failed: " + asked.cause());
            assertEquals("moved", client.readText(5));
        }
    }

    @Test
    void drain_eventLoopShutsDown_fails() throws Exception {
        PipeFixture pipes = serve(NamedPipeMode.BYTE);
        pipes.connect(NamedPipeMode.BYTE, false);
        Peer server = pipes.accept();
        server.send("never read").sync();
        ChannelFuture drain = drainUnderWay(server);
        pipes.close();
        assertClosed(drain);
    }

    /** Wine can neither tell a peer that read everything from one that did not, once it has left, ... */
    @Test
    void drain_peerReadsAllAndLeavesAtOnce_succeedsOnWindows() throws Exception {
        try (PipeFixture pipes = new PipeFixture(2, new ModelWin32())) {
            pipes.serve();
            Peer client = pipes.connect(NamedPipeMode.BYTE, false);
            Peer server = pipes.accept();
            // One WriteFile, which the flush lies behind before the peer can leave.
            server.channel.writeAndFlush(PipeFixture.pattern(200_000, 1));
            ChannelFuture drain = drainUnderWay(server);
            int[] left = {200_000};
            client.onRead = message -> {
                left[0] -= ((ByteBuf) message).readableBytes();
                if (left[0] == 0) {
                    client.channel.close();
                }
            };
            client.channel.config().setAutoRead(true);
            client.awaitInactive();
            drain.sync();
            client.releaseAll();
        }
    }

    /** ... nor what was written before a drain from what was written after it. */
    @Test
    void drain_writesGoOn_doesNotWaitForThemOnWindows() throws Exception {
        try (PipeFixture pipes = new PipeFixture(2, new ModelWin32())) {
            pipes.serveMessages();
            Peer client = pipes.connect(NamedPipeMode.MESSAGE, false);
            Peer server = pipes.accept();
            client.channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(16).maxMessagesPerRead(1));
            server.send("before");
            ChannelFuture drain = drainUnderWay(server);
            server.channel.writeAndFlush(PipeFixture.pattern(300_000, 1));
            server.send("after");
            client.channel.read();
            drain.sync();
            client.channel.config().setAutoRead(true);
            assertEquals("before", client.readMessageText());
            client.readMessage().release();
            assertEquals("after", client.readMessageText());
        }
    }

    @ParameterizedTest
    @EnumSource(value = NamedPipeDirection.class, names = {"OUTBOUND", "INBOUND"})
    void drain_ofAOneWayPipe_completes(NamedPipeDirection direction) throws Exception {
        // Otherwise it may not be known in time that the client is there.
        TestSystem.assumeCallsEndAtOnce();
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.DIRECTION, direction));
            boolean fromServer = direction == NamedPipeDirection.OUTBOUND;
            Peer client = new Peer(null);
            client.channel = pipes.clientBootstrap(client).option(NamedPipeChannelOption.DIRECTION,
                    fromServer ? NamedPipeDirection.INBOUND : NamedPipeDirection.OUTBOUND)
                    .option(ChannelOption.AUTO_READ, false).connect(pipes.address).sync().channel();
            Peer server = pipes.accept();
            Peer writer = fromServer ? server : client;
            Peer reader = fromServer ? client : server;
            reader.channel.config().setAutoRead(false);
            writer.send("one way").sync();
            ChannelFuture drain = drainUnderWay(writer);
            reader.channel.config().setAutoRead(true);
            drain.sync();
            assertEquals("one way", reader.readText(7));
            drain(reader).sync();
            client.channel.close().sync();
        }
    }

    @Test
    void drain_systemCannotTell_saysSo() throws Exception {
        FaultyWin32 system = new FaultyWin32(TestSystem.open());
        try (PipeFixture pipes = new PipeFixture(2, system.win32)) {
            pipes.serve();
            Peer client = pipes.connect();
            Peer server = pipes.accept();
            server.send("x").sync();
            system.arm("fsControlFile", 1, Win32Error.ERROR_INVALID_FUNCTION);
            ChannelFuture drain = drain(server);
            assertTrue(drain.await(PipeFixture.SECONDS, TimeUnit.SECONDS));
            assertInstanceOf(UnsupportedOperationException.class, drain.cause());
            assertEquals("x", client.readText(1));
        }
    }
}
