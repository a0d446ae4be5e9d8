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
import io.netty.util.ReferenceCountUtil;
import io.nettypipe.testing.PipeTest;
import io.nettypipe.win32.NativeMemory;
import io.nettypipe.win32.PipeFlags;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.Win32Error;
import io.nettypipe.win32.model.TestSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.BindException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Between bind and close the name is the server's, whatever clients do and however few instances there may be. */
@PipeTest
class NameHeldTest {
    private static final int NO_SYSTEM_RESOURCES = 1450;

    private static ServerBootstrap limited(PipeFixture pipes, int limit) {
        return pipes.serverBootstrap().option(NamedPipeChannelOption.MAX_INSTANCES, limit);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, PipeFlags.PIPE_UNLIMITED_INSTANCES})
    void squatter_whateverClientsDo_neverFindsTheNameFree(int limit) throws Exception {
        try (PipeFixture pipes = new PipeFixture(3)) {
            pipes.serve(limited(pipes, limit).childOption(ChannelOption.SO_LINGER, 0).childHandler(new HangUp()));
            try (Squatter squatter = new Squatter(pipes.win32, pipes.address)) {
                hostileClients(pipes, 40);
                squatter.assertRefused();
            }
        }
    }

    /** Some leave at once, some write first, some stay for ever, with or without reading what they were sent. */
    static void hostileClients(PipeFixture pipes, int rounds) throws Exception {
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
        }
        for (Peer client : staying) {
            client.close();
        }
    }

    @Test
    void squatter_whileInstancesCannotBeCreated_neverFindsTheNameFree() throws Exception {
        Win32 target = TestSystem.open();
        FaultyWin32 faulty = new FaultyWin32(target);
        try (PipeFixture pipes = new PipeFixture(2, faulty.win32)) {
            pipes.serve(limited(pipes, 1));
            try (Squatter squatter = new Squatter(target, pipes.address)) {
                for (int i = 0; i < 5; i++) {
                    Peer client = pipes.connect();
                    Peer server = pipes.accept();
                    faulty.armAll("createNamedPipe", NO_SYSTEM_RESOURCES);
                    (i % 2 == 0 ? client : server).close();
                    server.awaitInactive();
                    while (faulty.failed() < 2) {
                        // There is no instance at all, and yet a client finds a pipe.
                        assertEquals(-Win32Error.ERROR_PIPE_BUSY, open(target, pipes.address));
                    }
                    faulty.disarm();
                }
                pipes.connect().send("x").sync();
                assertEquals("x", pipes.accept().readText(1));
                squatter.assertRefused();
            }
        }
        TestSystem.close(target);
    }

    @Test
    void squatter_serverThatSharesAFreeName_keepsIt() throws Exception {
        try (PipeFixture pipes = new PipeFixture(2)) {
            pipes.serve(limited(pipes, 1).option(NamedPipeChannelOption.FIRST_INSTANCE, false));
            try (Squatter squatter = new Squatter(pipes.win32, pipes.address)) {
                for (int i = 0; i < 10; i++) {
                    pipes.connect();
                    pipes.accept().close();
                }
                squatter.assertRefused();
            }
        }
    }

    @Test
    void onlyInstance_itsClientNeitherReadsNorLeaves_nextIsServedAndTheFirstCanStillReadAll() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.serve(limited(pipes, 1).childOption(ChannelOption.SO_LINGER, 3600));
            Peer stubborn = pipes.connect(NamedPipeMode.BYTE, false);
            Peer server = pipes.accept();
            server.send("left behind").sync();
            server.close();
            for (int i = 0; i < 3; i++) {
                Peer next = pipes.connect();
                next.send("x").sync();
                assertEquals("x", pipes.accept().readText(1));
                next.close();
            }
            stubborn.channel.config().setAutoRead(true);
            assertEquals("left behind", stubborn.readText(11));
            stubborn.awaitInactive();
        }
    }

    @Test
    void clientsThatStay_afterTheServerClosed_useUpNoInstances() throws Exception {
        try (PipeFixture pipes = new PipeFixture(2)) {
            pipes.serve(limited(pipes, 2));
            List<Long> stubborn = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                long handle;
                while ((handle = open(pipes.win32, pipes.address)) == -Win32Error.ERROR_PIPE_BUSY) {
                    Thread.onSpinWait();
                }
                stubborn.add(handle);
                pipes.accept().close();
            }
            pipes.connect().send("x").sync();
            assertEquals("x", pipes.accept().readText(1));
            stubborn.forEach(pipes.win32::closeHandle);
        }
    }

    private static long open(Win32 win32, NamedPipeAddress address) {
        try (NativeMemory name = NativeMemory.wideString(address.path())) {
            long handle = win32.createFile(name.address(), PipeFlags.GENERIC_READ | PipeFlags.GENERIC_WRITE,
                    PipeFlags.FILE_FLAG_OVERLAPPED);
            assertTrue(handle > 0 || handle == -Win32Error.ERROR_PIPE_BUSY, () -> "error " + -handle);
            return handle;
        }
    }

    @Test
    void serverClosed_acceptedChannelsLive_nameIsInUseUntilTheyCloseUnlessItIsShared() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = pipes.connect();
            Peer server = pipes.accept();
            pipes.server.close().sync();
            BindException cause = assertThrows(BindException.class, pipes::serve);
            assertTrue(cause.getMessage().contains("accepted"), cause.getMessage());
            pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.FIRST_INSTANCE, false));
            pipes.connect().send("new").sync();
            assertEquals("new", pipes.accept().readText(3));
            client.send("old").sync();
            assertEquals("old", server.readText(3));
            pipes.server.close().sync();
        }
    }

    @Test
    void serverAndItsChannelsClosed_clientsStay_nameIsFreeForAnyPipe() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.serve(limited(pipes, 1));
            long stubborn = open(pipes.win32, pipes.address);
            Peer server = pipes.accept();
            pipes.server.close().sync();
            server.close();
            pipes.serveMessages();
            pipes.connectMessages().send("x").sync();
            assertEquals("x", pipes.accept().readMessageText());
            pipes.win32.closeHandle(stubborn);
        }
    }

    @Test
    void serversThatShareAName_haveTheLimitOfTheFirst() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.serve(limited(pipes, 2).option(ChannelOption.SO_BACKLOG, 1));
            ServerBootstrap sharing = limited(pipes, 255).option(ChannelOption.SO_BACKLOG, 1)
                    .option(NamedPipeChannelOption.FIRST_INSTANCE, false);
            Channel second = sharing.bind(pipes.address).sync().channel();
            ChannelFuture third = sharing.bind(pipes.address);
            Throwable cause = assertThrows(ExecutionException.class, third::get).getCause();
            assertInstanceOf(BindException.class, cause);
            assertTrue(cause.getMessage().contains("instances"), cause.getMessage());
            second.close().sync();
            sharing.bind(pipes.address).sync().channel().close().sync();
        }
    }

    @ParameterizedTest
    @EnumSource(NamedPipeMode.class)
    void serverThatSharesAName_ofAnotherTypeOrDirection_bindFailsSayingSo(NamedPipeMode first) throws Exception {
        NamedPipeMode other = first == NamedPipeMode.BYTE ? NamedPipeMode.MESSAGE : NamedPipeMode.BYTE;
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.PIPE_TYPE, first));
            for (NamedPipeMode readMode : other == NamedPipeMode.BYTE ? List.of(other) : List.of(other, first)) {
                sharingFails(pipes, sharing(pipes, other).option(NamedPipeChannelOption.READ_MODE, readMode),
                        "PIPE_TYPE " + other);
            }
            sharingFails(pipes, sharing(pipes, first)
                            .option(NamedPipeChannelOption.DIRECTION, NamedPipeDirection.INBOUND),
                    "DIRECTION");
            sharing(pipes, first).bind(pipes.address).sync().channel().close().sync();
        }
    }

    private static ServerBootstrap sharing(PipeFixture pipes, NamedPipeMode type) {
        return pipes.serverBootstrap().option(NamedPipeChannelOption.FIRST_INSTANCE, false)
                .option(NamedPipeChannelOption.PIPE_TYPE, type);
    }

    private static void sharingFails(PipeFixture pipes, ServerBootstrap bootstrap, String why) {
        Throwable cause = assertThrows(ExecutionException.class, () -> bootstrap.bind(pipes.address).get()).getCause();
        assertInstanceOf(BindException.class, cause);
        assertTrue(cause.getMessage().contains(why), cause.getMessage());
    }

    /** Sends a little, and hangs up. */
    static final class HangUp extends ChannelInboundHandlerAdapter {
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
