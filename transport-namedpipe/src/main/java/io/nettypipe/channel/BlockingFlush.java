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

import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.nettypipe.win32.NativeMemory;
import io.nettypipe.win32.Win32;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * A {@link Win32#flushBuffersFile flush that blocks}, on a helper thread: for Wine, which has no other. The handle must
 * not be closed before it ended or {@link #stop()} returned.
 */
final class BlockingFlush implements Runnable {
    private static final int STATUS_BLOCK_SIZE = 32;
    /** As many as wait at a time, since each blocks one. */
    private static final Executor HELPERS = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS,
            new SynchronousQueue<>(), new DefaultThreadFactory("nettypipe-flush", true));

    private final Win32 win32;
    private final long handle;
    private final EventExecutor loop;
    private final IntConsumer outcome;
    private final NativeMemory statusBlock = new NativeMemory(STATUS_BLOCK_SIZE, 8);
    private final CountDownLatch returned = new CountDownLatch(1);
    private boolean called;
    private boolean over;

    private BlockingFlush(Win32 win32, long handle, EventExecutor loop, IntConsumer outcome) {
        this.win32 = win32;
        this.handle = handle;
        this.loop = loop;
        this.outcome = outcome;
    }

    /** Starts one, whose error is told to {@code outcome} on the loop. */
    static BlockingFlush start(Win32 win32, long handle, EventExecutor loop, IntConsumer outcome) {
        BlockingFlush flush = new BlockingFlush(win32, handle, loop, outcome);
        HELPERS.execute(flush);
        return flush;
    }

    @Override
    public void run() {
        synchronized (this) {
            if (over) {
                return;
            }
            called = true;
        }
        int error = win32.flushBuffersFile(handle, statusBlock.address());
        returned.countDown();
        try {
            loop.execute(() -> tell(error));
        } catch (RejectedExecutionException loopIsGone) {
            // It closed its channels before, and so stopped this.
        }
    }

    private void tell(int error) {
        if (finish()) {
            statusBlock.close();
            outcome.accept(error);
        }
    }

    private synchronized boolean finish() {
        boolean first = !over;
        over = true;
        return first;
    }

    /** Cancels it, and returns when the system is done with it; nobody is told. Called again, it does nothing. */
    void stop() {
        if (finish()) {
            boolean interrupted = false;
            // The helper may be on its way into the call, where a cancel does not find it yet.
            for (boolean done = !called; !done;) {
                win32.cancelIoEx(handle, statusBlock.address());
                try {
                    done = returned.await(1, TimeUnit.MILLISECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            statusBlock.close();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
