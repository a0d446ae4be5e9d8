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
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.ReferenceCountUtil;
import io.nettypipe.iocp.IocpIoHandler;
import io.nettypipe.win32.NativeMemory;
import io.nettypipe.win32.PipeFlags;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.WinError;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Instances that serve again instead of being closed, and the name that is never free because of it. Wine cannot do
 * this: there a handle never leaves its completion port. So it runs on the model of Windows only.
 */
class InstancesOnWindowsTest {
    private static final int UNLIMITED = PipeFlags.PIPE_UNLIMITED_INSTANCES;

    private CountingWin32 counting = new CountingWin32();

    @AfterEach
    void verify() {
        ((ModelWin32) counting.target).verify();
    }

    private ServerBootstrap limited(PipeFixture pipes, int limit) {
        return pipes.serverBootstrap().option(NamedPipeChannelOption.MAX_INSTANCES, limit);
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
            pipes.serve(limited(pipes, limit).option(NamedPipeChannelOption.REUSE_INSTANCES, true)
                    .option(ChannelOption.SO_BACKLOG, 2));
            serve(pipes, 1);
            long created = counting.count("createNamedPipe");
            long disconnected = counting.count("disconnectNamedPipe");
            serve(pipes, 30);
            assertTrue(counting.count("disconnectNamedPipe") - disconnected >= 29, counting::toString);
            // Without a limit a client may come before an instance is back, and finds a spare one created.
            assertTrue(counting.count("createNamedPipe") - created <= (limit == UNLIMITED ? 5 : 0), counting::toString);
        }
    }

    @Test
    void lastInstance_withoutTheOption_servesAgain() throws Exception {
        try (PipeFixture pipes = new PipeFixture(2, counting.win32)) {
            pipes.serve(limited(pipes, 1));
            serve(pipes, 30);
            assertEquals(1, counting.count("createNamedPipe"), counting::toString);
        }
    }

    @ParameterizedTest
    @EnumSource
    void lastInstance_ofAOneWayPipe_servesAgain(PipeDirection direction) throws Exception {
        PipeDirection other = direction == PipeDirection.DUPLEX ? direction
                : direction.writes() ? PipeDirection.INBOUND : PipeDirection.OUTBOUND;
        try (PipeFixture pipes = new PipeFixture(2, counting.win32)) {
            pipes.serve(limited(pipes, 1).option(NamedPipeChannelOption.DIRECTION, direction)
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
    void instancesOfManyThatAreNotTheLast_withoutTheOption_areClosed() throws Exception {
        try (PipeFixture pipes = new PipeFixture(2, counting.win32).serve()) {
            serve(pipes, 10);
            assertEquals(0, counting.count("disconnectNamedPipe"), counting::toString);
        }
    }

    @ParameterizedTest
    @CsvSource({"1,false,1", "2,false,2", "2,true,3", "4,true,4", "255,false,5", "255,true,6"})
    void squatter_whateverClientsDo_neverFindsTheNameFree(int limit, boolean reuse, long seed) throws Exception {
        ModelWin32 model = new ModelWin32(Personality.WINDOWS, new SeededSchedule(seed));
        try (PipeFixture pipes = new PipeFixture(3, model)) {
            pipes.serve(limited(pipes, limit).option(NamedPipeChannelOption.REUSE_INSTANCES, reuse)
                    .childOption(ChannelOption.SO_LINGER, 0).childHandler(new HangUp()));
            // With every instance in use for good there is no room for anybody's, not even beside ours.
            int flags = reuse && limit <= 4 ? 0 : PipeFlags.FILE_FLAG_FIRST_PIPE_INSTANCE;
            try (Squatter squatter = new Squatter(model, pipes.address, flags)) {
                hostileClients(pipes, limit == UNLIMITED || reuse ? 60 : 40);
                squatter.assertRefused();
            }
        }
        model.verify();
    }

    /** Some leave at once, some write first, some stay for ever, with or without reading what they were sent. */
    private static void hostileClients(PipeFixture pipes, int rounds) throws Exception {
        List<Peer> staying = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            Peer client = pipes.connect(NamedPipeMode.BYTE, i % 2 == 0);
            if (i % 3 == 0) {
                client.channel.writeAndFlush(PipeFixture.pattern(100_000, i));
            }
            if (i % 4 == 3) {
                staying.add(client);
            } else {
                client.close();
            }
            // Without reuse a client that stays keeps an instance, so the last ones that stay go now and then.
            if (staying.size() == 2) {
                staying.remove(0).close();
            }
        }
        for (Peer client : staying) {
            client.close();
        }
    }

    @Test
    void clientsThatStay_afterTheServerClosed_cannotUseUpReusedInstances() throws Exception {
        try (PipeFixture pipes = new PipeFixture(2, counting.win32)) {
            pipes.serve(limited(pipes, 2).option(NamedPipeChannelOption.REUSE_INSTANCES, true));
            List<Long> stubborn = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                stubborn.add(dial(counting.win32, pipes.address));
                pipes.accept().close();
            }
            serve(pipes, 4);
            stubborn.forEach(counting.win32::closeHandle);
        }
    }

    private static long dial(Win32 win32, NamedPipeAddress address) {
        try (NativeMemory name = NativeMemory.wideString(address.path())) {
            for (;;) {
                long handle = win32.createFile(name.address(), PipeFlags.GENERIC_READ | PipeFlags.GENERIC_WRITE,
                        PipeFlags.FILE_FLAG_OVERLAPPED);
                if (handle != -WinError.ERROR_PIPE_BUSY) {
                    assertTrue(handle > 0, () -> "error " + -handle);
                    return handle;
                }
                win32.waitNamedPipe(name.address(), 1000);
            }
        }
    }

    @Test
    void eventLoopEnds_whileTheLastInstanceWaitsForItsClient_nameStaysAndServes() throws Exception {
        try (PipeFixture pipes = new PipeFixture(2, counting.win32)) {
            EventLoopGroup children = new MultiThreadIoEventLoopGroup(1, IocpIoHandler.newFactory(counting.win32));
            pipes.serve(new ServerBootstrap().group(pipes.group, children).channel(NamedPipeServerChannel.class)
                    .option(NamedPipeChannelOption.MAX_INSTANCES, 1)
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
            assertEquals(1, counting.count("createNamedPipe") - 2);
        }
    }

    private void assertNameTaken(PipeFixture pipes) {
        ChannelFuture second = pipes.serverBootstrap().bind(pipes.address);
        assertInstanceOf(BindException.class, assertThrows(ExecutionException.class, second::get).getCause());
    }

    @Test
    void lastInstance_ofAChannelThatWasDeregistered_servesAgain() throws Exception {
        try (PipeFixture pipes = new PipeFixture(2, counting.win32)) {
            pipes.serve(limited(pipes, 1));
            for (int i = 0; i < 3; i++) {
                Peer client = pipes.connect();
                Peer server = pipes.accept();
                server.channel.deregister().sync();
                server.channel.close().sync();
                client.awaitInactive();
            }
            assertEquals(1, counting.count("createNamedPipe"), counting::toString);
        }
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
                pipes.serve(limited(pipes, 2).option(NamedPipeChannelOption.REUSE_INSTANCES, true));
                faulty.armAll(method, WinError.ERROR_INVALID_FUNCTION);
                serve(pipes, 6);
                faulty.disarm();
                serve(pipes, 6);
            }
        }
    }

    /** Sends a little, and hangs up. */
    private static final class HangUp extends ChannelInboundHandlerAdapter {
        @Override
        public boolean isSharable() {
            return true;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.writeAndFlush(PipeFixture.bytes("go away"));
            ctx.close();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
        }
    }
}
