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

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.traffic.AbstractTrafficShapingHandler;
import io.netty.handler.traffic.ChannelTrafficShapingHandler;
import io.netty.handler.traffic.GlobalTrafficShapingHandler;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.EventExecutorGroup;
import io.nettypipe.testing.Pattern;
import io.nettypipe.testing.WindowsTest;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Netty's traffic shaping keeps writes back, and keeps from reading by turning auto-read off and on. */
@WindowsTest
class TrafficShapingTest {
    private static final int SIZE = 192 * 1024;
    private static final int BYTES_PER_SECOND = 256 * 1024;
    private static final int CHECK_MILLIS = 50;

    private final AtomicBoolean readsWereSuspended = new AtomicBoolean();
    private final AtomicBoolean writesWereHeld = new AtomicBoolean();

    @Test
    void readLimit_ofAChannel_readsAreSuspendedAndEveryByteArrives() throws Exception {
        ChannelTrafficShapingHandler shaper = new ChannelTrafficShapingHandler(0, BYTES_PER_SECOND, CHECK_MILLIS);
        echo(1, () -> shaper, () -> shaper.queueSize() > 0);
        assertTrue(readsWereSuspended.get());
        assertEquals(SIZE, shaper.trafficCounter().cumulativeReadBytes());
    }

    @Test
    void writeLimit_ofAChannel_writesAreHeldAndEveryByteArrives() throws Exception {
        ChannelTrafficShapingHandler shaper = new ChannelTrafficShapingHandler(BYTES_PER_SECOND, 0, CHECK_MILLIS);
        echo(1, () -> shaper, () -> shaper.queueSize() > 0);
        assertTrue(writesWereHeld.get());
        assertEquals(SIZE, shaper.trafficCounter().cumulativeWrittenBytes());
    }

    @Test
    void bothLimits_ofAllChannelsTogether_everyByteArrives() throws Exception {
        EventExecutorGroup timers = new DefaultEventExecutorGroup(1);
        GlobalTrafficShapingHandler shaper = new GlobalTrafficShapingHandler(
                timers, 3 * BYTES_PER_SECOND, 3 * BYTES_PER_SECOND, CHECK_MILLIS);
        echo(3, () -> shaper, () -> shaper.queuesSize() > 0);
        assertTrue(readsWereSuspended.get() || writesWereHeld.get());
        assertEquals(3 * SIZE, shaper.trafficCounter().cumulativeWrittenBytes());
        shaper.release();
        timers.shutdownGracefully(0, Pipes.SECONDS, TimeUnit.SECONDS).sync();
    }

    private void echo(int clients, Supplier<AbstractTrafficShapingHandler> shaper, BooleanSupplier holdsWrites)
            throws Exception {
        try (Pipes pipes = new Pipes(2)) {
            pipes.serve(pipes.server(() -> new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(shaper.get(), new Echo(holdsWrites));
                }
            }));
            List<Collector> collectors = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                Collector collector = new Collector();
                collectors.add(collector);
                Channel channel = pipes.client(collector).connect(pipes.address).sync().channel();
                channel.writeAndFlush(pattern());
            }
            for (Collector collector : collectors) {
                assertTrue(collector.full.await(Pipes.SECONDS, TimeUnit.SECONDS));
                ByteBuf expected = pattern();
                assertEquals(expected, collector.received);
                expected.release();
                collector.received.release();
            }
        }
    }

    private static ByteBuf pattern() {
        return Pattern.buffer(UnpooledByteBufAllocator.DEFAULT, 0, 0, SIZE);
    }

    private final class Echo extends ChannelInboundHandlerAdapter {
        private final BooleanSupplier holdsWrites;

        Echo(BooleanSupplier holdsWrites) {
            this.holdsWrites = holdsWrites;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ctx.writeAndFlush(msg);
            if (holdsWrites.getAsBoolean()) {
                writesWereHeld.set(true);
            }
            if (!ctx.channel().config().isAutoRead()) {
                readsWereSuspended.set(true);
            }
        }
    }

    private static final class Collector extends ChannelInboundHandlerAdapter {
        final ByteBuf received = Unpooled.buffer(SIZE);
        final CountDownLatch full = new CountDownLatch(1);

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            received.writeBytes((ByteBuf) msg);
            ((ByteBuf) msg).release();
            if (received.readableBytes() == SIZE) {
                full.countDown();
            }
        }
    }
}
