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
package io.nettypipe.testsuite.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.channel.socket.DuplexChannel;
import io.nettypipe.channel.NamedPipeChannelOption;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.testing.WindowsTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What Netty's SocketHalfClosed, SocketShutdownOutputBySelf and SocketShutdownOutputByPeer tests ask of sockets, of
 * message-type pipes that both ends read as bytes.
 */
@WindowsTest
class HalfClosedTest {
    private static final String SHUT = ChannelInputShutdownEvent.class.getSimpleName();
    private static final String ALL_READ = ChannelInputShutdownReadComplete.class.getSimpleName();

    private static Pipes serve(Supplier<ChannelHandler> first) throws InterruptedException {
        Pipes pipes = new Pipes(2);
        ServerBootstrap server = pipes.server(first).option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE)
                .option(NamedPipeChannelOption.READ_MODE, NamedPipeMode.BYTE)
                .childOption(ChannelOption.SO_LINGER, 1);
        pipes.serve(server);
        return pipes;
    }

    private static Bootstrap client(Pipes pipes, Seen seen, boolean allowHalfClosure) {
        return pipes.client(seen).option(ChannelOption.ALLOW_HALF_CLOSURE, allowHalfClosure);
    }

    private static DuplexChannel connect(Bootstrap bootstrap, Pipes pipes) throws InterruptedException {
        return (DuplexChannel) bootstrap.connect(pipes.address).sync().channel();
    }

    private static ByteBuf ascii(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    /** Does something as soon as its channel is active. */
    private static ChannelHandler whenActive(ChannelFutureListener action) {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelActive(ChannelHandlerContext ctx) throws Exception {
                ctx.fireChannelActive();
                action.operationComplete(ctx.channel().newSucceededFuture());
            }
        };
    }

    @Test
    void shutdownOutput_bySelf_peerReadsTheEndAndMayStillWrite() throws Exception {
        try (Pipes pipes = serve(null)) {
            Seen client = new Seen(null);
            DuplexChannel channel = connect(client(pipes, client, false), pipes);
            Seen server = pipes.accept();
            server.channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
            channel.writeAndFlush(ascii("1")).sync();
            assertEquals("1", server.read(1));
            assertFalse(channel.isInputShutdown() || channel.isOutputShutdown() || channel.isShutdown());
            channel.shutdownOutput().sync();
            assertEquals(SHUT, Pipes.take(server.userEvents));
            assertEquals(ALL_READ, Pipes.take(server.userEvents));
            assertTrue(channel.isOpen() && channel.isActive() && channel.isOutputShutdown());
            assertFalse(channel.isInputShutdown());
            server.channel.writeAndFlush(ascii("2")).sync();
            assertEquals("2", client.read(1));
        }
    }

    @Test
    void write_afterShutdownOutputBySelf_failsAndTheChannelStaysWritable() throws Exception {
        try (Pipes pipes = serve(null)) {
            Seen client = new Seen(null);
            DuplexChannel channel = connect(client(pipes, client, false), pipes);
            // Or it would close, as any that knows nothing of half-closure.
            pipes.accept().channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
            channel.shutdownOutput().sync();
            ByteBuf data = ascii("too late");
            assertInstanceOf(ChannelOutputShutdownException.class, channel.writeAndFlush(data).await().cause());
            assertEquals(0, data.refCnt());
            assertTrue(channel.isWritable());
            assertTrue(channel.isActive());
        }
    }

    @Test
    void shutdown_afterAClose_fails() throws Exception {
        try (Pipes pipes = serve(null)) {
            DuplexChannel channel = connect(client(pipes, new Seen(null), true), pipes);
            channel.close().sync();
            assertInstanceOf(ClosedChannelException.class, channel.shutdownInput().await().cause());
            assertInstanceOf(ClosedChannelException.class, channel.shutdownOutput().await().cause());
            assertTrue(channel.isShutdown());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shutdown_withSoLinger_completes(boolean outputOnly) throws Exception {
        try (Pipes pipes = serve(null)) {
            DuplexChannel channel = (DuplexChannel) client(pipes, new Seen(null), true)
                    .option(ChannelOption.SO_LINGER, 1).connect(pipes.address).sync().channel();
            (outputOnly ? channel.shutdownOutput() : channel.shutdown()).sync();
            channel.close().sync();
        }
    }

    @Test
    void shutdownOutput_byPeer_isTheEndOfInputOnceAndWritingGoesOn() throws Exception {
        try (Pipes pipes = serve(null)) {
            Seen client = new Seen(null);
            DuplexChannel channel = connect(client(pipes, client, true), pipes);
            Seen server = pipes.accept();
            server.channel.writeAndFlush(ascii("1")).sync();
            assertEquals("1", client.read(1));
            ((DuplexChannel) server.channel).shutdownOutput().sync();
            assertEquals(SHUT, Pipes.take(client.userEvents));
            assertEquals(ALL_READ, Pipes.take(client.userEvents));
            assertTrue(channel.isOpen() && channel.isActive() && channel.isInputShutdown());
            assertFalse(channel.isOutputShutdown());
            channel.read();
            for (int i = 0; i < 10; i++) {
                channel.writeAndFlush(ascii("2")).sync();
                assertEquals("2", server.read(1));
            }
            server.channel.close().sync();
            assertEquals("active", Pipes.take(client.events));
            assertEquals("inactive", Pipes.take(client.events));
            assertNull(client.userEvents.poll());
        }
    }

    @Test
    void shutdownOutput_byPeerWithoutHalfClosure_closesBehindAllDataAsOfTcp() throws Exception {
        try (Pipes pipes = serve(null)) {
            Seen client = new Seen(null);
            connect(client(pipes, client, false), pipes);
            Seen server = pipes.accept();
            server.channel.writeAndFlush(ascii("last words"));
            ((DuplexChannel) server.channel).shutdownOutput().sync();
            assertEquals("last words", client.read(10));
            assertEquals("active", Pipes.take(client.events));
            assertEquals("inactive", Pipes.take(client.events));
            assertNull(client.userEvents.poll());
        }
    }

    @Test
    void halfClosedPeer_withSoLinger_receivesWhatIsWrittenOnTheEvent() throws Exception {
        try (Pipes pipes = serve(() -> whenActive(done -> ((DuplexChannel) done.channel()).shutdownOutput()))) {
            Seen client = new Seen(null) {
                @Override
                public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                    if (event == ChannelInputShutdownEvent.INSTANCE) {
                        ctx.writeAndFlush(ascii("0123456789abcdef"));
                    } else if (event == ChannelInputShutdownReadComplete.INSTANCE) {
                        ctx.close();
                    }
                }
            };
            Channel channel = client(pipes, client, true).connect(pipes.address).sync().channel();
            assertEquals("0123456789abcdef", pipes.accept().read(16));
            channel.closeFuture().sync();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void halfClosedPeer_bytesReadOneByOne_allAreReadBeforeTheEvents(boolean autoRead) throws Exception {
        String text = "0123456789abcdef".repeat(100);
        try (Pipes pipes = serve(() -> whenActive(active -> active.channel().writeAndFlush(ascii(text))
                .addListener((ChannelFutureListener) done -> ((DuplexChannel) done.channel()).shutdownOutput())))) {
            Seen client = new Seen(null) {
                @Override
                public void channelReadComplete(ChannelHandlerContext ctx) {
                    super.channelReadComplete(ctx);
                    if (!autoRead) {
                        ctx.read();
                    }
                }
            };
            DuplexChannel channel = (DuplexChannel) client(pipes, client, true)
                    .option(ChannelOption.AUTO_READ, autoRead)
                    .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(1).maxMessagesPerRead(2))
                    .connect(pipes.address).sync().channel();
            channel.read();
            assertEquals(text, client.read(text.length()));
            assertEquals(SHUT, Pipes.take(client.userEvents));
            assertEquals(ALL_READ, Pipes.take(client.userEvents));
            assertTrue(channel.isInputShutdown());
            assertTrue(client.readCompletes.get() <= text.length() + 2, () -> client.readCompletes + " readCompletes");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void peerThatCloses_afterAllItSent_isReadToTheEndWithOrWithoutHalfClosure(boolean allowHalfClosure)
            throws Exception {
        String text = "0123456789abcdef".repeat(100);
        try (Pipes pipes = serve(() -> whenActive(active -> active.channel().writeAndFlush(ascii(text))
                .addListener(ChannelFutureListener.CLOSE)))) {
            Seen client = new Seen(null);
            client(pipes, client, allowHalfClosure)
                    .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(1).maxMessagesPerRead(2))
                    .connect(pipes.address).sync();
            assertEquals(text, client.read(text.length()));
            assertEquals("active", Pipes.take(client.events));
            assertEquals("inactive", Pipes.take(client.events));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void write_thatFails_withAutoCloseOff_shutsDownTheOutputAndTheInputIsStillRead(boolean allowHalfClosure)
            throws Exception {
        try (Pipes pipes = serve(() -> whenActive(active -> active.channel().writeAndFlush(ascii("last words"))
                .addListener(ChannelFutureListener.CLOSE)))) {
            Seen client = new Seen(null);
            DuplexChannel channel = (DuplexChannel) client(pipes, client, allowHalfClosure)
                    .option(ChannelOption.AUTO_CLOSE, false).option(ChannelOption.AUTO_READ, false)
                    .connect(pipes.address).sync().channel();
            pipes.accept().channel.closeFuture().sync();
            // Its handle is closed by now, or a little later.
            while (channel.writeAndFlush(ascii("?")).await().isSuccess()) {
                Thread.onSpinWait();
            }
            assertEquals("ChannelOutputShutdownEvent", Pipes.take(client.userEvents));
            assertTrue(channel.isOutputShutdown());
            channel.read();
            assertEquals("last words", client.read(10));
            assertEquals("active", Pipes.take(client.events));
            assertEquals("inactive", Pipes.take(client.events));
        }
    }
}
