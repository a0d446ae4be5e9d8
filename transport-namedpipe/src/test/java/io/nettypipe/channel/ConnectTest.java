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
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.nettypipe.testing.PipeTest;
import io.nettypipe.testing.WindowsTest;
import io.nettypipe.win32.NativeMemory;
import io.nettypipe.win32.PipeFlags;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.Win32Error;
import io.nettypipe.win32.model.TestSystem;
import org.junit.jupiter.api.Test;

import java.lang.reflect.Proxy;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@PipeTest
class ConnectTest {

    @Test
    void connect_noSuchPipe_connectExceptionNamesItAndHasTheSystemsText() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            Throwable cause = failure(dial(pipes, 0));
            assertInstanceOf(ConnectException.class, cause);
            assertTrue(cause.getMessage().contains(pipes.address.path()), cause.getMessage());
            assertTrue(cause.getMessage().contains("(error 2)"), cause.getMessage());
        }
    }

    @Test
    void connect_allInstancesBusy_waitsUntilOneIsFree() throws Exception {
        try (PipeFixture pipes = limitedTo(1)) {
            Peer first = pipes.connect();
            pipes.accept();
            ChannelFuture second = dial(pipes, 0);
            ReadTest.flushLoop(first);
            assertFalse(second.isDone());
            first.close();
            second.sync().channel().writeAndFlush(PipeFixture.bytes("x")).sync();
            assertEquals("x", pipes.accept().readText(1));
            second.channel().close().sync();
        }
    }

    @Test
    void connect_busyPastTheTimeout_connectTimeoutException() throws Exception {
        try (PipeFixture pipes = limitedTo(1)) {
            pipes.connect();
            Throwable cause = failure(dial(pipes, 100));
            assertInstanceOf(ConnectTimeoutException.class, cause);
            assertTrue(cause.getMessage().contains(pipes.address.path()), cause.getMessage());
        }
    }

    @Test
    void connect_serverGoesWhileWaiting_connectException() throws Exception {
        try (PipeFixture pipes = limitedTo(1)) {
            Peer first = pipes.connect();
            Peer accepted = pipes.accept();
            ChannelFuture second = dial(pipes, 0);
            ReadTest.flushLoop(first);
            pipes.server.close().sync();
            first.close();
            accepted.awaitInactive();
            assertInstanceOf(ConnectException.class, failure(second));
        }
    }

    @Test
    void close_waitsAndTheListenerClosesForcibly_whatItWaitedWithIsClosed() throws Exception {
        Win32 target = TestSystem.open();
        Set<Object> opened = ConcurrentHashMap.newKeySet();
        CountDownLatch waits = new CountDownLatch(1);
        Win32 win32 = (Win32) Proxy.newProxyInstance(Win32.class.getClassLoader(), new Class<?>[] {Win32.class},
                (proxy, method, args) -> {
                    if (method.getName().equals("fsControlFile") && args[1].equals(PipeFlags.FSCTL_PIPE_WAIT)) {
                        waits.countDown();
                        return Win32Error.ERROR_SEM_TIMEOUT;
                    }
                    Object answer = method.invoke(target, args);
                    if (method.getName().equals("createFile") && (Long) answer >= 0) {
                        opened.add(answer);
                    } else if (method.getName().equals("closeHandle")) {
                        opened.remove(args[0]);
                    }
                    return answer;
                });
        try (PipeFixture pipes = new PipeFixture(2, win32)) {
            pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.MAX_INSTANCES, 1));
            pipes.connect();
            opened.clear();
            ChannelFuture second = dial(pipes, 0);
            waits.await();
            second.addListener(failed -> second.channel().unsafe().closeForcibly());
            second.channel().close().sync();
            ReadTest.flushLoop(new Peer(second.channel()));
            assertEquals(Set.of(), opened);
        }
    }

    @Test
    void connect_manyClientsForFewInstances_allServed() throws Exception {
        try (PipeFixture pipes = limitedTo(4)) {
            // While all instances are between a close and the next client, Windows knows no such pipe: keep one.
            pipes.connect();
            pipes.accept();
            ChannelFuture[] dials = new ChannelFuture[24];
            for (int i = 0; i < dials.length; i++) {
                dials[i] = dial(pipes, 0);
                dials[i].addListener((ChannelFuture done) -> done.channel().writeAndFlush(PipeFixture.bytes("x")));
            }
            for (int i = 0; i < dials.length; i++) {
                Peer served = pipes.accept();
                assertEquals("x", served.readText(1));
                served.close();
            }
            for (ChannelFuture dial : dials) {
                assertTrue(dial.sync().isSuccess());
                dial.channel().closeFuture().sync();
            }
        }
    }

    @Test
    void connect_cancelledWhileWaiting_channelCloses() throws Exception {
        try (PipeFixture pipes = limitedTo(1)) {
            pipes.connect();
            ChannelFuture waiting = dial(pipes, 0);
            waiting.channel().eventLoop().submit(() -> { }).sync();
            assertTrue(waiting.cancel(false));
            waiting.channel().closeFuture().sync();
        }
    }

    @Test
    void connect_closedWhileWaiting_failsWithClosedChannel() throws Exception {
        try (PipeFixture pipes = limitedTo(1)) {
            pipes.connect();
            ChannelFuture waiting = dial(pipes, 0);
            waiting.channel().eventLoop().submit(() -> { }).sync();
            waiting.channel().close().sync();
            assertInstanceOf(ClosedChannelException.class, failure(waiting));
        }
    }

    @Test
    void connect_whilePendingOrConnected_refused() throws Exception {
        try (PipeFixture pipes = limitedTo(1)) {
            Peer connected = pipes.connect();
            assertInstanceOf(AlreadyConnectedException.class, failure(connected.channel.connect(pipes.address)));
            ChannelFuture waiting = dial(pipes, 0);
            waiting.channel().eventLoop().submit(() -> { }).sync();
            assertInstanceOf(ConnectionPendingException.class, failure(waiting.channel().connect(pipes.address)));
            assertTrue(connected.channel.isActive());
            waiting.channel().close().sync();
        }
    }

    @Test
    void connect_messageReadModeToABytePipe_failsAndTheServerGoesOn() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            ChannelFuture dial = pipes.clientBootstrap(new ChannelInboundHandlerAdapter())
                    .option(NamedPipeChannelOption.READ_MODE, NamedPipeMode.MESSAGE).connect(pipes.address);
            NamedPipeException cause = assertInstanceOf(NamedPipeException.class, failure(dial));
            assertEquals(87, cause.errorCode());
            assertTrue(cause.operation().contains("SetNamedPipeHandleState"), cause.operation());
            pipes.accept();
            pipes.connect().send("x").sync();
            assertEquals("x", pipes.accept().readText(1));
        }
    }

    @Test
    void connect_toWhatOpensAsNoPipe_failsBeforeAnythingElseAndTheHandleIsClosed() throws Exception {
        Win32 system = TestSystem.open();
        List<String> calls = Collections.synchronizedList(new ArrayList<>());
        AtomicLong opened = new AtomicLong();
        // As a file server would that has a file where the pipe is looked for: here it is the device of the pipes.
        try (NativeMemory elsewhere = NativeMemory.wideString("\\\\.\\pipe\\")) {
            Win32 astray = (Win32) Proxy.newProxyInstance(Win32.class.getClassLoader(), new Class<?>[] {Win32.class},
                    (proxy, method, args) -> {
                        boolean opens = "createFile".equals(method.getName());
                        if (opens) {
                            args[0] = elsewhere.address();
                        } else if (args != null && opened.get() != 0 && args[0].equals(opened.get())) {
                            calls.add(method.getName());
                        }
                        Object result = method.invoke(system, args);
                        if (opens) {
                            opened.set((long) result);
                        }
                        return result;
                    });
            try (PipeFixture pipes = new PipeFixture(1, astray)) {
                ChannelFuture dial = pipes.clientBootstrap(new ChannelInboundHandlerAdapter())
                        .option(NamedPipeChannelOption.SERVER_OWNER, NamedPipeOwner.currentUser())
                        .option(NamedPipeChannelOption.READ_MODE, NamedPipeMode.MESSAGE).connect(pipes.address);
                NamedPipeException cause = assertInstanceOf(NamedPipeException.class, failure(dial));
                assertTrue(cause.operation().startsWith("GetNamedPipeInfo"), cause.operation());
                assertTrue(cause.getMessage().contains(pipes.address.path()), cause.getMessage());
            }
        }
        assertEquals(List.of("getNamedPipeInfo", "closeHandle"), calls);
    }

    @Test
    void connect_wrongAddresses_refusedNamingThem() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            InetSocketAddress inet = new InetSocketAddress("127.0.0.1", 1);
            Throwable cause = failure(pipes.clientBootstrap(new ChannelInboundHandlerAdapter()).connect(inet));
            assertInstanceOf(IllegalArgumentException.class, cause);
            assertTrue(cause.getMessage().contains("127.0.0.1"), cause.getMessage());
            cause = failure(pipes.clientBootstrap(new ChannelInboundHandlerAdapter())
                    .connect(pipes.address, NamedPipeAddress.of("mine")));
            assertInstanceOf(UnsupportedOperationException.class, cause);
        }
    }

    @Test
    void connect_otherMachine_failsWithoutBlockingTheEventLoop() throws Exception {
        try (PipeFixture pipes = new PipeFixture(1)) {
            ChannelFuture dial = pipes.clientBootstrap(new ChannelInboundHandlerAdapter())
                    .connect(NamedPipeAddress.of("\\\\no-such-host.invalid\\pipe\\x"));
            dial.channel().eventLoop().submit(() -> { }).sync();
            assertTrue(failure(dial).getMessage().contains("no-such-host.invalid"), () -> failure(dial).getMessage());
        }
    }

    @Test
    void connectedChannel_addressesAndEvents_areThePipes() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = pipes.connect();
            Peer server = pipes.accept();
            for (Channel channel : new Channel[] {client.channel, server.channel}) {
                assertEquals(pipes.address, channel.localAddress());
                assertEquals(pipes.address, channel.remoteAddress());
            }
            client.close();
            client.awaitInactive();
            server.awaitInactive();
            assertEquals("[active, inactive]", client.events.toString());
            assertEquals("[active, inactive]", server.events.toString());
        }
    }

    @Test
    @WindowsTest
    void connect_pipeThatGrantsLess_accessDenied() throws Exception {
        try (PipeFixture pipes = new PipeFixture(); NativeMemory name = NativeMemory.wideString(pipes.address.path())) {
            int inboundOnly = 1;
            long handle = pipes.win32.createNamedPipe(name.address(), inboundOnly | PipeFlags.FILE_FLAG_OVERLAPPED,
                    0, 1, 0, 0, 0);
            Throwable cause = failure(dial(pipes, 0));
            assertInstanceOf(ConnectException.class, cause);
            assertInstanceOf(AccessDeniedException.class, cause.getCause());
            assertTrue(cause.getMessage().contains(pipes.address.path()), cause.getMessage());
            pipes.win32.closeHandle(handle);
        }
    }

    @Test
    void disconnect_connectedChannel_closesIt() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = pipes.connect();
            Peer server = pipes.accept();
            client.channel.disconnect().sync();
            assertFalse(client.channel.isOpen());
            client.awaitInactive();
            server.awaitInactive();
        }
    }

    private static PipeFixture limitedTo(int instances) throws Exception {
        PipeFixture pipes = new PipeFixture();
        return pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.MAX_INSTANCES, instances));
    }

    private static ChannelFuture dial(PipeFixture pipes, int timeoutMillis) {
        return pipes.clientBootstrap(new ChannelInboundHandlerAdapter())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis).connect(pipes.address);
    }

    private static Throwable failure(ChannelFuture future) {
        return assertThrows(ExecutionException.class, future::get).getCause();
    }
}
