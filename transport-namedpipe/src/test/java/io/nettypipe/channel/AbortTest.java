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
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettypipe.iocp.TestIocp;
import io.nettypipe.testing.PipeTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A close and an abort, as the peer sees them. */
@PipeTest
class AbortTest {
    private static final String CLOSED = "[inactive]";
    static final String DISCONNECTED = "[NamedPipeDisconnectedEvent, inactive]";

    /** Records how a connection ends. */
    static final class End extends ChannelInboundHandlerAdapter {
        final BlockingQueue<String> events = new LinkedBlockingQueue<>();

        static End of(Peer peer) throws Exception {
            End end = new End();
            // On the event loop, because a handler is passed over until it was told that it is added.
            peer.channel.eventLoop().submit(() -> peer.channel.pipeline().addFirst(end)).sync();
            return end;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            events.add(event.toString());
            ctx.fireUserEventTriggered(event);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            events.add("inactive");
            ctx.fireChannelInactive();
        }

        void assertIs(String expected, Peer peer) throws Exception {
            peer.awaitInactive();
            assertEquals(expected, events.toString());
            assertTrue(peer.exceptions.isEmpty(), peer.exceptions::toString);
        }
    }

    private static PipeFixture serve(NamedPipeMode mode, int linger) throws Exception {
        PipeFixture pipes = new PipeFixture();
        return pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.PIPE_TYPE, mode)
                .childOption(ChannelOption.SO_LINGER, linger));
    }

    @ParameterizedTest
    @EnumSource(NamedPipeMode.class)
    void serverCloses_clientReadsEverythingAndThenTheEnd(NamedPipeMode mode) throws Exception {
        try (PipeFixture pipes = serve(mode, 30)) {
            Peer client = pipes.connect(mode, false);
            End end = End.of(client);
            Peer server = pipes.accept();
            server.send("all of it");
            server.channel.close().sync();
            client.channel.config().setAutoRead(true);
            assertEquals("all of it",
                    mode == NamedPipeMode.BYTE ? client.readText(9) : client.readMessageText());
            end.assertIs(CLOSED, client);
        }
    }

    @ParameterizedTest
    @EnumSource(NamedPipeMode.class)
    void serverAborts_unreadDataIsThrownAwayAndTheClientIsTold(NamedPipeMode mode) throws Exception {
        for (int size : new int[] {10, 300_000}) {
            try (PipeFixture pipes = serve(mode, 0)) {
                Peer client = pipes.connect(mode, false);
                End end = End.of(client);
                Peer server = pipes.accept();
                ChannelFuture write = server.channel.writeAndFlush(PipeFixture.pattern(size, 1));
                if (size < 100) {
                    write.sync();
                }
                server.channel.close().sync();
                client.channel.config().setAutoRead(true);
                end.assertIs(DISCONNECTED, client);
                if (size < 100) {
                    // A write that the system still has is cancelled first, so that the client may be faster.
                    assertTrue(client.received.isEmpty(), client.received::toString);
                }
                client.releaseAll();
            }
        }
    }

    @Test
    void serverAborts_whileTheClientWaitsForData_clientIsTold() throws Exception {
        try (PipeFixture pipes = serve(NamedPipeMode.BYTE, 0)) {
            Peer client = pipes.connect();
            End end = End.of(client);
            Peer server = pipes.accept();
            server.send("ready");
            assertEquals("ready", client.readText(5));
            server.channel.close().sync();
            end.assertIs(DISCONNECTED, client);
        }
    }

    @Test
    void serverAborts_whileDeregistered_clientIsTold() throws Exception {
        try (PipeFixture pipes = serve(NamedPipeMode.BYTE, 0)) {
            Peer client = pipes.connect();
            End end = End.of(client);
            Peer server = pipes.accept();
            server.channel.deregister().sync();
            server.channel.close().sync();
            end.assertIs(DISCONNECTED, client);
        }
    }

    @Test
    void clientAborts_serverReadsWhatThePipeHeldAndThenTheEnd() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.serve(pipes.serverBootstrap().childOption(ChannelOption.AUTO_READ, false));
            Peer client = pipes.connect();
            client.channel.config().setOption(ChannelOption.SO_LINGER, 0);
            Peer server = pipes.accept();
            End end = End.of(server);
            client.send("in the pipe").sync();
            client.channel.close().sync();
            server.channel.config().setAutoRead(true);
            assertEquals("in the pipe", server.readText(11));
            end.assertIs(CLOSED, server);
        }
    }

    @Test
    void serverClosesAndLingerRunsOut_clientIsTold() throws Exception {
        try (PipeFixture pipes = serve(NamedPipeMode.BYTE, 1)) {
            Peer client = pipes.connect(NamedPipeMode.BYTE, false);
            End end = End.of(client);
            Peer server = pipes.accept();
            server.channel.writeAndFlush(PipeFixture.pattern(300_000, 1));
            server.channel.close().sync();
            // After the event loop's own timer of the same length.
            server.channel.eventLoop().schedule(() -> { }, 1, TimeUnit.SECONDS).sync();
            client.channel.config().setAutoRead(true);
            end.assertIs(DISCONNECTED, client);
            client.releaseAll();
        }
    }

    @Test
    void serverClosesInTheMiddleOfAFile_clientIsTold(@TempDir Path dir) throws Exception {
        Path file = Files.write(dir.resolve("file"), new byte[1_000_000]);
        try (PipeFixture pipes = serve(NamedPipeMode.BYTE, 30)) {
            Peer client = pipes.connect(NamedPipeMode.BYTE, false);
            End end = End.of(client);
            Peer server = pipes.accept();
            server.channel.writeAndFlush(new DefaultFileRegion(file.toFile(), 0, 1_000_000));
            server.channel.close().sync();
            client.channel.config().setAutoRead(true);
            end.assertIs(DISCONNECTED, client);
            client.releaseAll();
        }
    }

    @Test
    void serversEventLoopEndsWithDataLeft_clientIsTold() throws Exception {
        try (PipeFixture pipes = serve(NamedPipeMode.BYTE, 30)) {
            EventLoopGroup clients = new MultiThreadIoEventLoopGroup(1, TestIocp.newFactory(pipes.win32));
            Peer client = new Peer(null);
            client.channel = new Bootstrap().group(clients).channel(NamedPipeChannel.class).handler(client)
                    .option(ChannelOption.AUTO_READ, false).connect(pipes.address).sync().channel();
            End end = End.of(client);
            Peer server = pipes.accept();
            server.channel.writeAndFlush(PipeFixture.pattern(300_000, 1));
            ReadTest.flushLoop(server);
            pipes.group.shutdownGracefully(0, PipeFixture.SECONDS, TimeUnit.SECONDS).sync();
            client.channel.config().setAutoRead(true);
            end.assertIs(DISCONNECTED, client);
            client.releaseAll();
            clients.shutdownGracefully(0, PipeFixture.SECONDS, TimeUnit.SECONDS).sync();
        }
    }

    @Test
    void serverClosesBetweenTwoEventLoopsWithNothingLeft_clientReadsEverythingAndThenTheEnd() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = pipes.connect(NamedPipeMode.BYTE, false);
            End end = End.of(client);
            Peer server = pipes.accept();
            server.send("all of it").sync();
            server.channel.deregister().sync();
            server.channel.close().sync();
            client.channel.config().setAutoRead(true);
            assertEquals("all of it", client.readText(9));
            end.assertIs(CLOSED, client);
        }
    }

    @Test
    void serverClosesBetweenTwoEventLoopsWithDataLeft_clientIsTold() throws Exception {
        try (PipeFixture pipes = serve(NamedPipeMode.BYTE, 30)) {
            Peer client = pipes.connect(NamedPipeMode.BYTE, false);
            End end = End.of(client);
            Peer server = pipes.accept();
            server.channel.writeAndFlush(PipeFixture.pattern(300_000, 1));
            ChannelFuture left = server.send("left");
            ChannelFuture deregistered = server.channel.deregister();
            client.channel.config().setAutoRead(true);
            deregistered.sync();
            assertFalse(left.isDone());
            server.channel.close().sync();
            end.assertIs(DISCONNECTED, client);
            client.releaseAll();
        }
    }
}
