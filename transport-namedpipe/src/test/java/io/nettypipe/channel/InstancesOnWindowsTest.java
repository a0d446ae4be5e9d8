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
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettypipe.iocp.TestIocp;
import io.nettypipe.win32.PipeFlags;
import io.nettypipe.win32.Win32Error;
import io.nettypipe.win32.model.ModelWin32;
import io.nettypipe.win32.model.Personality;
import io.nettypipe.win32.model.SeededSchedule;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.BindException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Instances that serve again instead of being closed. Wine cannot do this: there a handle never leaves its completion
 * port. So it runs on the model of Windows only.
 */
class InstancesOnWindowsTest {
    private static final int UNLIMITED = PipeFlags.PIPE_UNLIMITED_INSTANCES;

    private CountingWin32 counting = new CountingWin32();

    @AfterEach
    void verify() {
        ((ModelWin32) counting.target).verify();
    }

    private static ServerBootstrap limited(PipeFixture pipes, int limit) {
        return pipes.serverBootstrap().option(NamedPipeChannelOption.MAX_INSTANCES, limit);
    }

    private static ServerBootstrap reusing(PipeFixture pipes, int limit) {
        return limited(pipes, limit).option(NamedPipeChannelOption.REUSE_INSTANCES, true);
    }

    /** One client after another; the ends close in turn. */
    private static void serve(PipeFixture pipes, int clients) throws Exception {
        for (int i = 0; i < clients; i++) {
            Peer client = pipes.connect();
            Peer server = pipes.accept();
            client.send("x").sync();
            assertEquals("x", server.readText(1));
            server.send("y").sync();
            assertEquals("y", client.readText(1));
            (i % 2 == 0 ? client : server).close();
            client.awaitInactive();
            server.awaitInactive();
            client.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, UNLIMITED})
    void reuse_manyClients_nothingIsClosedOrCreated(int limit) throws Exception {
        try (PipeFixture pipes = new PipeFixture(2, counting.win32)) {
            pipes.serve(reusing(pipes, limit).option(ChannelOption.SO_BACKLOG, 2));
            serve(pipes, 1);
            long created = counting.count("createNamedPipe");
            long disconnected = counting.count("disconnectNamedPipe");
            serve(pipes, 30);
            assertTrue(counting.count("disconnectNamedPipe") - disconnected >= 29, counting::toString);
            // Without a limit a client may come before an instance is back, and finds a spare one created.
            assertTrue(counting.count("createNamedPipe") - created <= (limit == UNLIMITED ? 5 : 0), counting::toString);
        }
    }

