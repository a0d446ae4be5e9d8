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
package io.nettypipe.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One of the C programs of {@code src/interop/c}, running; closing ends it if it still does. */
final class CProgram implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 90;

    private final String name;
    private final Process process;
    private final List<String> output = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, CompletableFuture<Void>> awaited;
    private final Thread reader;

    private CProgram(String name, Process process, Map<String, CompletableFuture<Void>> awaited) {
        this.name = name;
        this.process = process;
        this.awaited = awaited;
        this.reader = new Thread(this::read, name + "-output");
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts a client. */
    static CProgram client(String pipe, List<String> arguments) throws IOException {
        return start("pipe_client", pipe, arguments);
    }

    /** Starts a client that is not the usual one. */
    static CProgram client(String program, String pipe, List<String> arguments) throws IOException {
        return start(program, pipe, arguments);
    }

    /** Starts one of the servers and returns when it listens. */
    static CProgram server(String program, String pipe, String... arguments) throws Exception {
        CProgram server = start(program, pipe, List.of(arguments));
        server.said("ready").get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return server;
    }

    private static CProgram start(String program, String pipe, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(ProgramFiles.compiled(program), pipe));
        command.addAll(arguments);
        Map<String, CompletableFuture<Void>> awaited =
                Map.of("ready", new CompletableFuture<>(), "waiting", new CompletableFuture<>());
        return new CProgram(program, new ProcessBuilder(command).redirectErrorStream(true).start(), awaited);
    }

    /** Complete when the program has printed the line {@code ready} or {@code waiting}; failed if it ends before. */
    CompletableFuture<Void> said(String line) {
        return awaited.get(line);
    }

    /** Waits for the end of the program, which must be a success, and returns the values that it printed last. */
    Map<String, Long> success() throws InterruptedException {
        assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), () -> name + " does not end: " + output);
        reader.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        assertEquals(0, process.exitValue(), () -> name + ": " + output);
        String last = output.isEmpty() ? "" : output.get(output.size() - 1);
        assertTrue(last.startsWith("status=ok "), () -> name + ": " + output);
        Map<String, Long> values = new HashMap<>();
        for (String pair : last.substring("status=ok ".length()).split(" ")) {
            values.put(pair.substring(0, pair.indexOf('=')), Long.valueOf(pair.substring(pair.indexOf('=') + 1)));
        }
        return values;
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.US_ASCII)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.add(line);
                CompletableFuture<Void> future = awaited.get(line);
                if (future != null) {
                    future.complete(null);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            awaited.values().forEach(future -> future.completeExceptionally(
                    new IllegalStateException(name + " has ended: " + output)));
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
