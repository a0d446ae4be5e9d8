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
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.ManualIoEventLoop;
import io.netty.util.concurrent.Ticker;
import io.nettypipe.iocp.IocpIoHandler;
import io.nettypipe.win32.model.ModelWin32;
import io.nettypipe.win32.model.Personality;
import io.nettypipe.win32.model.SeededSchedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * A server and some clients on one event loop over a model, all on the calling thread, so that a seed replays: it
 * chooses the operations, their sizes, and when and in which order the system completes what they begin.
 */
final class ScheduleWorld {
    private static final int QUOTA = 1_000;
    /** After so many turns without work none is left, whatever the model holds back. */
    private static final int IDLE_TURNS = 25;
    private static final int MAX_TURNS = 100_000;

    private final Random random;
    private final NamedPipeMode mode;
    final ModelWin32 model;
    private final WatchfulAllocator allocator;
    private final Clock ticker = new Clock();
    private final ManualIoEventLoop loop;
    private final NamedPipeAddress address = NamedPipeAddress.of("schedule");
    private final Channel server;
    private final List<ScheduleEnd> ends = new ArrayList<>();

    ScheduleWorld(long seed) {
        random = new Random(seed);
        mode = random.nextBoolean() ? NamedPipeMode.MESSAGE : NamedPipeMode.BYTE;
        Personality personality = random.nextBoolean() ? Personality.WINDOWS : Personality.WINE_8;
        model = new ModelWin32(personality, new SeededSchedule(seed)).neverBlocking();
        allocator = new WatchfulAllocator(model);
        loop = new ManualIoEventLoop(null, Thread.currentThread(), IocpIoHandler.newFactory(model), ticker);
        server = new ServerBootstrap().group(loop).channel(NamedPipeServerChannel.class)
                .option(NamedPipeChannelOption.PIPE_TYPE, mode)
                .option(NamedPipeChannelOption.IN_BUFFER_SIZE, QUOTA)
                .option(NamedPipeChannelOption.OUT_BUFFER_SIZE, QUOTA)
                .option(ChannelOption.SO_BACKLOG, 1 + random.nextInt(3))
                .option(ChannelOption.AUTO_READ, random.nextBoolean())
                .childOption(ChannelOption.ALLOCATOR, allocator)
                .childHandler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public boolean isSharable() {
                        return true;
                    }

                    @Override
                    public void handlerAdded(ChannelHandlerContext ctx) {
                        // Whose peer it is comes with its first byte.
                        ctx.pipeline().replace(this, "end", newEnd(ctx.channel()));
                    }
                }).bind(address).channel();
        drain();
    }

    private ScheduleEnd newEnd(Channel channel) {
        ScheduleEnd end = new ScheduleEnd(channel, mode, allocator);
        ends.add(end);
        return end;
    }

    /** Does one thing at random. */
    void step() {
        int action = random.nextInt(20);
        if (ends.isEmpty() || action == 0 && ends.size() < 8) {
            connect();
        } else if (action < 8) {
            loop.runNow();
        } else {
            act(ends.get(random.nextInt(ends.size())), action);
        }
    }

    private void connect() {
        ScheduleEnd client = newEnd(null);
        client.channel = new Bootstrap().group(loop).channel(NamedPipeChannel.class).handler(client)
                .option(ChannelOption.ALLOCATOR, allocator)
                .option(NamedPipeChannelOption.READ_MODE, mode).connect(address).channel();
    }

    private void act(ScheduleEnd end, int action) {
        if (action < 14 && (end.channel.isActive() || !end.channel.isOpen())) {
            int messages = 1 + random.nextInt(4);
            for (int i = 0; i < messages; i++) {
                end.write(random.nextInt(5) == 0 ? random.nextInt(3 * QUOTA) : random.nextInt(200));
            }
            end.channel.flush();
        } else if (action == 14 || action == 15) {
            end.channel.config().setAutoRead(!end.channel.config().isAutoRead());
        } else if (action == 16 && random.nextInt(3) == 0) {
            server.config().setAutoRead(!server.config().isAutoRead());
        } else if (action == 16) {
            end.channel.read();
        } else if (action == 17) {
            ticker.advance(random.nextInt(300), TimeUnit.MILLISECONDS);
        } else if (action == 18 && random.nextInt(4) == 0) {
            end.close();
        } else if (action == 19 && end.channel.isActive() && end.channel.isRegistered() && random.nextInt(3) == 0) {
            end.deregistered = true;
            end.channel.deregister().addListener(done -> {
                if (end.channel.isOpen()) {
                    ((EventLoop) loop).register(end.channel);
                }
            });
        }
    }

    /** Runs the loop until it has nothing more to do. */
    private void drain() {
        int idle = 0;
        for (int turns = 0; idle < IDLE_TURNS; turns++) {
            if (turns > MAX_TURNS) {
                throw new AssertionError("the loop never comes to rest");
            }
            idle = loop.runNow() == 0 ? idle + 1 : 0;
        }
    }

    /** Lets all that was begun end, closes everything, and checks what came of it. */
    void finish() {
        server.config().setAutoRead(true);
        drain();
        ends.forEach(end -> end.channel.config().setAutoRead(true));
        drain();
        // A connect that waits for an instance tries again when its wait is over.
        ticker.advance(1, TimeUnit.SECONDS);
        drain();
        long connected = ends.stream().filter(end -> end.channel.parent() == null && end.wasActive()).count();
        long accepted = ends.stream().filter(end -> end.channel.parent() != null).count();
        if (connected != accepted) {
            throw new AssertionError(connected + " clients connected, " + accepted + " were accepted");
        }
        ends.forEach(ScheduleEnd::checkDelivered);
        new ArrayList<>(ends).forEach(ScheduleEnd::close);
        drain();
        server.close();
        drain();
        ticker.advance(60, TimeUnit.SECONDS);
        drain();
        ends.forEach(ScheduleEnd::checkEnded);
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        for (int turns = 0; !loop.isTerminated(); turns++) {
            if (turns > MAX_TURNS) {
                throw new AssertionError("the loop never ends");
            }
            loop.runNow();
        }
        if (!allocator.freedTooEarly.isEmpty()) {
            throw new AssertionError("freed while the system owns it", allocator.freedTooEarly.get(0));
        }
        model.verify();
        if (allocator.live != 0) {
            throw new AssertionError(allocator.live + " buffers were not released");
        }
    }

    /** Time passes a little with each look at it, because a loop that shuts down waits for it to pass. */
    private static final class Clock implements Ticker {
        private long now;

        void advance(long amount, TimeUnit unit) {
            now += unit.toNanos(amount);
        }

        @Override
        public long initialNanoTime() {
            return 0;
        }

        @Override
        public long nanoTime() {
            return ++now;
        }

        @Override
        public void sleep(long delay, TimeUnit unit) {
            advance(delay, unit);
        }
    }
}
