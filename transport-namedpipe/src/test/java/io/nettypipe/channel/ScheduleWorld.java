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
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.concurrent.Future;
import io.nettypipe.win32.model.ModelWatch;
import io.nettypipe.win32.model.ModelWin32;
import io.nettypipe.win32.model.Personality;
import io.nettypipe.win32.model.SeededSchedule;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * A server and some clients over a model. A seed chooses the operations, their sizes, when and in which order the
 * system completes what they begin, and how the threads take turns: it replays.
 */
final class ScheduleWorld {
    private static final int QUOTA = 1_000;
    private static final int MAX_ENDS = 8;

    private final Random random;
    final NamedPipeMode mode;
    private final ModelWin32 model;
    final ModelWatch watch;
    final WatchfulAllocator allocator;
    private final ScheduleClock clock = new ScheduleClock();
    private final ScheduleLoops loops;
    private final NamedPipeAddress address = NamedPipeAddress.of("schedule");
    private final Channel server;
    private final List<ScheduleEnd> ends = new ArrayList<>();
    private final Map<Long, ScheduleEnd> endsByHandle = new HashMap<>();
    private final List<Future<?>> begun = new ArrayList<>();
    private ChannelFuture lastConnect;
    /** Whether the loops end while everybody goes on. */
    private final boolean endsEarly;
    /** Whether some messages are so large that the system has two of them at a time, or two pieces of one. */
    private final boolean large;
    private boolean finishing;
    private Throwable wrong;