    @ParameterizedTest
    @EnumSource
    void reuse_ofAOneWayPipe_theOneInstanceServesAgain(NamedPipeDirection direction) throws Exception {
        NamedPipeDirection other = direction == NamedPipeDirection.DUPLEX ? direction
                : direction.writes() ? NamedPipeDirection.INBOUND : NamedPipeDirection.OUTBOUND;
        try (PipeFixture pipes = new PipeFixture(2, counting.win32)) {
            pipes.serve(reusing(pipes, 1).option(NamedPipeChannelOption.DIRECTION, direction)
                    .option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE));
            for (int i = 0; i < 4; i++) {
                Peer client = new Peer(null);
                client.channel = pipes.clientBootstrap(client).option(NamedPipeChannelOption.DIRECTION, other)
                        .option(NamedPipeChannelOption.READ_MODE, NamedPipeMode.MESSAGE)
                        .connect(pipes.address).sync().channel();
                Peer server = pipes.accept();
                Peer from = direction.writes() ? server : client;
                from.send("x").sync();
                assertEquals("x", (direction.writes() ? client : server).readMessageText());
                server.close();
                client.close();
            }
            assertEquals(1, counting.count("createNamedPipe"), counting::toString);
        }
    }

    @Test
    void reuse_afterAChannelThatChangedItsReadMode_nextReadsAsTheServerHasIt() throws Exception {
        try (PipeFixture pipes = new PipeFixture(2, counting.win32)) {
            pipes.serve(reusing(pipes, 1).option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE)
                    .childOption(ChannelOption.AUTO_READ, false));
            for (int i = 0; i < 3; i++) {
                Peer client = pipes.connectMessages();
                Peer server = pipes.accept();
                client.send("one").sync();
                client.send("two").sync();
                server.channel.config().setAutoRead(true);
                assertEquals("one", server.readMessageText());
                assertEquals("two", server.readMessageText());
                ReadTest.flushLoop(server);
                server.channel.config().setOption(NamedPipeChannelOption.READ_MODE, NamedPipeMode.BYTE);
                client.send("pending").sync();
                client.send("bytes").sync();
                assertEquals("pending", server.readMessageText());
                assertEquals("bytes", server.readText(5));
                client.close();
                server.awaitInactive();
            }
            assertEquals(1, counting.count("createNamedPipe"), counting::toString);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, UNLIMITED})
    void noReuse_clientsComeAndGo_instancesAreClosed(int limit) throws Exception {
        try (PipeFixture pipes = new PipeFixture(2, counting.win32)) {
            pipes.serve(limited(pipes, limit));
            serve(pipes, 10);
            assertEquals(0, counting.count("disconnectNamedPipe"), counting::toString);
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1", "2,2", "4,3", "255,4"})
    void squatter_whateverClientsDo_neverFindsRoomForAnInstance(int limit, long seed) throws Exception {
        ModelWin32 model = new ModelWin32(Personality.WINDOWS, new SeededSchedule(seed));
        try (PipeFixture pipes = new PipeFixture(3, model)) {
            pipes.serve(reusing(pipes, limit).childOption(ChannelOption.SO_LINGER, 0)
                    .childHandler(new NameHeldTest.HangUp()));
            // With every instance in use for good there is no room for anybody's, not even beside ours.
            int flags = limit == UNLIMITED ? PipeFlags.FILE_FLAG_FIRST_PIPE_INSTANCE : 0;
            try (Squatter squatter = new Squatter(model, pipes.address, flags)) {
                NameHeldTest.hostileClients(pipes, 60);
                squatter.assertRefused();
            }
        }
        model.verify();
    }

    @Test
    void eventLoopEnds_whileTheOneInstanceWaitsForItsClient_anotherServes() throws Exception {
        try (PipeFixture pipes = new PipeFixture(2, counting.win32)) {
            EventLoopGroup children = new MultiThreadIoEventLoopGroup(1, TestIocp.newFactory(counting.win32));
            pipes.serve(new ServerBootstrap().group(pipes.group, children).channel(NamedPipeServerChannel.class)
                    .option(NamedPipeChannelOption.MAX_INSTANCES, 1)
                    .option(NamedPipeChannelOption.REUSE_INSTANCES, true)
                    .childHandler(pipes.serverBootstrap().config().childHandler()));
            Peer client = pipes.connect(NamedPipeMode.BYTE, false);
            Peer server = pipes.accept();
            server.channel.writeAndFlush(PipeFixture.pattern(10, 1));
            server.channel.close().sync();
            children.shutdownGracefully(0, PipeFixture.SECONDS, TimeUnit.SECONDS).sync();
            assertNameTaken(pipes);
            client.close();
            // Its channel finds no event loop, and yet its instance is not lost.
            for (int i = 0; i < 3; i++) {
                Peer refused = pipes.connect();
                refused.awaitInactive();
                refused.close();
            }
            assertNameTaken(pipes);
        }
    }

    private void assertNameTaken(PipeFixture pipes) {
        ChannelFuture second = pipes.serverBootstrap().bind(pipes.address);
        assertInstanceOf(BindException.class, assertThrows(ExecutionException.class, second::get).getCause());
    }

    @Test
    void serverWithoutAnEventLoop_instanceComesBack_servesOnceItHasOneAgain() throws Exception {
        try (PipeFixture pipes = new PipeFixture(3, counting.win32)) {
            pipes.serve(limited(pipes, 1));
            for (int i = 0; i < 3; i++) {
                Peer client = pipes.connect();
                Peer server = pipes.accept();
                pipes.server.deregister().sync();
                client.close();
                server.awaitInactive();
                assertNameTaken(pipes);
                pipes.group.register(pipes.server).sync();
            }
            serve(pipes, 2);
        }
    }

    @Test
    void disconnect_refused_instanceIsClosedAndAnotherServes() throws Exception {
        for (String method : new String[] {"disconnectNamedPipe", "setNamedPipeHandleState", "fsControlFile",
            "dissociate"}) {
            FaultyWin32 faulty = new FaultyWin32(counting.win32);
            try (PipeFixture pipes = new PipeFixture(2, faulty.win32)) {
                pipes.serve(reusing(pipes, 2));
                faulty.armAll(method, Win32Error.ERROR_INVALID_FUNCTION);
                serve(pipes, 6);
                faulty.disarm();
                serve(pipes, 6);
            }
        }
    }
}
