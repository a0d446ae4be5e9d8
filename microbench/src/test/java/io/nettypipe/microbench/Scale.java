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
package io.nettypipe.microbench;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.internal.PlatformDependent;
import io.nettypipe.microbench.report.Machine;
import io.nettypipe.win32.SystemWin32;
import io.nettypipe.win32.Win32;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Measures what a connection costs when there are one, ten, and up to 10,000, and writes {@code scale.md} and
 * {@code scale.svg} into microbench/target/scale. {@code ./bench --scale} runs it. Arguments: the numbers of
 * connections, ascending; without any, those.
 */
public final class Scale {
    private static final int[] CONNECTIONS = {1, 10, 100, 1000, 10_000};
    /** What {@link InstantWin32} has handles for. */
    private static final int MOST = 30_000;
    private static final int USAGE = 2;
    private static final int BUSY = 100;
    private static final int WARM_UP_CONNECTIONS = 100;
    private static final int WARM_UPS = 3;
    private static final long INSTANT_NANOS = TimeUnit.MILLISECONDS.toNanos(1500);
    private static final long PIPE_NANOS = TimeUnit.SECONDS.toNanos(4);
    private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(6);
    private static final Path OUTPUT = Path.of("microbench", "target", "scale");

    private final int[] connections;
    private final Curves curves = new Curves();

    private Scale(int... connections) {
        this.connections = connections;
    }

    /** Measures. */
    public static void main(String... args) throws Exception {
        int[] connections = args.length == 0 ? CONNECTIONS : new int[args.length];
        for (int i = 0; i < args.length; i++) {
            connections[i] = args[i].matches("[0-9]{1,5}") ? Integer.parseInt(args[i]) : 0;
            if (connections[i] <= (i == 0 ? 0 : connections[i - 1]) || connections[i] > MOST) {
                System.err.println(args[i] + ": the numbers of connections are at most " + MOST
                        + ", each greater than the one before it");
                System.exit(USAGE);
            }
        }
        new Scale(connections).run();
    }

    private void run() throws Exception {
        long start = System.nanoTime();
        String load = Machine.load();
        // Its records are no part of a connection.
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        ExecutorService loopThread = new LoopThreads(1, "loop");
        try {
            loopThread.submit(this::instant).get();
        } finally {
            loopThread.shutdown();
        }
        if (PlatformDependent.isWindows()) {
            pipes();
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        Files.createDirectories(OUTPUT);
        Files.writeString(OUTPUT.resolve("scale.svg"), curves.svg());
        String introduction = String.format(Locale.ROOT, """
                # Scale

                Made by `./bench --scale` at commit %s on %s, in %d:%02d minutes, on: %s. Load at the beginning: %s, \
                at the end: %s.
                """, Machine.commit(), LocalDate.now(), took.toMinutes(), took.toSecondsPart(), Machine.describe(),
                load, Machine.load());
        String page = curves.markdown(introduction, "scale.svg");
        Files.writeString(OUTPUT.resolve("scale.md"), page);
        new PrintStream(System.out, true, StandardCharsets.UTF_8).println(page);
    }

    private void instant() {
        InstantCrowd crowd = new InstantCrowd(INSTANT_NANOS);
        for (int i = 0; i < WARM_UPS; i++) {
            crowd.measure(WARM_UP_CONNECTIONS, BUSY);
        }
        for (int count : connections) {
            add("Instant system", crowd.measure(count, BUSY));
        }
    }

    private void pipes() throws Exception {
        Win32 win32 = SystemWin32.get();
        try (PipeCrowd warmUp = new PipeCrowd(win32, win32)) {
            warmUp.measure(WARM_UP_CONNECTIONS, BUSY, WARM_UP_NANOS);
        }
        try (PipeCrowd crowd = new PipeCrowd(win32, win32)) {
            for (int count : connections) {
                add("Real pipes", crowd.measure(count, BUSY, PIPE_NANOS));
            }
        }
    }

    private void add(String system, ScaleLevel level) {
        curves.add(system, level);
        System.err.println(system + ": " + level);
    }
}
