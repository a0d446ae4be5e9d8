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

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettypipe.iocp.TestIocp;
import io.nettypipe.testing.PipeTest;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.model.TestSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a user is told when the system fails a call for a reason that has nothing to do with the peer. */
@PipeTest
class SystemErrorTest {
    private static final int NO_SYSTEM_RESOURCES = 1450;

    private final Win32 system = TestSystem.open();
    private final FaultyWin32 faulty = new FaultyWin32(system);

    @AfterEach
    void verify() {
        TestSystem.close(system);
    }

    @Test
    void group_withoutACompletionPort_failsAndLeavesNothing() {
        faulty.arm("createCompletionPort", 1, NO_SYSTEM_RESOURCES);
        IllegalStateException failure = assertThrows(IllegalStateException.class,
                () -> new MultiThreadIoEventLoopGroup(1, TestIocp.newFactory(faulty.win32)));
        String message = failure.getCause() == null ? failure.getMessage() : failure.getCause().getMessage();
        assertTrue(message.contains("completion port") && message.contains("1450"), message);
    }

    @Test
    void read_failed_exceptionAfterWhatWasReadAndTheChannelCloses() throws Exception {
        try (PipeFixture pipes = new PipeFixture(2, faulty.win32).serve()) {
            Peer client = pipes.connect(NamedPipeMode.BYTE, false);
            Peer server = pipes.accept();
            ReadTest.flushLoop(server);
            faulty.arm("readFile", 1, NO_SYSTEM_RESOURCES);
            client.channel.read();
            assertSystemError("ReadFile", client.exceptions.poll(PipeFixture.SECONDS, TimeUnit.SECONDS));
            client.awaitInactive();
            server.awaitInactive();
            assertEquals(1, client.readCompletes.get());
            assertTrue(client.exceptions.isEmpty(), client.exceptions::toString);
            assertTrue(server.exceptions.isEmpty(), server.exceptions::toString);
        }
    }

    @Test
    void write_shortOfResourcesForLong_failsWithTheReasonAndTheChannelCloses() throws Exception {
        try (PipeFixture pipes = new PipeFixture(2, faulty.win32).serve()) {
            Peer client = pipes.connect();
            Peer server = pipes.accept();
            faulty.armAll("writeFile", NO_SYSTEM_RESOURCES);
            ChannelFuture[] writes = client.channel.eventLoop().submit(() -> {
                ChannelFuture[] futures = {client.channel.write(PipeFixture.pattern(100_000, 1)), client.send("2")};
                return futures;
            }).get();
            for (ChannelFuture write : writes) {
                assertSystemError("WriteFile", failure(write));
            }
            client.awaitInactive();
            server.awaitInactive();
            assertTrue(server.received.isEmpty(), server.received::toString);
        }
    }

    @Test
    void write_shortForLongWithAutoCloseOff_laterWritesFailTooAndReadingGoesOn() throws Exception {
        try (PipeFixture pipes = new PipeFixture(2, faulty.win32).serve()) {
            Peer client = pipes.connect();
            Peer server = pipes.accept();
            client.channel.config().setOption(ChannelOption.AUTO_CLOSE, false);
            faulty.armAll("writeFile", NO_SYSTEM_RESOURCES);
            Set<Throwable> failures = Collections.newSetFromMap(new IdentityHashMap<>());
            for (int i = 0; i < 3; i++) {
                ChannelFuture first = client.channel.write(PipeFixture.bytes("lost"));
                failures.add(failure(client.send("lost")));
                failures.add(failure(first));
            }
            failures.forEach(failure -> assertSystemError("WriteFile", failure));
            assertEquals(6, failures.size());
            assertEquals("[active, ChannelOutputShutdownEvent]", client.events.toString());
            faulty.disarm();
            server.send("reading").sync();
            assertEquals("reading", client.readText(7));
            assertTrue(client.channel.isActive());
            client.close();
            server.awaitInactive();
            assertTrue(server.received.isEmpty(), server.received::toString);
        }
    }

    @Test
    void listen_failed_serverIsToldAndServesOn() throws Exception {
        serverSurvives("listen", "FSCTL_PIPE_LISTEN");
    }

    @Test
    void createNamedPipe_failed_serverIsToldAndServesOn() throws Exception {
        serverSurvives("createNamedPipe", "CreateNamedPipe");
    }