    ScheduleWorld(long number, boolean onThreads) {
        // Seeds that follow each other would make the same first choices.
        long seed = new SplittableRandom(number).nextLong();
        random = new Random(seed);
        mode = random.nextBoolean() ? NamedPipeMode.MESSAGE : NamedPipeMode.BYTE;
        Personality personality = random.nextBoolean() ? Personality.WINDOWS : Personality.WINE_8;
        model = new ModelWin32(personality, new SeededSchedule(seed)).neverBlocking().tellingTimeBy(clock::look);
        watch = model.watch();
        allocator = new WatchfulAllocator(model);
        large = random.nextInt(4) == 0;
        endsEarly = onThreads && random.nextInt(4) == 0;
        loops = onThreads ? new LoopsOnThreads(seed, model, clock) : new OneLoopByHand(seed, model, clock);
        ChannelFuture bound = new ServerBootstrap().group(loops.any(random), loops.any(random))
                .channel(NamedPipeServerChannel.class)
                .option(NamedPipeChannelOption.PIPE_TYPE, mode)
                .option(NamedPipeChannelOption.IN_BUFFER_SIZE, QUOTA)
                .option(NamedPipeChannelOption.OUT_BUFFER_SIZE, QUOTA)
                .option(ChannelOption.SO_BACKLOG, 1 + random.nextInt(3))
                .option(ChannelOption.AUTO_READ, random.nextBoolean())
                .childOption(ChannelOption.ALLOCATOR, allocator)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, readBuffers())
                .childOption(NamedPipeChannelOption.MAX_PART_SIZE, random.nextInt(3 * QUOTA))
                .childHandler(new Accepted()).bind(address);
        server = bound.channel();
        begun(bound);
    }

    /** Small ones now and then, so that messages come in parts. */
    private RecvByteBufAllocator readBuffers() {
        int most = large ? 64 * 1024 : random.nextBoolean() ? 2 * QUOTA : 64;
        return new AdaptiveRecvByteBufAllocator(16, most, most);
    }

    private final class Accepted extends ChannelInboundHandlerAdapter {
        @Override
        public boolean isSharable() {
            return true;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.pipeline().replace(this, "end", newEnd());
        }
    }

    private ScheduleEnd newEnd() {
        ScheduleEnd end = new ScheduleEnd(this, ends.size() + 1);
        ends.add(end);
        return end;
    }

    void wrong(Throwable what) {
        if (wrong == null) {
            wrong = what;
        }
    }

    void begun(Future<?> future) {
        begun.add(future);
    }

    void isAt(long handle, ScheduleEnd end) {
        endsByHandle.put(handle, end);
    }

    ScheduleEnd at(long handle) {
        return endsByHandle.get(handle);
    }

    /** Whether channels may close for a reason of their own: their loops end. */
    boolean isUnruly() {
        return endsEarly && loops.isEnding();
    }

    /** Explores, and checks what came of it. */
    void run(int steps) {
        try {
            loops.rest();
            loops.play(steps, this::step);
            if (endsEarly) {
                ends.forEach(end -> end.closeAsked = true);
            } else {
                finish();
            }
            loops.end(endsEarly ? this::step : null);
            checkEnd();
        } catch (Throwable t) {
            Throwable first = wrong == null ? t : wrong;
            loops.abandon();
            throw new AssertionError(first.toString(), first);
        }
    }

    /** Does one thing at random. */
    private void step() {
        try {
            int action = random.nextInt(24);
            if (ends.isEmpty() || action == 0 && ends.size() < MAX_ENDS) {
                connect();
                return;
            }
            ScheduleEnd end = ends.get(random.nextInt(ends.size()));
            if (action == 1) {
                clock.advance(random.nextInt(300), TimeUnit.MILLISECONDS);
            } else if (action == 2 && lastConnect != null && random.nextInt(4) == 0) {
                lastConnect.cancel(false);
            } else if (action == 3 && random.nextInt(3) == 0) {
                server.config().setAutoRead(!server.config().isAutoRead());
            } else if (action == 4 && endsEarly && random.nextInt(10) == 0) {
                ends.forEach(one -> one.closeAsked = true);
                loops.any(random).shutdownGracefully(0, 0, TimeUnit.SECONDS);
            } else {
                act(end, action);
            }
        } catch (RejectedExecutionException e) {
            if (!isUnruly()) {
                throw e;
            }
        }
    }

    private void connect() {
        ScheduleEnd client = newEnd();
        ChannelFuture connect = new Bootstrap().group(loops.any(random)).channel(NamedPipeChannel.class)
                .handler(client).disableResolver()
                .option(ChannelOption.ALLOCATOR, allocator)
                .option(ChannelOption.RECVBUF_ALLOCATOR, readBuffers())
                .option(NamedPipeChannelOption.MAX_PART_SIZE, random.nextInt(3 * QUOTA))
                .option(NamedPipeChannelOption.READ_MODE, mode).connect(address);
        lastConnect = connect;
        begun(connect);
        connect.addListener(done -> {
            if (!done.isSuccess()) {
                client.closeAsked = true;
            }
        });
    }

    private void act(ScheduleEnd end, int action) {
        if (finishing || end.moving || end.channel == null || !end.channel.isRegistered()) {
            // What was scheduled for later comes when there is no later.
            return;
        }
        if (action < 13) {
            write(end);
        } else if (action < 16) {
            end.toggleAutoRead();
        } else if (action == 16) {
            end.channel.read();
        } else if (action == 17 && random.nextInt(3) == 0) {
            end.close();
            if (random.nextBoolean()) {
                end.close();
            }
        } else if (action == 18 && end.channel.isActive() && !endsEarly && random.nextInt(3) == 0) {
            deregister(end);
        } else if (action == 19) {
            int delay = random.nextInt(200);
            int later = random.nextInt(17);
            end.channel.eventLoop().schedule(() -> act(end, later), delay, TimeUnit.MILLISECONDS);
        } else if (action > 19) {
            // From inside its loop, among its tasks.
            int inside = random.nextInt(19);
            end.channel.eventLoop().execute(() -> act(end, inside));
        }
    }

    private void write(ScheduleEnd end) {
        if (!end.channel.isActive() && end.channel.isOpen()) {
            return;
        }
        ScheduleEnd.Message last = null;
        for (int messages = 1 + random.nextInt(4); messages > 0 && !end.moving; messages--) {
            last = end.write(random.nextInt(5) == 0 ? random.nextInt(3 * QUOTA)
                            : large && random.nextInt(3) == 0 ? 64 * 1024 + random.nextInt(256 * 1024)
                            : random.nextInt(200),
                    random.nextInt(8) == 0);
        }
        if (last != null && random.nextInt(8) == 0) {
            last.cancel();
        }
        if (random.nextInt(10) != 0 && !end.moving) {
            end.channel.flush();
        }
    }

    private void deregister(ScheduleEnd end) {
        end.deregistered = true;
        EventLoop home = end.channel.eventLoop();
        EventLoop next = loops.any(random);
        end.moving = loops.count() > 1;
        end.moved |= next != home;
        begun(end.channel.deregister().addListener(done -> {
            if (end.channel.isOpen()) {
                end.checkLeft();
                // Where the system cannot move it, it goes back to where it was.
                begun(next.register(end.channel).addListener(registered -> {
                    end.moving = false;
                    if (!registered.isSuccess() && end.channel.isOpen() && !end.channel.isRegistered()) {
                        begun(home.register(end.channel));
                    }
                }));
            } else {
                end.moving = false;
            }
        }));
    }

    /** Lets all that was begun end, and closes everything. */
    private void finish() {
        finishing = true;
        loops.rest();
        server.config().setAutoRead(true);
        loops.rest();
        ends.forEach(end -> {
            if (end.channel.isRegistered()) {
                end.channel.flush();
            }
            end.channel.config().setAutoRead(true);
        });
        loops.rest();
        // A connect that waits for an instance tries again when its wait is over.
        for (int i = 0; i < 4; i++) {
            clock.advance(300, TimeUnit.MILLISECONDS);
            loops.rest();
        }
        long connected = ends.stream().filter(end -> end.channel.parent() == null && end.wasActive()).count();
        long accepted = ends.stream().filter(end -> end.channel.parent() != null).count();
        if (connected != accepted) {
            throw new AssertionError(connected + " clients connected, " + accepted + " were accepted");
        }
        ends.forEach(ScheduleEnd::checkDelivered);
        new ArrayList<>(ends).forEach(ScheduleEnd::close);
        loops.rest();
        begun(server.close());
        loops.rest();
        clock.advance(60, TimeUnit.SECONDS);
        loops.rest();
        ends.forEach(ScheduleEnd::checkEnded);
    }

    private void checkEnd() {
        ends.forEach(ScheduleEnd::checkEnded);
        for (Future<?> future : begun) {
            if (!future.isDone()) {
                wrong(new AssertionError("never done: " + future));
            }
        }
        if (wrong != null) {
            throw new AssertionError(wrong.toString(), wrong);
        }
        if (!allocator.freedTooEarly.isEmpty()) {
            throw new AssertionError("freed while the system owns it", allocator.freedTooEarly.get(0));
        }
        model.verify();
        if (allocator.live != 0) {
            throw new AssertionError(allocator.live + " buffers were not released");
        }
    }
}
