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

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A connection over which a test and a {@link ForeignProgram} talk, a line at a time. */
final class Conversation implements AutoCloseable {
    static final int PATIENCE_SECONDS = 60;

    private final Socket socket;
    private final Supplier<String> output;
    private final BufferedReader lines;

    /** The other one's output, for what is reported. */
    Conversation(Socket socket, Supplier<String> output) throws IOException {
        this.socket = socket;
        this.output = output;
        socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Waits until the program says something. */
    String says() throws IOException {
        String said = lines.readLine();
        assertNotNull(said, () -> "the program has nothing more to say: " + output.get());
        return said;
    }

    /** Waits until the program says that line. */
    void says(String line) throws IOException {
        assertEquals(line, says(), output);
    }

    /** Says a line to the program. */
    void hears(String line) throws IOException {
        socket.getOutputStream().write((line + '\n').getBytes(StandardCharsets.UTF_8));
    }

    /** Waits until the program has nothing more to say, and says nothing before. */
    void ends() throws IOException {
        assertEquals(null, lines.readLine(), output);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
