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
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.nettypipe.testing.WindowsTest;
import org.junit.jupiter.api.Test;

import java.net.ConnectException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What Netty's SocketConnect, SocketChannelNotYetConnected and WriteBeforeRegistered tests ask of sockets. */
@WindowsTest
class BeforeConnectedTest {

    @Test
    void connect_closedByItsListener_becomesActiveAndThenInactive() throws Exception {
        try (Pipes pipes = new Pipes(2)) {
            pipes.serve();
            for (int i = 0; i < 50; i++) {
                Seen client = new Seen(null);
                pipes.client(client).connect(pipes.address).addListener(ChannelFutureListener.CLOSE).sync();
                assertEquals("active", Pipes.take(client.events));
                assertEquals("inactive", Pipes.take(client.events));
                Seen server = pipes.accept();
                assertEquals("active", Pipes.take(server.events));
                assertEquals("inactive", Pipes.take(server.events));
            }
        }
    }

    @Test
    void write_beforeConnecting_arrivesBeforeWhatIsWrittenLater() throws Exception {
        try (Pipes pipes = new Pipes(2)) {
            pipes.serve();
            ByteBuf composite = Unpooled.compositeBuffer().addComponents(true, ascii("[com"), ascii("posite]"));
            ByteBuf readerIndex = ascii("xx[skipped]").skipBytes(2);
            for (ByteBuf early : List.of(ascii("[heap]"), readerIndex, direct("[direct]"), composite)) {
                String text = early.toString(StandardCharsets.US_ASCII) + "[later]";
                Channel channel = pipes.client(new Seen(null)).register().sync().channel();
                ChannelFuture earlyWrite = channel.write(early);
                channel.connect(pipes.address).sync();
                channel.writeAndFlush(ascii("[later]")).sync();
                assertTrue(earlyWrite.isSuccess());
                assertEquals(0, early.refCnt());
                assertEquals(text, pipes.accept().read(text.length()));
                channel.disconnect().sync();
                assertFalse(channel.isOpen());
            }
        }
    }

    @Test
    void flush_beforeConnecting_failsWithNotYetConnectedAndConnectingStillWorks() throws Exception {
        try (Pipes pipes = new Pipes(1)) {
            pipes.serve();
            Channel channel = pipes.client(new Seen(null)).register().sync().channel();
            ByteBuf data = ascii("too early");
            assertInstanceOf(NotYetConnectedException.class, channel.writeAndFlush(data).await().cause());
            assertEquals(0, data.refCnt());
            channel.connect(pipes.address).sync();
            channel.writeAndFlush(ascii("in time")).sync();
            assertEquals("in time", pipes.accept().read(7));
        }
    }

    @Test
    void read_beforeConnecting_isAnsweredByTheFirstMessage() throws Exception {
        try (Pipes pipes = new Pipes(1)) {
            pipes.serve();
            Seen client = new Seen(null);
            Bootstrap bootstrap = pipes.client(new ChannelInboundHandlerAdapter() {
                @Override
                public void handlerAdded(ChannelHandlerContext ctx) {
                    assertFalse(ctx.channel().isActive());
                    ctx.pipeline().addLast(client);
                    ctx.read();
                }
            }).option(ChannelOption.AUTO_READ, false);
            bootstrap.connect(pipes.address).sync();
            pipes.accept().channel.writeAndFlush(ascii("42")).sync();
            assertEquals("42", client.read(2));
        }
    }

    @Test
    void write_rightAfterAConnectThatFails_failsAndIsReleased() throws Exception {
        try (Pipes pipes = new Pipes(1)) {
            for (int i = 0; i < 50; i++) {
                ByteBuf data = ascii("to nobody");
                ChannelFuture connect = pipes.client(new Seen(null)).connect(pipes.address);
                ChannelFuture write = connect.channel().writeAndFlush(data);
                connect.channel().close().sync();
                Throwable failure = connect.await().cause();
                assertTrue(failure instanceof ConnectException || failure instanceof ClosedChannelException,
                        () -> "connect: " + failure);
                assertFalse(write.await().isSuccess());
                assertEquals(0, data.refCnt());
            }
        }
    }

    private static ByteBuf ascii(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    private static ByteBuf direct(String text) {
        return Unpooled.directBuffer().writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }
}
