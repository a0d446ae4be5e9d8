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
package io.nettypipe.testing;

import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Threads of which one runs at a time, the one that has the baton. Where it pauses or has to wait, chance says who goes
 * on; the same seed says the same again, so that a race which failed once fails each time.
 * <p>
 * A runner must not block in any other way than by {@link #waitUntil}.
 */
public final class Baton {
    private static final int PAUSES_COUNTED = 6;
    private static final long UNWIND_SECONDS = 5;
    private static final Deque<Worker> IDLE = new ConcurrentLinkedDeque<>();

    private final Random random;
    private final List<Runner> runners = new ArrayList<>();
    private final Thread starter = Thread.currentThread();
    /** Who may run: a {@link Runner}, or this for the thread that made it. */
    private volatile Object turn = this;
    private volatile boolean abandoned;
    private Throwable failure;

    /** Makes a baton that the calling thread has. */
    public Baton(long seed) {
        random = new Random(seed);
    }

    /** Adds a runner. It begins once somebody pauses or waits. */
    public void start(String name, Runnable body) {
        runners.add(new Runner(name, body));
    }

    /**
     * Gives the baton away until all runners have ended or wait for what none of them brings. For the thread that made
     * it.
     *
     * @throws AssertionError if a runner threw
     */
    public void run() {
        passOn(this);
        if (failure != null) {
            throw new AssertionError(failure.toString(), failure);
        }
    }

    /**
     * A point where others may go on first. Does nothing in the thread that made it, nor in one that is no runner, as
     * Netty's global executor is: the turn is not its own.
     */
    public void pause() {
        Object me = turn;
        if (me instanceof Runner && ((Runner) me).worker == Thread.currentThread() && !abandoned
                && random.nextInt(PAUSES_COUNTED) == 0) {
            passOn(me);
        }
    }

    /** Whether the calling thread has the baton. Netty's global executor, for one, runs without it. */
    public boolean hasTurn() {
        Object me = turn;
        return (me instanceof Runner ? ((Runner) me).worker : starter) == Thread.currentThread();
    }

    /** Lets others go on until the condition holds, which they evaluate. */
    public void waitUntil(BooleanSupplier condition) {
        if (abandoned) {
            throw new Abandoned();
        }
        Object me = turn;
        if (me == this) {
            throw new IllegalStateException("only a runner waits");
        }
        Runner runner = (Runner) me;
        while (!condition.getAsBoolean()) {
            runner.condition = condition;
            passOn(me);
            runner.condition = null;
        }
    }

    /** The names of those that wait. */
    public List<String> waiting() {
        List<String> names = new ArrayList<>();
        runners.forEach(runner -> names.add(runner.name));
        return names;
    }

    /** Ends what has not ended: a wait throws from now on. For the thread that made it. */
    public void abandon() {
        abandoned = true;
        for (Runner runner : new ArrayList<>(runners)) {
            hand(runner);
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(UNWIND_SECONDS);
            while (turn != this && until - System.nanoTime() > 0) {
                LockSupport.parkNanos(until - System.nanoTime());
            }
            turn = this;
        }
    }

    private void passOn(Object me) {
        Object next = choose();
        if (next == me) {
            return;
        }
        hand(next);
        while (turn != me) {
            LockSupport.park(this);
        }
        if (abandoned && me != this) {
            throw new Abandoned();
        }
    }

    private Object choose() {
        int candidates = 0;
        Runner chosen = null;
        for (Runner runner : runners) {
            if ((runner.condition == null || runner.condition.getAsBoolean()) && random.nextInt(++candidates) == 0) {
                chosen = runner;
            }
        }
        return chosen == null ? this : chosen;
    }

    private void hand(Object next) {
        turn = next;
        LockSupport.unpark(next == this ? starter : ((Runner) next).worker());
    }

    private void ended(Runner runner, Throwable thrown) {
        runners.remove(runner);
        if (thrown != null && failure == null && !abandoned) {
            failure = thrown;
        }
        hand(abandoned || failure != null ? this : choose());
    }

    /** Thrown through a runner that has no reason to go on. */
    public static final class Abandoned extends Error {
        private static final long serialVersionUID = 1L;

        Abandoned() {
            super("the schedule was abandoned", null, false, false);
        }
    }

    private final class Runner {
        final String name;
        final Runnable body;
        BooleanSupplier condition;
        private Worker worker;

        Runner(String name, Runnable body) {
            this.name = name;
            this.body = body;
        }

        Worker worker() {
            if (worker == null) {
                worker = IDLE.poll();
                boolean born = worker == null;
                if (born) {
                    worker = new Worker();
                }
                worker.runner = this;
                if (born) {
                    worker.start();
                }
            }
            return worker;
        }

        boolean hasTurn() {
            return turn == this;
        }

        void run(Worker me) {
            Throwable thrown = null;
            try {
                if (!abandoned) {
                    body.run();
                }
            } catch (Throwable t) {
                thrown = t;
            }
            me.runner = null;
            IDLE.push(me);
            ended(this, thrown);
        }
    }

    /** A thread that serves one runner after another, because making threads takes long. */
    private static final class Worker extends Thread {
        volatile Runner runner;

        Worker() {
            super("baton");
            setDaemon(true);
        }

        @Override
        public void run() {
            for (;;) {
                Runner mine = runner;
                if (mine != null && mine.hasTurn()) {
                    mine.run(this);
                } else {
                    LockSupport.park(this);
                }
            }
        }
    }
}
