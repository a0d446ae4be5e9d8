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

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.interop.ProgramFiles;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One of the C programs of {@code src/interop/c}, started to be killed. */
final class Victim implements AutoCloseable {
    private final Process process;
    private final List<String> lines = new ArrayList<>();
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final CompletableFuture<Void> waiting = new CompletableFuture<>();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final Thread reader;

    private Victim(String program, Arena arena, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(ProgramFiles.compiled(program));
        command.add(arena.address.name());
        command.add(arena.mode == NamedPipeMode.MESSAGE ? "mode=message" : "mode=byte");
        command.addAll(arguments);
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        reader = new Thread(this::read, program + "-output");
        reader.setDaemon(true);
        reader.start();
    }

    static Victim client(Arena arena, String... arguments) throws IOException {
        return new Victim("pipe_client", arena, List.of(arguments));
    }

    /** Starts a server and returns when it listens. */
    static Victim server(Arena arena, int clients) throws Exception {
        Victim server = new Victim("mt_server", arena, List.of("clients=" + clients));
        server.ready.get(Arena.SECONDS, TimeUnit.SECONDS);
        return server;
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.US_ASCII)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                synchronized (lines) {
                    lines.add(line);
                }
                if (line.equals("ready")) {
                    ready.complete(null);
                } else if (line.equals("waiting")) {
                    waiting.complete(null);
                } else if (line.equals("stopped")) {
                    stopped.complete(null);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            ready.completeExceptionally(new IllegalStateException("ended: " + this));
            stopped.completeExceptionally(new IllegalStateException("ended: " + this));
        }
    }

    /** Waits until this one or the other waits for a free instance. */
    boolean isWaitingOr(Victim other) throws InterruptedException, ExecutionException {
        try {
            CompletableFuture.anyOf(waiting, other.waiting).get(Arena.SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    /** Waits until this one, which was told to stop, has read a part of a reply and will read no more. */
    void awaitStopped() throws Exception {
        stopped.get(Arena.SECONDS, TimeUnit.SECONDS);
    }

    /** Ends it with {@code TerminateProcess}; it must have been alive. */
    void kill() throws Exception {
        assertTrue(process.isAlive(), () -> "ended by itself: " + this);
        process.destroyForcibly();
        assertTrue(process.waitFor(Arena.SECONDS, TimeUnit.SECONDS), "it cannot be killed");
        reader.join(TimeUnit.SECONDS.toMillis(Arena.SECONDS));
        process.getOutputStream().close();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    @Override
    public String toString() {
        synchronized (lines) {
            return "process " + process.pid() + " " + lines;
        }
    }
}
