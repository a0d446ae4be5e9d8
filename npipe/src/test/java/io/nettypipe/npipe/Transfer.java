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

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nettypipe.testing.Pattern;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What goes both ways at once through a relay, and its two ends, which are blocking streams. */
final class Transfer {
    /** What the client sends, and what the server does. */
    static final int CLIENT = 1;
    static final int SERVER = 2;
    /** What the server sends once the client has half-closed. */
    static final int LAST = 100_000;

    private Transfer() {
    }

    /** Sends, half-closes, and meanwhile receives as much and {@link #LAST} bytes more, up to the end. */
    static void client(InputStream in, OutputStream out, HalfClose halfClose, long size) throws Exception {
        CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
            try {
                send(out, CLIENT, 0, size);
                halfClose.run();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        receive(in, SERVER, size + LAST);
        sent.get(1, TimeUnit.MINUTES);
    }

    /** Of the client's end. */
    interface HalfClose {
        void run() throws IOException;
    }

    static void client(Socket socket, long size) throws Exception {
        client(socket.getInputStream(), socket.getOutputStream(), socket::shutdownOutput, size);
    }

    /** The other end. */
    static void server(InputStream in, OutputStream out, long size) throws Exception {
        CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
            try {
                send(out, SERVER, 0, size);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        receive(in, CLIENT, size);
        sent.get(1, TimeUnit.MINUTES);
        send(out, SERVER, size, LAST);
    }

    private static void send(OutputStream out, int seed, long from, long size) throws IOException {
        for (long at = from; at < from + size; at += Pattern.CHUNK) {
            out.write(Pattern.array(seed, at, (int) Math.min(Pattern.CHUNK, from + size - at)));
        }
        out.flush();
    }

    private static void receive(InputStream in, int seed, long size) throws IOException {
        long at = 0;
        byte[] bytes = in.readNBytes(Pattern.CHUNK);
        for (; bytes.length > 0; bytes = in.readNBytes(Pattern.CHUNK)) {
            assertArrayEquals(Pattern.array(seed, at, bytes.length), bytes, "behind " + at);
            at += bytes.length;
        }
        assertEquals(size, at);
    }
}
