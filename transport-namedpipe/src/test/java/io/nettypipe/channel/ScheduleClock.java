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

import io.netty.util.concurrent.Ticker;

import java.util.concurrent.TimeUnit;

/**
 * Time that passes when a test says so. It is far in the future of the system's own time, by which an event loop
 * measures how long it may block: no deadline is ever over for it.
 */
final class ScheduleClock implements Ticker {
    private long now = Long.MAX_VALUE / 4;
    private int advances;

    void advance(long amount, TimeUnit unit) {
        now += unit.toNanos(amount);
        advances++;
    }

    /** How often it was advanced. */
    int advances() {
        return advances;
    }

    /** The time, for who must not make it pass. */
    long look() {
        return now;
    }

    @Override
    public long initialNanoTime() {
        return 0;
    }

    /** Time passes a little with each look of an event loop, because one that shuts down waits for it to pass. */
    @Override
    public long nanoTime() {
        return ++now;
    }

    @Override
    public void sleep(long delay, TimeUnit unit) {
        advance(delay, unit);
    }
}
