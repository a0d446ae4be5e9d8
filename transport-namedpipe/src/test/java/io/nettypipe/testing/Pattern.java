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
package io.nettypipe.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The bytes that tests send: a sequence for each seed, the same as in {@code program.js} and {@code Peer.cs}. They
 * repeat after a prime number of bytes, so that none can be lost, doubled or moved unnoticed.
 */
public final class Pattern {
    /** 100 MiB. */
    public static final long LARGE = 100L * 1024 * 1024;

    /** The most that {@link #bytes} has at once. */
    public static final int CHUNK = 65_536;

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

    private static int start(int seed, long from) {
        return (int) Math.floorMod(from + seed * 977L, (long) PERIOD);
    }

    /** One byte of the sequence. */
    public static byte at(int seed, long position) {
        return TABLE[start(seed, position)];
    }

    /** Some bytes of the sequence, at most {@link #CHUNK}, to read only and without a copy. */
    public static ByteBuf bytes(int seed, long from, int length) {
        return Unpooled.wrappedBuffer(TABLE, start(seed, from), length).asReadOnly();
    }

    /** Some bytes of the sequence, however many. */
    public static byte[] array(int seed, long from, int length) {
        byte[] array = new byte[length];
        for (int done = 0; done < length; done += CHUNK) {
            System.arraycopy(TABLE, start(seed, from + done), array, done, Math.min(CHUNK, length - done));
        }
        return array;
    }

    /** Some bytes of the sequence in a direct buffer, written at once, because leak detection records each call. */
    public static ByteBuf buffer(ByteBufAllocator allocator, int seed, long from, int length) {
        return allocator.directBuffer(Math.max(length, 1)).writeBytes(array(seed, from, length));
    }

    /** Takes the bytes out of the buffer, and answers whether they are those of the sequence from there on. */
    public static boolean takes(int seed, long from, ByteBuf buffer) {
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.readBytes(bytes);
        return Arrays.equals(bytes, array(seed, from, bytes.length));
    }

    /** What {@link Digest} says of the first bytes of the sequence. */
    public static String digest(int seed, long size) {
        Digest digest = new Digest();
        for (long from = 0; from < size; from += CHUNK) {
            digest.update(bytes(seed, from, (int) Math.min(CHUNK, size - from)));
        }
        return digest.toString();
    }

    /** How many bytes came by, and their SHA-256, as the programs say it. */
    public static final class Digest {
        private final MessageDigest sha256 = sha256();
        private long size;

        /** Counts the readable bytes of a buffer, which it leaves as it is. */
        public void update(ByteBuf bytes) {
            size += bytes.readableBytes();
            sha256.update(bytes.nioBuffer());
        }

        private static MessageDigest sha256() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError(e);   // every Java has it
            }
        }

        public long size() {
            return size;
        }

        /** The result, without an end to the counting. */
        @Override
        public String toString() {
            try {
                return size + " " + HexFormat.of().formatHex(((MessageDigest) sha256.clone()).digest());
            } catch (CloneNotSupportedException e) {
                throw new AssertionError(e);   // that of the JDK can
            }
        }
    }
}
