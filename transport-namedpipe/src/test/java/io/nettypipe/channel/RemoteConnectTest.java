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
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.model.ModelWin32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.reflect.Proxy;
import java.net.ConnectException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Pipes of machines that are slow to answer: on the model only, whose remote machine is this one under its name. */
class RemoteConnectTest {
    private static final String REMOTE = "\\\\" + ModelWin32.REMOTE_SERVER + "\\pipe\\";

    private final ModelWin32 model = new ModelWin32();

    @AfterEach
    void verify() {
        model.verify();
    }

    @Test
    void open_blocked_eventLoopServesOtherChannelsMeanwhile() throws Exception {
        SlowHosts slow = new SlowHosts(model, REMOTE);
        try (PipeFixture pipes = serveRemotely(1, slow)) {
            Peer remote = new Peer(null);
            ChannelFuture dial = dial(pipes, remote, REMOTE, 0);
            slow.awaitBlocked(1);
            // There is one event loop, and it has both ends of this connection too.
            Peer client = pipes.connect();
            Peer server = pipes.accept();
            for (int i = 0; i < 10; i++) {
                client.send("ping").sync();
                assertEquals("ping", server.readText(4));
            }
            assertFalse(dial.isDone());
            slow.release();
            remote.channel = dial.sync().channel();
            remote.send("from afar").sync();
            assertEquals("from afar", pipes.accept().readText(9));
            remote.close();
        }
    }

