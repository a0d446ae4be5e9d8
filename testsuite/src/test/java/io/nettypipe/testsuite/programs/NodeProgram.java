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
package io.nettypipe.testsuite.programs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.interop.ProgramFiles;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One of the programs of {@code src/interop/node}, running in Node.js for Windows; closing ends it if it still runs.
 * <p>
 * The test and the program talk in lines over a loopback connection, and what the program prints goes to a file: in
 * Wine Node.js cannot write to a pipe as its standard output.
 */
final class NodeProgram implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 60;
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final Process process;
    private final Path output;   // kept: the system may hold it a little longer than the process
    private final Socket control;
    private final BufferedReader lines;

    private NodeProgram(Process process, Path output, ServerSocket listener) throws IOException {
        this.process = process;
        this.output = output;
        // a program that cannot start must not make the test wait for it
        process.onExit().thenAccept(ended -> stop(listener));
        control = accept(listener);
        control.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        lines = new BufferedReader(new InputStreamReader(control.getInputStream(), StandardCharsets.UTF_8));
    }

    static NodeProgram start(String script, NamedPipeAddress pipe, String role, Object... numbers) throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            listener.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            List<String> command = new ArrayList<>(List.of(ProgramFiles.node(),
                    Path.of("src", "interop", "node", script).toString(), Integer.toString(listener.getLocalPort()),
                    pipe.path(), role));
            for (Object number : numbers) {
                command.add(number.toString());
            }
            Path output = ProgramFiles.FOLDER.resolve("node-" + COUNT.incrementAndGet() + "-" + role + ".txt");
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            // Wine 8 says that it is a Windows too old for it
            builder.environment().put("NODE_SKIP_PLATFORM_CHECK", "1");
            return new NodeProgram(builder.start(), output, listener);
        }
    }

    private static void stop(ServerSocket listener) {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Socket accept(ServerSocket listener) throws IOException {
        try {
            return listener.accept();
        } catch (IOException e) {
            process.destroyForcibly();
            throw new IOException("the program has not called: " + output(), e);
        }
    }

    /** Waits until the program says that line. */
    void says(String line) throws IOException {
        String said = lines.readLine();
        assertNotNull(said, () -> "the program has ended before it said " + line + ": " + output());
        assertEquals(line, said);
    }

    /** Says a line to the program. */
    void hears(String line) throws IOException {
        control.getOutputStream().write((line + '\n').getBytes(StandardCharsets.UTF_8));
    }

    /** Waits for the end of the program, which must be a success with nothing more said. */
    void succeeds() throws Exception {
        String said = lines.readLine();
        control.close();
        assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), () -> "the program does not end: " + output());
        assertEquals(0, process.exitValue(), this::output);
        assertEquals(null, said);
    }

    /** Ends the program without a word, as {@code TerminateProcess} does, and returns once it is gone. */
    void kill() {
        assertTrue(process.destroyForcibly().onExit().completeOnTimeout(null, PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join() != null, "the program cannot be killed");
    }

    private String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() throws IOException {
        control.close();
        kill();
    }
}
