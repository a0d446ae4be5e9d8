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
import io.netty.channel.ManualIoEventLoop;
import io.nettypipe.iocp.TestIocp;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.model.ModelWin32;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** One event loop that the test's own thread runs a turn at a time, as it does everything else. */
final class OneLoopByHand implements ScheduleLoops {
    /** After so many turns without work none is left, whatever the model holds back. */
    private static final int IDLE_TURNS = 25;
    private static final int MAX_TURNS = 100_000;
    private static final int MAX_WAITS = 10_000;
    private static final int WAIT_TIMEOUT = 258;

    private final ModelWin32 model;
    private final ScheduleClock clock;
    private final Random random;
    private final ManualIoEventLoop loop;
    private int waitsForEver;

    OneLoopByHand(long seed, ModelWin32 model, ScheduleClock clock) {
        this.model = model;
        this.clock = clock;
        random = new Random(~seed);
        Win32 watched = (Win32) Proxy.newProxyInstance(Win32.class.getClassLoader(), new Class<?>[] {Win32.class},
                (proxy, method, args) -> call(method, args));
        loop = new ManualIoEventLoop(null, Thread.currentThread(), TestIocp.newFactory(watched), clock);
    }

    /** A loop that ends waits for ever for what it cancelled; here that is no blocking. */
    private Object call(Method method, Object[] args) throws Throwable {
        Object answer;
        try {
            answer = method.invoke(model, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
        if (method.getName().equals("getQueuedCompletionStatusEx") && (int) args[4] < 0) {
            boolean ended = (int) answer != WAIT_TIMEOUT;
            waitsForEver = ended ? 0 : waitsForEver + 1;
            if (waitsForEver > MAX_WAITS) {
                throw new AssertionError("the loop waits for what never comes");
            }
            clock.advance(ended ? 0 : 1, TimeUnit.MILLISECONDS);
        }
        return answer;
    }

    @Override
    public int count() {
        return 1;
    }

    @Override
    public EventLoop any(Random ignored) {
        return loop;
    }

    @Override
    public void play(int steps, Runnable step) {
        for (int i = 0; i < steps; i++) {
            if (random.nextInt(20) < 8) {
                loop.runNow();
            } else {
                step.run();
            }
        }
    }

    @Override
    public void rest() {
        int idle = 0;
        for (int turns = 0; idle < IDLE_TURNS; turns++) {
            if (turns > MAX_TURNS) {
                throw new AssertionError("the loop never comes to rest");
            }
            idle = loop.runNow() == 0 ? idle + 1 : 0;
        }
    }

    @Override
    public void end(Runnable nobody) {
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        for (int turns = 0; !loop.isTerminated(); turns++) {
            if (turns > MAX_TURNS) {
                throw new AssertionError("the loop never ends");
            }
            loop.runNow();
        }
    }

    @Override
    public boolean isEnding() {
        return loop.isShuttingDown();
    }

    @Override
    public void abandon() {
        // There is only this thread.
    }
}
