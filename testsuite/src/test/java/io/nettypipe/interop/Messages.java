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

import io.nettypipe.channel.NamedPipeMode;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The messages that a client sends: the sizes and bytes are those of {@code pipe_client.c}.
 *
 * @param id    the client's number
 * @param count how many messages
 * @param size  the size of each in bytes, or the greatest size if they vary
 * @param vary  whether sizes go up and down between nothing and {@code size}
 */
record Messages(int id, int count, int size, boolean vary) {

    static Messages of(int count, int size) {
        return new Messages(0, count, size, false);
    }

    static Messages varying(int count, int size) {
        return new Messages(0, count, size, true);
    }

    Messages from(int client) {
        return new Messages(client, count, size, vary);
    }

    /** The arguments that make {@code pipe_client} send these. */
    List<String> arguments() {
        return List.of("id=" + id, "count=" + count, "size=" + size, "vary=" + (vary ? 1 : 0));
    }

    byte[] message(int index) {
        byte[] bytes = new byte[vary ? index * 37 % (size + 1) : size];
        for (int at = 0; at < bytes.length; at++) {
            bytes[at] = (byte) (id * 101 + index * 31 + at * 7 + (at >> 8));
        }
        return bytes;
    }

    List<byte[]> all() {
        return IntStream.range(0, count).mapToObj(this::message).toList();
    }

    long bytes() {
        return all().stream().mapToLong(message -> message.length).sum();
    }

    /** How many reads these take with a buffer of so many bytes, if each read ends where its message ends. */
    long parts(int buffer) {
        return all().stream().mapToLong(message -> Math.max(1, (message.length + buffer - 1) / buffer)).sum();
    }

    /** What a reader of these must have read: each message in message mode, one run of bytes in byte mode. */
    List<ByteBuffer> expected(NamedPipeMode mode) {
        List<ByteBuffer> messages = new ArrayList<>();
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        for (byte[] message : all()) {
            messages.add(ByteBuffer.wrap(message));
            stream.writeBytes(message);
        }
        return mode == NamedPipeMode.MESSAGE ? messages : List.of(ByteBuffer.wrap(stream.toByteArray()));
    }
}
