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

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.Future;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Keeps the books of one side's connections: each becomes active once and inactive once, each promise completes, and
 * nothing is thrown at a handler.
 */
final class Ledger {
    private static final long PATIENCE_SECONDS = 60;
    private static final int FAULTS_KEPT = 3;

    private final String name;
    private final List<Throwable> faults = new ArrayList<>();
    private int active;
    private int inactive;
    private int promises;
    private int done;
    private int failed;

    Ledger(String name) {
        this.name = name;
    }

    /** A handler for one connection. */
    Watch watch() {
        return new Watch();
    }

    /** Expects the future to complete, with whatever result. */
    synchronized <F extends Future<?>> F expect(F future) {
        promises++;
        future.addListener(completed -> completed(completed.isSuccess()));
        return future;
    }

    private synchronized void completed(boolean success) {
        done++;
        failed += success ? 0 : 1;
        notifyAll();
    }

    synchronized void fault(Throwable cause) {
        if (faults.size() < FAULTS_KEPT) {
            faults.add(cause);
        }
        notifyAll();
    }

    private synchronized void count(int becameActive, int becameInactive) {
        active += becameActive;
        inactive += becameInactive;
        notifyAll();
    }

    synchronized int active() {
        return active;
    }

    synchronized int promises() {
        return promises;
    }

    synchronized int failed() {
        return failed;
    }

    void awaitActive(int expected) throws InterruptedException {
        await(expected + " active", () -> active >= expected);
    }

    void awaitInactive(int expected) throws InterruptedException {
        await(expected + " inactive", () -> inactive >= expected);
    }

    /** Waits until no connection is active and no promise open; then all must have gone by the book. */
    void settle() throws InterruptedException {
        await("settled", () -> inactive == active && done == promises);
        verify();
    }

    synchronized void verify() {
        if (!faults.isEmpty() || inactive != active || done != promises) {
            AssertionError error = new AssertionError(toString());
            faults.forEach(error::addSuppressed);
            throw error;
        }
    }

    private synchronized void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (millis <= 0) {
                AssertionError error = new AssertionError("never " + what + ": " + this);
                faults.forEach(error::addSuppressed);
                throw error;
            }
            wait(millis);
        }
    }

    @Override
    public synchronized String toString() {
        return name + ": active=" + active + " inactive=" + inactive + " promises=" + promises + " done=" + done
                + " faults=" + faults.size();
    }

    /** The first handler of one connection, there before it is active. */
    final class Watch extends ChannelDuplexHandler {
        private boolean wasActive;
        private boolean wasInactive;
        private boolean deregistered;

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            Channel channel = ctx.channel();
            expect(channel.closeFuture());
            channel.closeFuture().addListener(closed -> {
                if (!channel.isRegistered()) {
                    endedUnregistered();
                }
            });
        }

        @Override
        public void deregister(ChannelHandlerContext ctx, ChannelPromise promise) {
            deregistered = true;
            ctx.deregister(promise);
        }

        @Override
        public void channelUnregistered(ChannelHandlerContext ctx) {
            if (!ctx.channel().isOpen()) {
                endedUnregistered();
            }
            ctx.fireChannelUnregistered();
        }

        /** As Netty has it, no handler hears of the close of a channel that was deregistered before. */
        private void endedUnregistered() {
            if (deregistered && wasActive && !wasInactive) {
                ended();
            }
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            began();
            ctx.fireChannelActive();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            ended();
            ctx.fireChannelInactive();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            fault(cause);
        }

        private void began() {
            if (wasActive) {
                fault(new AssertionError("active twice"));
                return;
            }
            wasActive = true;
            count(1, 0);
        }

        private void ended() {
            if (!wasActive || wasInactive) {
                fault(new AssertionError(wasActive ? "inactive twice" : "inactive but never active"));
                return;
            }
            wasInactive = true;
            count(0, 1);
        }
    }
}