    private void serverSurvives(String method, String operation) throws Exception {
        BlockingQueue<Throwable> caught = new LinkedBlockingQueue<>();
        try (PipeFixture pipes = new PipeFixture(2, faulty.win32)) {
            pipes.serve(pipes.serverBootstrap().childHandler(new Echo()).handler(new ChannelInboundHandlerAdapter() {
                @Override
                public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                    caught.add(cause);
                }
            }).option(ChannelOption.SO_BACKLOG, 1));
            pipes.server.eventLoop().submit(() -> { }).sync();
            faulty.arm(method, 1, NO_SYSTEM_RESOURCES);
            pipes.connect();
            assertSystemError(operation, caught.poll(PipeFixture.SECONDS, TimeUnit.SECONDS));
            for (int i = 0; i < 3; i++) {
                Peer client = pipes.connect();
                client.send("x").sync();
                assertEquals("x", client.readText(1));
            }
            assertTrue(caught.isEmpty(), caught::toString);
        }
    }

    @Test
    void createNamedPipe_refusedForAWhile_serverIsToldOnceAndServesWhoWaited() throws Exception {
        for (int error : new int[] {8, NO_SYSTEM_RESOURCES, 1816}) {
            serverOutlasts("createNamedPipe", error, 255);
        }
    }

    @Test
    void listen_refusedForAWhile_serverIsToldOnceAndServesWhoWaited() throws Exception {
        serverOutlasts("listen", NO_SYSTEM_RESOURCES, 255);
        serverOutlasts("listen", NO_SYSTEM_RESOURCES, 2);
    }

    /** The system has no resources for longer than a moment, with one instance left that listens. */
    private void serverOutlasts(String method, int error, int limit) throws Exception {
        BlockingQueue<Throwable> caught = new LinkedBlockingQueue<>();
        try (PipeFixture pipes = new PipeFixture(2, faulty.win32)) {
            pipes.serve(pipes.serverBootstrap().childHandler(new Echo()).handler(new ChannelInboundHandlerAdapter() {
                @Override
                public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                    caught.add(cause);
                }
            }).option(ChannelOption.SO_BACKLOG, 1).option(NamedPipeChannelOption.MAX_INSTANCES, limit));
            pipes.server.eventLoop().submit(() -> { }).sync();
            faulty.armAll(method, error);
            Peer first = pipes.connect();
            Peer second = new Peer(null);
            ChannelFuture waiting = pipes.clientBootstrap(second).connect(pipes.address);
            while (faulty.failed() < 6) {
                // Those who are served already notice nothing.
                first.send("x").sync();
                assertEquals("x", first.readText(1));
            }
            assertEquals(error, assertInstanceOf(NamedPipeException.class, caught.poll()).errorCode());
            faulty.disarm();
            second.channel = waiting.sync().channel();
            second.send("y").sync();
            assertEquals("y", second.readText(1));
            second.close();
            assertTrue(caught.isEmpty(), caught::toString);
        }
    }

    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public boolean isSharable() {
            return true;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ctx.writeAndFlush(message);
        }
    }

    @Test
    void connect_failedOnce_sameChannelCanTryAgain() throws Exception {
        try (PipeFixture pipes = new PipeFixture(2, faulty.win32).serve()) {
            Peer client = new Peer(null);
            client.channel = pipes.clientBootstrap(client).register().sync().channel();
            faulty.arm("createFile", 1, NO_SYSTEM_RESOURCES);
            assertSystemError("CreateFile", failure(client.channel.connect(pipes.address)));
            assertTrue(client.channel.isOpen());
            faulty.arm("getNamedPipeInfo", 1, NO_SYSTEM_RESOURCES);
            assertSystemError("GetNamedPipeInfo", failure(client.channel.connect(pipes.address)));
            pipes.accept().awaitInactive();
            client.channel.connect(pipes.address).sync();
            client.send("x").sync();
            assertEquals("x", pipes.accept().readText(1));
            client.close();
        }
    }

    @Test
    void joinThePort_failedForAClient_channelIsAsItWasAndCanTryAgain() throws Exception {
        try (PipeFixture pipes = new PipeFixture(1, faulty.win32).serve()) {
            Peer client = new Peer(null);
            NamedPipeChannel channel = (NamedPipeChannel) pipes.clientBootstrap(client).register().sync().channel();
            client.channel = channel;
            // On their one event loop it comes before the server's.
            faulty.arm("associate", 1, NO_SYSTEM_RESOURCES);
            assertSystemError("CreateIoCompletionPort", failure(channel.connect(pipes.address)));
            assertNull(channel.pipeType());
            pipes.accept().awaitInactive();
            channel.connect(pipes.address).sync();
            client.send("x").sync();
            assertEquals("x", pipes.accept().readText(1));
            client.close();
        }
    }

    @Test
    void joinThePort_failedForAnAcceptedClient_onlyThatOneIsClosed() throws Exception {
        try (PipeFixture pipes = new PipeFixture(1, faulty.win32).serve()) {
            Peer client = pipes.connect();
            Peer server = pipes.accept();
            ReadTest.flushLoop(client);
            // On their one event loop the client's own call comes first.
            faulty.arm("associate", 2, NO_SYSTEM_RESOURCES);
            Peer refused = pipes.connect();
            refused.awaitInactive();
            client.send("x").sync();
            assertEquals("x", server.readText(1));
            pipes.connect().send("y").sync();
            assertEquals("y", pipes.accept().readText(1));
        }
    }

    private static Throwable failure(ChannelFuture future) {
        return assertThrows(ExecutionException.class, future::get).getCause();
    }

    private static void assertSystemError(String operation, Throwable cause) {
        NamedPipeException failure = assertInstanceOf(NamedPipeException.class, cause);
        assertTrue(failure.operation().startsWith(operation), failure.operation());
        assertEquals(NO_SYSTEM_RESOURCES, failure.errorCode());
        assertTrue(failure.getMessage().contains("(error 1450)"), failure.getMessage());
    }
}
