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
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.nettypipe.iocp.TestIocp;
import io.nettypipe.testing.PipeTest;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.Win32Error;
import io.nettypipe.win32.model.TestSystem;
import org.junit.jupiter.api.Test;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

@PipeTest
class DeregisterTest {

    @Test
    void deregisterAndRegister_onTheSameLoop_nothingIsLost() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = pipes.connect();
            Peer server = pipes.accept();
            EventLoop loop = client.channel.eventLoop();
            for (int i = 0; i < 10; i++) {
                client.channel.deregister().sync();
                assertTrue(client.channel.isActive());
                server.send("while away " + i).sync();
                loop.register(client.channel).sync();
                assertEquals("while away " + i, client.readText(12));
                client.send("back " + i).sync();
                assertEquals("back " + i, server.readText(6));
            }
            assertEquals("[active]", client.events.toString());
        }
    }

    @Test
    void deregister_twiceAndRegisteredInBetween_channelStaysRegisteredAndReads() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = pipes.connect();
            Peer server = pipes.accept();
            EventLoop loop = client.channel.eventLoop();
            ReadTest.flushLoop(client);
            loop.submit(() -> {
                client.channel.deregister().addListener(done -> loop.register(client.channel));
                client.channel.deregister();
            }).sync();
            server.send("still there").sync();
            assertEquals("still there", client.readText(11));
            assertTrue(client.channel.isRegistered());
        }
    }

    @Test
    void deregister_thenClose_closes() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = pipes.connect();
            Peer server = pipes.accept();
            client.channel.deregister().sync();
            client.channel.close().sync();
            server.awaitInactive();
        }
    }

    @Test
    void autoRead_setFalseWhileDeregistered_holdsWhatComesUntilTheNextRead() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = pipes.connect();
            Peer server = pipes.accept();
            EventLoop loop = client.channel.eventLoop();
            ReadTest.flushLoop(client);
            client.channel.deregister().sync();
            client.channel.config().setAutoRead(false);
            server.send("held").sync();
            loop.register(client.channel).sync();
            ReadTest.flushLoop(client);
            assertNull(client.received.peek());
            client.channel.read();
            assertEquals("held", client.readText(4));
        }
    }

    @Test
    void peer_leavesWhileTheChannelLeavesItsLoop_endIsNoticedOnTheNextWithoutARead() throws Exception {
        try (PipeFixture pipes = new PipeFixture(2).serve()) {
            Peer client = pipes.connect();
            Peer server = pipes.accept();
            ReadTest.flushLoop(client);
            client.channel.config().setAutoRead(false);
            EventLoop loop = client.channel.eventLoop();
            ChannelFuture left = loop.submit(() -> {
                // The end of the read that is outstanding comes when the channel cannot close any more.
                server.channel.close().syncUninterruptibly();
                return client.channel.deregister();
            }).get();
            left.sync();
            assertTrue(client.channel.isActive());
            loop.register(client.channel).sync();
            client.awaitInactive();
        }
    }

    @Test
    void deregisterServer_clientLeavesMeanwhile_itsInstanceServesOnTheNextLoop() throws Exception {
        try (PipeFixture pipes = new PipeFixture(2)) {
            pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.MAX_INSTANCES, 1));
            for (int i = 0; i < 4; i++) {
                Peer client = pipes.connect();
                Peer served = pipes.accept();
                pipes.server.deregister().sync();
                client.close();
                served.channel.closeFuture().sync();
                pipes.group.next().register(pipes.server).sync();
            }
            pipes.connect().send("x").sync();
            assertEquals("x", pipes.accept().readText(1));
        }
    }

    @Test
    void deregisterServer_andRegisterOnAnotherLoop_acceptsAgain() throws Exception {
        try (PipeFixture pipes = new PipeFixture(2).serve()) {
            pipes.connect();
            pipes.accept();
            pipes.server.deregister().sync();
            EventLoop other = pipes.group.next();
            other = other == pipes.server.eventLoop() ? pipes.group.next() : other;
            other.register(pipes.server).sync();
            for (int i = 0; i < 6; i++) {
                pipes.connect().send("x").sync();
                assertEquals("x", pipes.accept().readText(1));
            }
        }
    }

    @Test
    void deregisterServer_listenFailsWhereItWasCancelled_isTriedAgainOnTheNextLoop() throws Exception {
        Win32 target = TestSystem.open();
        AtomicBoolean scarce = new AtomicBoolean();
        Win32 win32 = (Win32) Proxy.newProxyInstance(Win32.class.getClassLoader(), new Class<?>[] {Win32.class},
                (proxy, method, args) -> {
                    if (scarce.get() && (method.getName().equals("listen") || method.getName().equals("errorOf"))) {
                        return Win32Error.ERROR_NO_SYSTEM_RESOURCES;
                    }
                    try {
                        return method.invoke(target, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        try (PipeFixture pipes = new PipeFixture(2, win32)) {
            pipes.serve(pipes.serverBootstrap().handler(new ChannelInboundHandlerAdapter() {
                @Override
                public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                    // Netty's own handler would have the server read anew a second later.
                }
            }));
            ReadTest.flushLoop(new Peer(pipes.server));
            EventLoop next = pipes.group.next();
            EventLoop other = next == pipes.server.eventLoop() ? pipes.group.next() : next;
            scarce.set(true);
            pipes.server.deregister().addListener(left -> {
                // The loop that it leaves does nothing else until the other one has met the shortage.
                other.register(pipes.server).await();
                other.submit(() -> scarce.set(false)).await();
            }).sync();
            pipes.connect().send("x").sync();
            assertEquals("x", pipes.accept().readText(1));
        }
    }

    @Test
    void deregister_writeOutstandingAndThePeerWritesToo_waitsForTheWriteWhileReadingGoesOn() throws Exception {
        // More than the pipe holds, and one WriteFile.
        int size = 200_000;
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = pipes.connect();
            Peer server = pipes.accept();
            server.channel.config().setAutoRead(false);
            ReadTest.flushLoop(server);
            client.channel.writeAndFlush(PipeFixture.pattern(size, 1));
            ChannelFuture reply = server.channel.writeAndFlush(PipeFixture.pattern(size, 2));
            ChannelFuture deregistered = client.channel.deregister();
            // The server reads only once its own write is done, for which the client must go on reading.
            client.read(size).release();
            reply.sync();
            assertFalse(deregistered.isDone());
            server.channel.config().setAutoRead(true);
            ByteBuf received = server.read(size);
            ByteBuf expected = PipeFixture.pattern(size, 1);
            assertEquals(expected, received);
            expected.release();
            received.release();
            deregistered.sync();
            assertFalse(client.channel.isRegistered());
        }
    }

    @Test
    void closeAndDeregister_inOneTurn_inactiveOnceAndBothComplete() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = pipes.connect();
            Peer server = pipes.accept();
            ChannelFuture[] futures = client.channel.eventLoop().submit(() ->
                    new ChannelFuture[] {client.channel.close(), client.channel.deregister()}).get();
            futures[0].sync();
            futures[1].sync();
            client.awaitInactive();
            server.awaitInactive();
            assertEquals("[active, inactive]", client.events.toString());
        }
    }

    @Test
    void closeAndDeregister_loopTakesNoMoreTasks_bothComplete() throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        try (PipeFixture pipes = new PipeFixture(1).serve()) {
            EventLoop loop = new SingleThreadIoEventLoop(null, new DefaultThreadFactory("ending"),
                    TestIocp.newFactory(pipes.win32)) {
                @Override
                public void execute(Runnable task) {
                    if (ended.get()) {
                        throw new RejectedExecutionException("on purpose");
                    }
                    super.execute(task);
                }
            };
            Channel client = new Bootstrap().group(loop).channel(NamedPipeChannel.class)
                    .handler(new ChannelInboundHandlerAdapter()).connect(pipes.address).sync().channel();
            ChannelFuture[] futures = loop.submit(() -> {
                ended.set(true);
                return new ChannelFuture[] {client.close(), client.deregister()};
            }).get();
            futures[0].sync();
            assertInstanceOf(RejectedExecutionException.class, futures[1].await().cause());
            ended.set(false);
            loop.shutdownGracefully(0, PipeFixture.SECONDS, TimeUnit.SECONDS).sync();
        }
    }

    @Test
    void deregisterAndClose_inOneTurn_inactiveThenUnregisteredAndBothComplete() throws Exception {
        for (boolean autoRead : new boolean[] {true, false}) {
            try (PipeFixture pipes = new PipeFixture().serve()) {
                Peer client = pipes.connect(NamedPipeMode.BYTE, autoRead);
                Peer server = pipes.accept();
                client.channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelUnregistered(ChannelHandlerContext ctx) {
                        client.events.add("unregistered");
                    }
                });
                ReadTest.flushLoop(client);
                ChannelFuture[] futures = client.channel.eventLoop().submit(() ->
                        new ChannelFuture[] {client.channel.deregister(), client.channel.close()}).get();
                futures[0].sync();
                futures[1].sync();
                client.awaitInactive();
                server.awaitInactive();
                ReadTest.flushLoop(client);
                assertEquals("[active, inactive, unregistered]", client.events.toString());
            }
        }
    }

    @Test
    void deregister_closedForciblyWhileItWaitsForAWrite_completes() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = pipes.connect();
            Peer server = pipes.accept();
            server.channel.config().setAutoRead(false);
            ReadTest.flushLoop(server);
            client.channel.writeAndFlush(PipeFixture.pattern(1 << 20, 1));
            ChannelFuture deregistered = client.channel.eventLoop().submit(() -> {
                ChannelFuture future = client.channel.deregister();
                client.channel.unsafe().closeForcibly();
                return future;
            }).get();
            assertTrue(deregistered.await(PipeFixture.SECONDS, TimeUnit.SECONDS));
            assertFalse(client.channel.isRegistered());
            client.channel.close().sync();
            server.releaseAll();
        }
    }

    @Test
    void deregister_whileConnecting_failsTheAttempt() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.MAX_INSTANCES, 1));
            pipes.connect();
            ChannelFuture waiting = pipes.clientBootstrap(new ChannelInboundHandlerAdapter())
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0).connect(pipes.address);
            ReadTest.flushLoop(new Peer(waiting.channel()));
            ChannelFuture deregistered = waiting.channel().deregister();
            assertThrows(ExecutionException.class, waiting::get);
            deregistered.sync();
            waiting.channel().closeFuture().sync();
        }
    }
}
