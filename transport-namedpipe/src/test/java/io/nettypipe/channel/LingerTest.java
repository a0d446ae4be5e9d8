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
import io.netty.bootstrap.Bootstrap;
import io.nettypipe.iocp.TestIocp;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.EventLoopGroup;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelProgressiveFuture;
import io.netty.channel.ChannelProgressiveFutureListener;
import io.netty.channel.ChannelProgressivePromise;
import io.netty.channel.ChannelPromise;
import io.nettypipe.testing.PipeTest;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.model.TestSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What was flushed before a close: all of it arrives, in order and once, as long as the channel lingers. */
@PipeTest
class LingerTest {

    @Test
    void close_manyMessagesFlushed_allReachThePeerEachAsOne() throws Exception {
        int messages = 300;
        try (PipeFixture pipes = new PipeFixture()) {
            // Without a read the close has nothing to wait for.
            pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE)
                    .childOption(ChannelOption.AUTO_READ, false));
            Peer client = pipes.connect(NamedPipeMode.MESSAGE, false);
            Peer server = pipes.accept();
            server.channel.eventLoop().submit(() -> {
                for (int i = 0; i < messages; i++) {
                    server.channel.write(new PipeMessage(PipeFixture.bytes(i % 7 == 0 ? "" : "message " + i)));
                }
                server.channel.flush();
                server.channel.close();
            }).sync();
            server.channel.closeFuture().sync();
            client.channel.config().setAutoRead(true);
            for (int i = 0; i < messages; i++) {
                assertEquals(i % 7 == 0 ? "" : "message " + i, client.readMessageText());
            }
            client.awaitInactive();
            assertTrue(client.received.isEmpty(), client.received::toString);
        }
    }

    @Test
    void close_givenUpWithALongMessageUnread_thePeerGetsNothingThatCameBehindIt() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            EventLoopGroup clients = new MultiThreadIoEventLoopGroup(1, TestIocp.newFactory(pipes.win32));
            pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE));
            Peer client = new Peer(null);
            Channel reader = new Bootstrap().group(clients).channel(NamedPipeChannel.class).handler(client)
                    .option(NamedPipeChannelOption.READ_MODE, NamedPipeMode.MESSAGE)
                    .option(ChannelOption.AUTO_READ, false).connect(pipes.address).sync().channel();
            Peer server = pipes.accept();
            server.channel.write(PipeFixture.pattern(200_000, 1));
            // An empty message needs no room in the pipe.
            server.channel.writeAndFlush(new PipeMessage(Unpooled.EMPTY_BUFFER));
            server.channel.close().sync();
            pipes.group.shutdownGracefully(0, PipeFixture.SECONDS, TimeUnit.SECONDS).sync();
            reader.config().setAutoRead(true);
            client.awaitInactive();
            assertTrue(client.received.isEmpty(), client.received::toString);
            clients.shutdownGracefully(0, PipeFixture.SECONDS, TimeUnit.SECONDS).sync();
        }
    }

    @Test
    void loopEnds_peerReadsBetweenTheCancelsOfTwoWrites_itGetsNoSecondWithoutTheFirst() throws Exception {
        Win32 target = TestSystem.open();
        Set<Object> writes = ConcurrentHashMap.newKeySet();
        Peer client = new Peer(null);
        AtomicReference<ByteBuf> received = new AtomicReference<>();
        Win32 hooked = (Win32) Proxy.newProxyInstance(Win32.class.getClassLoader(), new Class<?>[] {Win32.class},
                (proxy, method, args) -> {
                    if (method.getName().equals("writeFile")) {
                        writes.add(args[3]);
                    } else if (method.getName().equals("cancelIoEx") && writes.remove(args[1]) && writes.isEmpty()) {
                        client.channel.config().setAutoRead(true);
                        received.set(client.readMessage());
                    }
                    return method.invoke(target, args);
                });
        int size = 200_000;
        EventLoopGroup clients = new MultiThreadIoEventLoopGroup(1, TestIocp.newFactory(target));
        try (PipeFixture pipes = new PipeFixture(1, hooked)) {
            pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE));
            client.channel = new Bootstrap().group(clients).channel(NamedPipeChannel.class).handler(client)
                    .option(NamedPipeChannelOption.READ_MODE, NamedPipeMode.MESSAGE)
                    .option(ChannelOption.AUTO_READ, false).connect(pipes.address).sync().channel();
            Peer server = pipes.accept();
            server.channel.write(PipeFixture.pattern(size, 1));
            server.channel.writeAndFlush(PipeFixture.pattern(size, 2));
            server.channel.close().sync();
            assertEquals(2, writes.size());
            pipes.group.shutdownGracefully(0, PipeFixture.SECONDS, TimeUnit.SECONDS).sync();
            assertPattern(received.get(), size, 1);
            client.awaitInactive();
        }
        clients.shutdownGracefully(0, PipeFixture.SECONDS, TimeUnit.SECONDS).sync();
        TestSystem.close(target);
    }

    @Test
    void close_buffersOfManyPiecesBehindAWriteTheSystemHas_reachThePeer() throws Exception {
        int size = 200_000;
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = pipes.connect(NamedPipeMode.BYTE, false);
            Peer server = pipes.accept();
            server.channel.write(PipeFixture.pattern(size, 1));
            for (int i = 2; i < 5; i++) {
                ByteBuf whole = PipeFixture.pattern(size, i);
                server.channel.write(Unpooled.compositeBuffer()
                        .addComponent(true, whole.readRetainedSlice(size / 3)).addComponent(true, whole));
            }
            server.channel.flush();
            server.channel.close().sync();
            client.channel.config().setAutoRead(true);
            for (int i = 1; i < 5; i++) {
                assertPattern(client.read(size), size, i);
            }
            client.awaitInactive();
        }
    }

    @Test
    void close_partOfABufferInAWriteTheSystemHas_onlyTheRestOfItFollows() throws Exception {
        for (int piece : new int[] {50_000, 100_000}) {
            try (PipeFixture pipes = new PipeFixture().serve()) {
                Peer client = pipes.connect(NamedPipeMode.BYTE, false);
                Peer server = pipes.accept();
                // More than the pipe holds. One WriteFile takes a piece of it, or the beginning of it copied together.
                ByteBuf whole = PipeFixture.pattern(400_000, 1);
                CompositeByteBuf pieces = Unpooled.compositeBuffer();
                while (whole.isReadable()) {
                    pieces.addComponent(true, whole.readRetainedSlice(piece));
                }
                whole.release();
                server.channel.write(pieces);
                server.channel.writeAndFlush(PipeFixture.pattern(40, 2));
                server.channel.close().sync();
                client.channel.config().setAutoRead(true);
                assertPattern(client.read(400_000), 400_000, 1);
                assertPattern(client.read(40), 40, 2);
                client.awaitInactive();
                assertTrue(client.received.isEmpty(), client.received::toString);
            }
        }
    }

    @Test
    void close_fromAProgressListener_nothingIsLostOrSentTwice() throws Exception {
        for (NamedPipeMode mode : NamedPipeMode.values()) {
            for (int first : new int[] {10, 300_000}) {
                closeOnProgress(mode, first);
            }
        }
    }

    private static void closeOnProgress(NamedPipeMode mode, int first) throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.PIPE_TYPE, mode));
            Peer client = pipes.connect(mode, true);
            Peer server = pipes.accept();
            ChannelProgressivePromise promise = server.channel.newProgressivePromise();
            CountDownLatch progressed = new CountDownLatch(1);
            promise.addListener(new CloseOnProgress(server, progressed));
            server.channel.eventLoop().submit(() -> {
                server.channel.write(PipeFixture.pattern(first, 1), promise);
                server.channel.write(PipeFixture.pattern(20, 2));
                server.channel.write(PipeFixture.pattern(100_000, 3));
                server.channel.flush();
            }).sync();
            server.channel.closeFuture().sync();
            assertEquals(0, progressed.getCount());
            // In several pieces, it failed with the close.
            assertTrue(promise.await(PipeFixture.SECONDS, TimeUnit.SECONDS));
            boolean bytes = mode == NamedPipeMode.BYTE;
            assertPattern(bytes ? client.read(first) : client.readMessage(), first, 1);
            assertPattern(bytes ? client.read(20) : client.readMessage(), 20, 2);
            assertPattern(bytes ? client.read(100_000) : client.readMessage(), 100_000, 3);
            client.awaitInactive();
            assertTrue(client.received.isEmpty(), client.received::toString);
        }
    }

    private record CloseOnProgress(Peer peer, CountDownLatch progressed) implements ChannelProgressiveFutureListener {
        @Override
        public void operationProgressed(ChannelProgressiveFuture future, long progress, long total) {
            progressed.countDown();
            peer.channel.close();
        }

        @Override
        public void operationComplete(ChannelProgressiveFuture future) {
            peer.channel.close();
        }
    }

    /** As if somebody else cancelled it, whom the handle was passed on to. */
    @ParameterizedTest
    @CsvSource({"0, false", "0, true", "1, false", "1, true"})
    void close_oneOfTwoWritesThatTheSystemHasFails_thePeerGetsNothingThatCameBehindIt(int number, boolean closedBefore)
            throws Exception {
        HookedWin32 system = new HookedWin32();
        List<Object[]> writes = new CopyOnWriteArrayList<>();
        Win32 recording = (Win32) Proxy.newProxyInstance(Win32.class.getClassLoader(), new Class<?>[] {Win32.class},
                (proxy, method, args) -> {
                    if (method.getName().equals("writeFile")) {
                        writes.add(args);
                    }
                    return method.invoke(system.win32, args);
                });
        int size = 200_000;
        try (PipeFixture pipes = new PipeFixture(2, recording)) {
            pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE)
                    .childOption(ChannelOption.SO_LINGER, 600));
            Peer client = pipes.connect(NamedPipeMode.MESSAGE, false);
            Peer server = pipes.accept();
            for (int i = 0; i < 4; i++) {
                server.channel.write(PipeFixture.pattern(size, i));
            }
            server.channel.flush();
            ReadTest.flushLoop(server);
            assertEquals(2, writes.size());
            CountDownLatch handleClosed = new CountDownLatch(1);
            system.beforeNext("closeHandle", handleClosed::countDown);
            if (closedBefore) {
                server.channel.close().sync();
            }
            system.target.cancelIoEx((Long) writes.get(number)[0], (Long) writes.get(number)[3]);
            ReadTest.flushLoop(server);
            if (number == 0) {
                assertTrue(handleClosed.await(PipeFixture.SECONDS, TimeUnit.SECONDS));
            }
            server.channel.close().sync();
            client.channel.config().setAutoRead(true);
            client.awaitInactive();
            for (int i = 0; !client.received.isEmpty() && i < number; i++) {
                assertPattern(client.readMessage(), size, i);
            }
            assertTrue(client.received.isEmpty(), client.received::toString);
        }
        TestSystem.close(system.target);
    }

    @Test
    void close_firstOfTwoWritesHasFailedAndTheSecondWasRead_promiseOfTheFirstFails() throws Exception {
        int size = 200_000;
        Win32 target = TestSystem.open();
        List<Object[]> writes = new CopyOnWriteArrayList<>();
        Win32 recording = (Win32) Proxy.newProxyInstance(Win32.class.getClassLoader(), new Class<?>[] {Win32.class},
                (proxy, method, args) -> {
                    if (method.getName().equals("writeFile")) {
                        writes.add(args);
                    }
                    return method.invoke(target, args);
                });
        EventLoopGroup clients = new MultiThreadIoEventLoopGroup(1, TestIocp.newFactory(target));
        try (PipeFixture pipes = new PipeFixture(1, recording).serveMessages()) {
            Peer client = new Peer(null);
            client.channel = new Bootstrap().group(clients).channel(NamedPipeChannel.class).handler(client)
                    .option(NamedPipeChannelOption.READ_MODE, NamedPipeMode.MESSAGE)
                    .option(ChannelOption.AUTO_READ, false).connect(pipes.address).sync().channel();
            Peer server = pipes.accept();
            ChannelFuture first = server.channel.write(PipeFixture.pattern(size, 1));
            server.channel.writeAndFlush(PipeFixture.pattern(size, 2));
            ReadTest.flushLoop(server);
            server.channel.eventLoop().submit(() -> {
                target.cancelIoEx((Long) writes.get(0)[0], (Long) writes.get(0)[3]);
                client.channel.config().setAutoRead(true);
                assertPattern(client.readMessage(), size, 2);
                return server.channel.close();
            }).sync();
            assertFalse(first.await().isSuccess());
            client.awaitInactive();
        }
        clients.shutdownGracefully(0, PipeFixture.SECONDS, TimeUnit.SECONDS).sync();
        TestSystem.close(target);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void lingerIsOver_peerReadsNothingOrStops_handleClosesAndTheRestIsDropped(boolean readsTheFirst) throws Exception {
        HookedWin32 system = new HookedWin32();
        int size = 200_000;
        int messages = 20;
        try (PipeFixture pipes = new PipeFixture(2, system.win32)) {
            pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE)
                    .childOption(ChannelOption.SO_LINGER, 1));
            Peer client = pipes.connect(NamedPipeMode.MESSAGE, false);
            Peer server = pipes.accept();
            for (int i = 0; i < messages; i++) {
                server.channel.write(PipeFixture.pattern(size, i));
            }
            server.channel.flush();
            CountDownLatch handleClosed = new CountDownLatch(1);
            system.beforeNext("closeHandle", handleClosed::countDown);
            server.channel.close().sync();
            if (readsTheFirst) {
                client.onRead = part -> client.channel.config().setAutoRead(!((PipeMessage) part).isEndOfMessage());
                client.channel.config().setAutoRead(true);
                client.readMessage().release();
                client.onRead = part -> { };
            }
            assertTrue(handleClosed.await(PipeFixture.SECONDS, TimeUnit.SECONDS));
            client.channel.config().setAutoRead(true);
            client.awaitInactive();
            assertTrue(client.exceptions.isEmpty(), client.exceptions::toString);
            long whole = client.received.stream().filter(part -> ((PipeMessage) part).isEndOfMessage()).count();
            assertTrue(whole < messages - 1, () -> "received " + whole);
            client.releaseAll();
            pipes.connect().send("next").sync();
            pipes.accept().readMessage().release();
        }
        TestSystem.close(system.target);
    }

    @Test
    void close_whileADeregistrationWaitsForAWrite_bothComplete() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = pipes.connect(NamedPipeMode.BYTE, false);
            Peer server = pipes.accept();
            server.channel.writeAndFlush(PipeFixture.pattern(300_000, 1));
            ChannelFuture deregistered = server.channel.deregister();
            ReadTest.flushLoop(server);
            assertFalse(deregistered.isDone());
            server.channel.close().sync();
            deregistered.sync();
            assertEquals("[active, inactive]", server.events.toString());
            client.channel.config().setAutoRead(true);
            assertPattern(client.read(300_000), 300_000, 1);
            client.awaitInactive();
        }
    }

    @Test
    void close_withACancelledPromise_doesNothing() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = pipes.connect();
            ChannelPromise cancelled = client.channel.newPromise();
            assertTrue(cancelled.cancel(false));
            client.channel.close(cancelled);
            client.channel.deregister(cancelled);
            client.send("still here").sync();
            assertEquals("still here", pipes.accept().readText(10));
        }
    }

    private static void assertPattern(ByteBuf actual, int length, int seed) {
        ByteBuf expected = PipeFixture.pattern(length, seed);
        assertEquals(expected, actual);
        expected.release();
        actual.release();
    }
}
