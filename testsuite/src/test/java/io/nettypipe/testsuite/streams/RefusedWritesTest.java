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
package io.nettypipe.testsuite.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.handler.stream.ChunkedStream;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.channel.NamedPipeChannel;
import io.nettypipe.channel.NamedPipeChannelOption;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.channel.NamedPipeServerChannel;
import io.nettypipe.channel.NamedPipeDirection;
import io.nettypipe.iocp.TestIocp;
import io.nettypipe.testing.PipeTest;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.model.TestSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Where nothing can be written any more, a {@code ChunkedWriteHandler} learns it, and does not wait for room. */
@PipeTest
class RefusedWritesTest {
    private final NamedPipeAddress address = NamedPipeAddress.ephemeral();
    private final Win32 win32 = TestSystem.open();
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, TestIocp.newFactory(win32));
    private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();

    @AfterEach
    void shutDown() {
        group.shutdownGracefully(0, StreamEnd.SECONDS, TimeUnit.SECONDS).syncUninterruptibly();
        TestSystem.close(win32);
    }

    private Channel serve(NamedPipeMode type, NamedPipeDirection direction) throws InterruptedException {
        new ServerBootstrap().group(group).channel(NamedPipeServerChannel.class)
                .option(NamedPipeChannelOption.PIPE_TYPE, type).option(NamedPipeChannelOption.DIRECTION, direction)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accepted.add(channel);
                    }
                }).bind(address).sync();
        return new Bootstrap().group(group).channel(NamedPipeChannel.class)
                .option(ChannelOption.AUTO_READ, false)
                .option(NamedPipeChannelOption.DIRECTION,
                        direction == NamedPipeDirection.OUTBOUND
                                ? NamedPipeDirection.INBOUND : NamedPipeDirection.DUPLEX)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new ChunkedWriteHandler(), new ChannelInboundHandlerAdapter());
                    }
                }).connect(address).sync().channel();
    }

    private static ByteBuf bytes() {
        return Unpooled.wrappedBuffer(new byte[100]);
    }

    /** Writes chunks, and a message behind them. */
    private static Throwable refused(Channel channel) throws Exception {
        ChunkedStream input = new ChunkedStream(new ByteArrayInputStream(new byte[1_000_000]));
        ChannelFuture chunks = channel.write(input);
        ByteBuf message = bytes();
        ChannelFuture behind = channel.writeAndFlush(message);
        assertTrue(behind.await(StreamEnd.SECONDS, TimeUnit.SECONDS), "waits for ever");
        assertTrue(chunks.await(StreamEnd.SECONDS, TimeUnit.SECONDS), "waits for ever");
        assertTrue(channel.isActive());
        assertTrue(input.isEndOfInput(), "not closed");
        assertEquals(0, message.refCnt());
        channel.eventLoop().submit(() -> {
            assertEquals(channel.isWritable(), channel.bytesBeforeUnwritable() > 0);
        }).sync();
        assertFalse(behind.isSuccess());
        return chunks.cause();
    }

    @Test
    void chunks_onAnEndThatOnlyReads_fail() throws Exception {
        Channel client = serve(NamedPipeMode.BYTE, NamedPipeDirection.OUTBOUND);
        Throwable cause = refused(client);
        assertInstanceOf(UnsupportedOperationException.class, cause);
        assertTrue(cause.getMessage().contains("INBOUND"), cause.getMessage());
        client.close().sync();
    }

    @Test
    void chunks_afterShutdownOutput_fail() throws Exception {
        NamedPipeChannel client = (NamedPipeChannel) serve(NamedPipeMode.MESSAGE, NamedPipeDirection.DUPLEX);
        client.shutdownOutput().sync();
        assertInstanceOf(ChannelOutputShutdownException.class, refused(client));
        client.close().sync();
    }

    @Test
    void chunks_afterAWriteFailed_fail() throws Exception {
        Channel client = serve(NamedPipeMode.BYTE, NamedPipeDirection.DUPLEX);
        Channel server = accepted.take();
        // Unread, it keeps the channel from its end.
        server.writeAndFlush(bytes()).sync();
        server.close().sync();
        assertInstanceOf(ClosedChannelException.class, client.writeAndFlush(bytes()).await().cause());
        assertInstanceOf(ClosedChannelException.class, refused(client));
        client.close().sync();
    }

    @Test
    void writesWheneverThereIsRoom_onAnEndThatOnlyReads_leaveTheEventLoopToOthers() throws Exception {
        Channel client = serve(NamedPipeMode.BYTE, NamedPipeDirection.OUTBOUND);
        client.pipeline().addFirst(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelWritabilityChanged(ChannelHandlerContext ctx) {
                talk(client);
            }
        });
        client.eventLoop().execute(() -> talk(client));
        client.eventLoop().submit(() -> { }).sync();
        client.close().sync();
    }

    private static void talk(Channel channel) {
        while (channel.isWritable()) {
            channel.write(bytes());
        }
        channel.flush();
    }
}
