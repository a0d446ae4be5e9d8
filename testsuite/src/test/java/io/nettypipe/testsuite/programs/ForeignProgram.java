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

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nettypipe.interop.ProgramFiles;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * A program in another language, running; closing ends it if it still runs.
 * <p>
 * It calls the test over loopback connections, and what it prints goes to a file: in Wine Node.js cannot write to a
 * pipe as its standard output.
 */
final class ForeignProgram implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final ServerSocket listener;
    private final Path output;   // kept: the system may hold it a little longer than the process
    private final Process process;

    /** Starts what that makes of the number of the port to call. */
    ForeignProgram(String name, IntFunction<ProcessBuilder> program) throws IOException {
        listener = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        listener.setSoTimeout((int) TimeUnit.SECONDS.toMillis(Conversation.PATIENCE_SECONDS));
        output = ProgramFiles.FOLDER.resolve(name + "-" + COUNT.incrementAndGet() + ".txt");
        try {
            process = program.apply(listener.getLocalPort()).redirectErrorStream(true).redirectOutput(output.toFile())
                    .start();
        } catch (IOException | RuntimeException e) {
            listener.close();
            throw e;
        }
        // a program that cannot start must not make the test wait for it
        process.onExit().thenAccept(ended -> stopListening());
    }

    private void stopListening() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next call of the program. */
    Conversation conversation() throws IOException {
        try {
            Socket socket = listener.accept();
            return new Conversation(socket, this::output);
        } catch (IOException e) {
            process.destroyForcibly();
            throw new IOException("the program has not called: " + output(), e);
        }
    }

    /** Waits for the end of the program, which must be a success. */
    void succeeds() throws InterruptedException {
        assertTrue(process.waitFor(Conversation.PATIENCE_SECONDS, TimeUnit.SECONDS),
                () -> "the program does not end: " + output());
        assertTrue(process.exitValue() == 0, this::output);
    }

    /** Ends the program without a word, as {@code TerminateProcess} does, and returns once it is gone. */
    void kill() {
        assertTrue(process.destroyForcibly().onExit()
                .completeOnTimeout(null, Conversation.PATIENCE_SECONDS, TimeUnit.SECONDS)
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
    public void close() {
        stopListening();
        kill();
    }
}
