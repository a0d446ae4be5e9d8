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

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The bytes that tests send, the same as in {@code program.js}: they repeat after a prime number of bytes, so that no
 * buffer can be lost, doubled or moved unnoticed.
 */
final class Pattern {
    /** 100 MiB. */
    static final long LARGE = 100L * 1024 * 1024;

    static final int CHUNK = 65_536;

    private static final int PERIOD = 65_521;
    private static final byte[] TABLE = new byte[3 * PERIOD];

    static {
        for (int i = 0; i < TABLE.length; i++) {
            long at = i % PERIOD;
            TABLE[i] = (byte) (at * at * 31 + at * 7 + (at >> 8));
        }
    }

    private Pattern() {
    }

    /** Some bytes of the sequence of that seed: at most {@link #CHUNK} of them. */
    static ByteBuf bytes(int seed, long from, int length) {
        return Unpooled.wrappedBuffer(TABLE, (int) ((from + seed * 977L) % PERIOD), length).asReadOnly();
    }

    /** The first bytes of the sequence, however many. */
    static byte[] array(int seed, int size) {
        byte[] array = new byte[size];
        for (int from = 0; from < size; from += CHUNK) {
            int length = Math.min(CHUNK, size - from);
            bytes(seed, from, length).readBytes(array, from, length);
        }
        return array;
    }

    /** How many bytes and their SHA-256, as the programs say it. */
    static String digest(int seed, long size) {
        MessageDigest digest = sha256();
        for (long from = 0; from < size; from += CHUNK) {
            digest.update(bytes(seed, from, (int) Math.min(CHUNK, size - from)).nioBuffer());
        }
        return digest(size, digest);
    }

    static String digest(long size, MessageDigest digest) {
        return size + " " + HexFormat.of().formatHex(digest.digest());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);   // every Java has it
        }
    }
}
