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

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.nettypipe.testing.TestPipe;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The program in this JVM; one that serves runs on a thread, which closing interrupts. */
final class Program implements AutoCloseable {
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final StringWriter err = new StringWriter();
    private final Thread thread;
    private final String greeting;
    private volatile int status = -1;

    private Program(String... args) throws InterruptedException {
        OutputStream out = new OutputStream() {
            private final ByteArrayOutputStream line = new ByteArrayOutputStream();

            @Override
            public void write(int b) {
                if (b == '\n') {
                    lines.add(line.toString(StandardCharsets.UTF_8).strip());
                    line.reset();
                } else {
                    line.write(b);
                }
            }
        };
        thread = new Thread(() -> status = Npipe.run(
                new Streams(InputStream.nullInputStream(), out, new PrintWriter(err, true)), args), "npipe-under-test");
        thread.start();
        greeting = lines.poll(TestPipe.SECONDS, TimeUnit.SECONDS);
        assertNotNull(greeting, () -> "it does not listen: " + err);
    }

    /** What a run that has ended left behind. */
    record Ran(int status, byte[] out, List<String> err) {
        String text() {
            return new String(out, StandardCharsets.UTF_8);
        }
    }

    /** Runs it to its end. */
    static Ran run(InputStream in, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StringWriter err = new StringWriter();
        int status = Npipe.run(new Streams(in, out, new PrintWriter(err, true)), args);
        return new Ran(status, out.toByteArray(), err.toString().lines().toList());
    }

    static Ran run(String input, String... args) {
        return run(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), args);
    }

    /** Starts it, and returns when it has printed that it listens. */
    static Program serve(String... args) throws InterruptedException {
        return new Program(args);
    }

    String greeting() {
        return greeting;
    }

    /** The port in the greeting of one that listens on TCP. */
    int port() {
        return Integer.parseInt(greeting.replaceFirst("^Listening on tcp:127\\.0\\.0\\.1:(\\d+), .*", "$1"));
    }

    String err() {
        return err.toString();
    }

    String nextLine() throws InterruptedException {
        return lines.poll(TestPipe.SECONDS, TimeUnit.SECONDS);
    }

    int status() {
        return status;
    }

    /** Stops it and waits until it has ended. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(TestPipe.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        assertFalse(thread.isAlive(), "it does not stop");
    }
}
