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

import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.util.concurrent.Ticker;
import io.nettypipe.iocp.TestIocp;
import io.nettypipe.testing.Baton;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.model.ModelWatch;
import io.nettypipe.win32.model.ModelWin32;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Several event loops, each with a thread that really blocks, and threads of the program that call into them. One of
 * all these runs at a time: at each system call, and where a loop looks whether it may block, another may be next.
 */
final class LoopsOnThreads implements ScheduleLoops {
    private static final int WAIT_TIMEOUT = 258;
    private static final int MAX_ROUNDS = 100;
    private static final int STEPS_AT_THE_END = 20;
    /** Calls that a server makes while it counts its instances; others must not wait for that. */
    private static final Set<String> UNDER_A_LOCK = Set.of("createNamedPipe", "holdNamedPipe", "closeHandle",
            "disconnectNamedPipe");

    private final Baton baton;
    private final ModelWin32 model;
    private final ModelWatch watch;
    private final ScheduleClock clock;
    private final int users;
    private final List<Loop> loops = new ArrayList<>();

    LoopsOnThreads(long seed, ModelWin32 model, ScheduleClock clock) {
        this.model = model;
        this.watch = model.watch();
        this.clock = clock;
        baton = new Baton(seed);
        Random random = new Random(~seed);
        Win32 pausing = (Win32) Proxy.newProxyInstance(Win32.class.getClassLoader(), new Class<?>[] {Win32.class},
                (proxy, method, args) -> call(method, args));
        IoHandlerFactory factory = TestIocp.newFactory(pausing);
        for (int count = 1 + random.nextInt(3); count > 0; count--) {
            loops.add(new Loop(factory));
        }
        users = 1 + random.nextInt(2);
    }

    private Object call(Method method, Object[] args) throws Throwable {
        String name = method.getName();
        if (UNDER_A_LOCK.contains(name)) {
            return invoke(method, args);
        }
        baton.pause();
        Object answer = name.equals("getQueuedCompletionStatusEx") ? dequeue(method, args)
                : invoke(method, args);
        if (name.equals("postQueuedCompletionStatus") && (int) answer != 0) {
            // The model has noted that the port is gone; the caller would try for ever.
            answer = 0;
        }
        baton.pause();
        return answer;
    }

    private Object invoke(Method method, Object[] args) throws Throwable {
        try {
            return method.invoke(model, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** Blocks as long as the real call would. */
    private Object dequeue(Method method, Object[] args) throws Throwable {
        long port = (long) args[0];
        int timeout = (int) args[4];
        Thread thread = Thread.currentThread();
        int advances = clock.advances();
        for (;;) {
            if (timeout != 0) {
                baton.waitUntil(() -> watch.hasWork(port, thread) || timeout > 0 && clock.advances() != advances);
            }
            Object answer = invoke(method, args);
            if ((int) answer != WAIT_TIMEOUT || timeout == 0 || timeout > 0 && clock.advances() != advances) {
                return answer;
            }
        }
    }

    @Override
    public int count() {
        return loops.size();
    }

    @Override
    public EventLoop any(Random random) {
        return loops.get(random.nextInt(loops.size()));
    }

    @Override
    public void play(int steps, Runnable step) {
        start(steps, step);
        rest();
    }

    private void start(int steps, Runnable step) {
        for (int user = 0; user < users; user++) {
            baton.start("user " + user, () -> {
                for (int i = 0; i < steps / users; i++) {
                    step.run();
                    baton.pause();
                }
            });
        }
    }

    @Override
    public void rest() {
        baton.run();
        for (Loop loop : loops) {
            if (!loop.isShuttingDown() && loop.urgentTasks > 0) {
                throw new AssertionError("a loop sleeps beside " + loop.urgentTasks + " tasks");
            }
        }
    }

    @Override
    public void end(Runnable step) {
        for (Loop loop : loops) {
            baton.start("who ends a loop", () -> loop.shutdownGracefully(0, 0, TimeUnit.SECONDS));
        }
        if (step != null) {
            start(STEPS_AT_THE_END, step);
        }
        for (int rounds = 0; loops.stream().anyMatch(loop -> !loop.isTerminated()); rounds++) {
            if (rounds > MAX_ROUNDS) {
                throw new AssertionError("a loop never ends");
            }
            baton.run();
            clock.advance(100, TimeUnit.MILLISECONDS);
        }
        baton.run();
    }

    @Override
    public boolean isEnding() {
        return loops.stream().anyMatch(SingleThreadIoEventLoop::isShuttingDown);
    }

    @Override
    public void abandon() {
        baton.abandon();
    }

    private final class Loop extends SingleThreadIoEventLoop {
        private int urgentTasks;

        Loop(IoHandlerFactory factory) {
            super(null, (Executor) task -> baton.start("loop", task), factory);
        }

        /**
         * All but those that may wait until the loop wakes up for another reason, as a write without a flush may, and
         * those of threads without the baton, which may be on their way here whenever somebody counts.
         */
        @Override
        public void execute(Runnable task) {
            if (!baton.hasTurn()) {
                super.execute(task);
                return;
            }
            urgentTasks++;
            try {
                super.execute(() -> {
                    urgentTasks--;
                    task.run();
                });
            } catch (RejectedExecutionException e) {
                urgentTasks--;
                throw e;
            }
        }

        @Override
        public Ticker ticker() {
            return clock;
        }

        /** What a loop asks last before it blocks. */
        @Override
        protected boolean hasTasks() {
            boolean has = super.hasTasks();
            baton.pause();
            return has;
        }
    }
}
