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
package io.nettypipe.testsuite.abuse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.EventExecutor;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.channel.NamedPipeChannel;
import io.nettypipe.channel.NamedPipeChannelOption;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.channel.NamedPipeServerChannel;
import io.nettypipe.iocp.IocpIoHandler;
import io.nettypipe.testing.WindowsTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What an idle connection holds, both of its ends in this process: Java heap, buffers from the allocator, and the
 * transport's own native memory. Each has carried one message of 64 bytes each way, as the read buffer's size depends
 * on what came so far. The leak detection of the other tests is off, because it keeps a record for each buffer.
 */
@Tag("long")
@WindowsTest
final class IdleMemoryTest {
    private static final int CONNECTIONS = 1000;
    private static final int MESSAGE = 64;
    private static final long HEAP_LIMIT = 32 * 1024;

    @ParameterizedTest
    @EnumSource(NamedPipeMode.class)
    @Timeout(240)
    void idleConnections_waitingWithoutBuffers_holdNone(NamedPipeMode mode) throws Exception {
        ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        try {
            measure(mode, false, new UnpooledByteBufAllocator(true), 50);
            for (boolean zeroByteRead : new boolean[] {false, true}) {
                Figures exact = measure(mode, zeroByteRead, new UnpooledByteBufAllocator(true), CONNECTIONS);
                Figures pooled = measure(mode, zeroByteRead, new AdaptiveByteBufAllocator(true), CONNECTIONS);
                Arena.report("idle " + mode + " zeroByteRead=" + zeroByteRead + " connections=" + CONNECTIONS
                        + " each: unpooled " + exact + ", default allocator " + pooled);
                assertTrue(exact.heap < HEAP_LIMIT, exact::toString);
                if (zeroByteRead) {
                    assertEquals(0, exact.buffers, exact::toString);
                } else {
                    assertTrue(exact.buffers > 0, exact::toString);
                }
            }
        } finally {
            ResourceLeakDetector.setLevel(level);
        }
    }

    private static Figures measure(NamedPipeMode mode, boolean zeroByteRead, AbstractByteBufAllocator memory,
                                   int connections) throws Exception {
        NamedPipeAddress address = NamedPipeAddress.ephemeral();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(2, IocpIoHandler.newFactory());
        try {
            new ServerBootstrap().group(group).channel(NamedPipeServerChannel.class)
                    .option(NamedPipeChannelOption.PIPE_TYPE, mode).option(ChannelOption.SO_BACKLOG, 64)
                    .childOption(NamedPipeChannelOption.ZERO_BYTE_READ, zeroByteRead)
                    .childOption(ChannelOption.ALLOCATOR, memory)
                    .childHandler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline().addLast(Reply.INSTANCE);
                        }
                    }).bind(address).sync();
            Replies replies = new Replies(connections);
            Bootstrap client = new Bootstrap().group(group).channel(NamedPipeChannel.class).handler(replies)
                    .option(NamedPipeChannelOption.READ_MODE, mode)
                    .option(NamedPipeChannelOption.ZERO_BYTE_READ, zeroByteRead)
                    .option(ChannelOption.ALLOCATOR, memory);
            Figures before = Figures.now(memory);
            List<Channel> channels = new ArrayList<>(connections);
            for (int i = 0; i < connections; i++) {
                channels.add(client.connect(address).sync().channel());
            }
            for (Channel channel : channels) {
                channel.writeAndFlush(memory.directBuffer(MESSAGE).writeZero(MESSAGE));
            }
            assertTrue(replies.arrived.await(Arena.SECONDS, TimeUnit.SECONDS));
            for (EventExecutor loop : group) {
                loop.submit(() -> { }).sync();
            }
            return Figures.now(memory).since(before, connections);
        } finally {
            group.shutdownGracefully(0, Arena.SECONDS, TimeUnit.SECONDS).sync();
        }
    }

    private record Figures(long heap, long buffers, long own) {

        static Figures now(AbstractByteBufAllocator memory) {
            long heap = Long.MAX_VALUE;
            for (int i = 0; i < 4; i++) {
                System.gc();
                heap = Math.min(heap, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
            }
            return new Figures(heap, ((ByteBufAllocatorMetricProvider) memory).metric().usedDirectMemory(),
                    UnpooledByteBufAllocator.DEFAULT.metric().usedDirectMemory());
        }

        Figures since(Figures before, int connections) {
            return new Figures((heap - before.heap) / connections, (buffers - before.buffers) / connections,
                    (own - before.own) / connections);
        }

        @Override
        public String toString() {
            return "heap=" + heap + " buffers=" + buffers + " own=" + own;
        }
    }

    @Sharable
    private static final class Reply extends ChannelInboundHandlerAdapter {
        static final Reply INSTANCE = new Reply();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ctx.writeAndFlush(message);
        }
    }

    @Sharable
    private static final class Replies extends ChannelInboundHandlerAdapter {
        final CountDownLatch arrived;

        Replies(int count) {
            arrived = new CountDownLatch(count);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
            arrived.countDown();
        }
    }
}
