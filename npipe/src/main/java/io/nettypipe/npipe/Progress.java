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
package io.nettypipe.npipe;

import java.io.PrintWriter;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A line at the bottom of a terminal that tells how far something is; where there is no terminal, nothing. */
final class Progress implements AutoCloseable {
    private static final long INTERVAL_MILLIS = 500;

    private final PrintWriter err;
    private final ScheduledExecutorService timer;
    private int width;

    private Progress(PrintWriter err, Supplier<String> line, boolean shown) {
        this.err = err;
        if (!shown) {
            timer = null;
            return;
        }
        timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "progress");
            thread.setDaemon(true);
            return thread;
        });
        timer.scheduleAtFixedRate(() -> show(line.get()), INTERVAL_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Shows a line until it is closed. */
    static Progress show(PrintWriter err, Supplier<String> line) {
        return new Progress(err, line, Terminal.isThere());
    }

    private synchronized void show(String line) {
        err.print('\r' + line + " ".repeat(Math.max(0, width - line.length())) + '\r');
        err.flush();
        width = line.length();
    }

    /** Prints a whole line above it. Any thread. */
    synchronized void print(String line) {
        clear();
        err.println(line);
    }

    private void clear() {
        if (width > 0) {
            show("");
        }
    }

    @Override
    public void close() {
        end();
    }

    /** Shows nothing any more, and leaves the line empty. */
    void end() {
        if (timer != null) {
            timer.shutdownNow();
        }
        synchronized (this) {
            clear();
        }
    }
}
