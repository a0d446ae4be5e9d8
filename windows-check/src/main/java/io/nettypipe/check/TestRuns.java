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
package io.nettypipe.check;

import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs tests, one after the other.
 * <p>
 * One may make a call that never ends, on a system where nobody has run it. Then the others go on in another thread,
 * while that one is waited for. A thread is never interrupted, and what it holds never freed: the system may still
 * write there.
 */
final class TestRuns {
    /** How often in a row, and in all, nobody ended within the patience before it gives up. */
    private static final int LAST_WAITS = 7;
    private static final int WAITS = 12;

    private final long patienceMillis;
    private final Queue<TestRun> waiting;
    private final BlockingQueue<TestRun> ended = new LinkedBlockingQueue<>();
    private final int count;
    private volatile Thread lane;

    /**
     * @param patienceMillis after how many milliseconds without an end of a test the next one goes on beside it; seven
     *                       times that is more than a test may wait for a packet that does not come
     */
    TestRuns(Collection<TestRun> runs, long patienceMillis) {
        this.patienceMillis = patienceMillis;
        waiting = new ConcurrentLinkedQueue<>(runs);
        count = runs.size();
    }

    /**
     * Runs them all, but for those that do not end.
     *
     * @param listener told on this thread of each that ended
     */
    void run(Consumer<TestRun> listener) throws InterruptedException {
        startLane();
        int left = count;
        int waits = 0;
        int waitsInARow = 0;
        while (left > 0 && waits < WAITS && waitsInARow < LAST_WAITS) {
            TestRun run = ended.poll(patienceMillis, TimeUnit.MILLISECONDS);
            if (run != null) {
                left--;
                waitsInARow = 0;
                listener.accept(run);
            } else {
                waits++;
                waitsInARow++;
                startLane();
            }
        }
        lane = null;
    }

    private void startLane() {
        if (!waiting.isEmpty()) {
            Thread thread = new Thread(this::runWaiting, "contract tests");
            thread.setDaemon(true);
            lane = thread;
            thread.start();
        }
    }

    private void runWaiting() {
        TestRun next;
        while (lane == Thread.currentThread() && (next = waiting.poll()) != null) {
            next.run();
            ended.add(next);
        }
    }
}