    @Test
    void open_toReadMessages_helperThreadSetsTheModeToo() throws Exception {
        Set<String> askers = ConcurrentHashMap.newKeySet();
        Win32 watched = (Win32) Proxy.newProxyInstance(Win32.class.getClassLoader(), new Class<?>[] {Win32.class},
                (proxy, method, args) -> {
                    // These ask the other machine.
                    if (Set.of("setNamedPipeHandleState", "getNamedPipeInfo").contains(method.getName())) {
                        askers.add(Thread.currentThread().getName().replaceAll("-\\d.*", ""));
                    }
                    return method.invoke(model, args);
                });
        try (PipeFixture pipes = new PipeFixture(1, model); PipeFixture clients = new PipeFixture(1, watched)) {
            pipes.serve(pipes.networkServerBootstrap().option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE));
            Peer client = new Peer(null);
            client.channel = remote(clients, client).option(NamedPipeChannelOption.READ_MODE, NamedPipeMode.MESSAGE)
                    .connect(address(pipes, REMOTE)).sync().channel();
            assertEquals(Set.of("nettypipe-remote-connect"), askers);
            client.close();
        }
    }

    @Test
    void open_blockedAndCancelled_promiseIsDoneAtOnceAndTheLateHandleIsClosed() throws Exception {
        SlowHosts slow = new SlowHosts(model, REMOTE);
        try (PipeFixture pipes = serveRemotely(2, slow)) {
            ChannelFuture dial = dial(pipes, new Peer(null), REMOTE, 0);
            slow.awaitBlocked(1);
            assertTrue(dial.cancel(false));
            dial.channel().closeFuture().sync();
            assertThrows(CancellationException.class, dial::sync);
            lateHandleIsClosed(pipes, slow);
        }
    }

    @Test
    void open_blockedAndClosed_promiseIsDoneAtOnceAndTheLateHandleIsClosed() throws Exception {
        SlowHosts slow = new SlowHosts(model, REMOTE);
        try (PipeFixture pipes = serveRemotely(2, slow)) {
            ChannelFuture dial = dial(pipes, new Peer(null), REMOTE, 0);
            slow.awaitBlocked(1);
            dial.channel().close().sync();
            assertInstanceOf(ClosedChannelException.class, failure(dial));
            lateHandleIsClosed(pipes, slow);
        }
    }

    @Test
    void open_blockedPastTheTimeout_promiseIsDoneAtOnceAndTheLateHandleIsClosed() throws Exception {
        SlowHosts slow = new SlowHosts(model, REMOTE);
        try (PipeFixture pipes = serveRemotely(2, slow)) {
            ChannelFuture dial = dial(pipes, new Peer(null), REMOTE, 20);
            slow.awaitBlocked(1);
            Throwable cause = assertInstanceOf(ConnectTimeoutException.class, failure(dial));
            assertTrue(cause.getMessage().contains(ModelWin32.REMOTE_SERVER), cause.getMessage());
            dial.channel().closeFuture().sync();
            lateHandleIsClosed(pipes, slow);
        }
    }

    @Test
    void open_blockedWhileTheEventLoopEnds_lateHandleIsClosed() throws Exception {
        SlowHosts slow = new SlowHosts(model, REMOTE);
        ChannelFuture dial;
        try (PipeFixture other = serveRemotely(1, new SlowHosts(model, "none"))) {
            try (PipeFixture pipes = new PipeFixture(1, slow.win32)) {
                dial = remote(pipes, new Peer(null)).connect(address(other, REMOTE));
                slow.awaitBlocked(1);
                assertTrue(pipes.group.shutdownGracefully(0, PipeFixture.SECONDS, TimeUnit.SECONDS)
                        .await(PipeFixture.SECONDS, TimeUnit.SECONDS));
                assertInstanceOf(ClosedChannelException.class, failure(dial));
                slow.release();
                other.accept().awaitInactive();
            }
        }
    }

    @Test
    void open_endingInAnError_failsWithItAndClosesTheHandle() throws Exception {
        Error thrown = new LinkageError("on purpose");
        Win32 broken = (Win32) Proxy.newProxyInstance(Win32.class.getClassLoader(), new Class<?>[] {Win32.class},
                (proxy, method, args) -> {
                    if (method.getName().equals("getNamedPipeInfo")) {
                        throw thrown;
                    }
                    return method.invoke(model, args);
                });
        try (PipeFixture pipes = serveRemotely(1, new SlowHosts(model, "none"));
             PipeFixture clients = new PipeFixture(1, broken)) {
            for (String host : new String[] {REMOTE, "\\\\.\\pipe\\"}) {
                assertSame(thrown, failure(remote(clients, new Peer(null)).connect(address(pipes, host))));
                pipes.accept().awaitInactive();
            }
        }
    }

    @Test
    void busy_pipeThatCannotBeWaitedFor_isOpenedOnceItIsFree() throws Exception {
        int noSuchFunction = 1;
        FaultyWin32 faulty = new FaultyWin32(model);
        try (PipeFixture pipes = new PipeFixture(2, model); PipeFixture clients = new PipeFixture(1, faulty.win32)) {
            pipes.serve(pipes.networkServerBootstrap().option(NamedPipeChannelOption.MAX_INSTANCES, 1));
            Peer first = pipes.connect();
            faulty.armAll("waitNamedPipe", noSuchFunction);
            Peer client = new Peer(null);
            ChannelFuture waiting = remote(clients, client).connect(address(pipes, REMOTE));
            faulty.firstCall("waitNamedPipe").get();
            first.close();
            pipes.accept().awaitInactive();
            client.channel = waiting.sync().channel();
            client.send("x").sync();
            assertEquals("x", pipes.accept().readText(1));
            client.close();
        }
    }

    /** The server sees it come and go; a handle that stayed open would stay connected. */
    private static void lateHandleIsClosed(PipeFixture pipes, SlowHosts slow) throws Exception {
        slow.release();
        pipes.accept().awaitInactive();
    }

    @Test
    void open_manyOfHostsThatDoNotAnswer_otherHostsAreServedAndAllCanBeGivenUp() throws Exception {
        SlowHosts slow = new SlowHosts(model, "\\\\slow");
        try (PipeFixture pipes = serveRemotely(2, slow)) {
            List<ChannelFuture> stuck = new ArrayList<>();
            // As many hosts as there may be without that others have to wait for them.
            int hosts = Connector.THREADS / Connector.THREADS_PER_HOST - 1;
            for (int i = 0; i < 3 * Connector.THREADS; i++) {
                stuck.add(dial(pipes, new Peer(null), "\\\\slow" + i % hosts + "\\pipe\\", 0));
            }
            slow.awaitBlocked(hosts * Connector.THREADS_PER_HOST);
            for (int i = 0; i < 10; i++) {
                Peer client = new Peer(null);
                client.channel = dial(pipes, client, REMOTE, 0).sync().channel();
                client.send("x").sync();
                assertEquals("x", pipes.accept().readText(1));
                client.close();
            }
            for (ChannelFuture dial : stuck) {
                assertFalse(dial.isDone());
                assertTrue(dial.cancel(false));
                dial.channel().closeFuture().sync();
            }
            slow.release();
        }
    }

    @Test
    void busy_manyWaitForOneInstance_anotherPipeOfThatHostIsServedAndSoAreThey() throws Exception {
        SlowHosts none = new SlowHosts(model, "none");
        try (PipeFixture pipes = serveRemotely(2, none); PipeFixture busy = new PipeFixture(2, none.win32)) {
            busy.serve(busy.networkServerBootstrap()
                    .option(NamedPipeChannelOption.MAX_INSTANCES, 1));
            Peer first = busy.connect();
            List<ChannelFuture> waiting = new ArrayList<>();
            for (int i = 0; i < 2 * Connector.THREADS_PER_HOST; i++) {
                waiting.add(dial(busy, new Peer(null), REMOTE, 0));
            }
            Peer client = new Peer(null);
            client.channel = dial(pipes, client, REMOTE, 0).sync().channel();
            client.send("x").sync();
            assertEquals("x", pipes.accept().readText(1));
            client.close();
            first.close();
            busy.accept().awaitInactive();
            for (int i = 0; i < waiting.size(); i++) {
                // It is the next one's turn when this one has left.
                Peer served = busy.accept();
                served.close();
            }
            for (ChannelFuture dial : waiting) {
                dial.sync().channel().closeFuture().sync();
            }
        }
    }

    @Test
    void policies_ofRemotePipes_areThoseOfLocalOnes() throws Exception {
        SlowHosts none = new SlowHosts(model, "none");
        try (PipeFixture pipes = new PipeFixture(2, none.win32)) {
            Peer client = new Peer(null);
            ChannelFuture waiting = remote(pipes, client)
                    .option(NamedPipeChannelOption.CONNECT_POLICY, ConnectPolicy.WAIT).connect(address(pipes, REMOTE));
            for (int i = 0; i < 3; i++) {
                waiting.channel().eventLoop().submit(() -> { }).sync();
            }
            assertFalse(waiting.isDone());
            serveRemotely(pipes, 1);
            client.channel = waiting.sync().channel();
            Throwable cause = failure(remote(pipes, new Peer(null))
                    .option(NamedPipeChannelOption.CONNECT_POLICY, ConnectPolicy.FAIL).connect(address(pipes, REMOTE)));
            assertEquals(ConnectException.class, cause.getClass());
            assertTrue(cause.getMessage().contains("all instances are busy"), cause.getMessage());
            client.close();
        }
    }

    private static PipeFixture serveRemotely(int threads, SlowHosts system) throws Exception {
        PipeFixture pipes = new PipeFixture(threads, system.win32);
        return serveRemotely(pipes, 255);
    }

    private static PipeFixture serveRemotely(PipeFixture pipes, int instances) throws Exception {
        return pipes.serve(pipes.networkServerBootstrap()
                .option(NamedPipeChannelOption.MAX_INSTANCES, instances));
    }

    private static Bootstrap remote(PipeFixture pipes, Peer client) {
        return pipes.clientBootstrap(client).option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0);
    }

    private static ChannelFuture dial(PipeFixture pipes, Peer client, String host, int timeoutMillis) {
        return remote(pipes, client).option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis)
                .connect(address(pipes, host));
    }

    private static NamedPipeAddress address(PipeFixture pipes, String host) {
        return NamedPipeAddress.of(host + pipes.address.name());
    }

    private static Throwable failure(ChannelFuture future) {
        return assertThrows(ExecutionException.class, future::get).getCause();
    }
}
