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
package io.nettypipe.channel;

import io.nettypipe.testing.RandomCases;
import org.junit.jupiter.api.Test;

import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class NamedPipeAddressFuzzTest {
    private static final String[] PIECES = {"\\", "\\\\", "\\\\.\\", "\\\\?\\", ".", "?", "pipe", "PIPE", "\\pipe\\",
            "\\\\.\\pipe\\", "\\\\host\\pipe\\", "/", ":", "C:", "z:\\", "\0", " ", "\"", "orders", "LOCAL\\",
            "n".repeat(240)};
    /** One before each width of UTF-8, and before the supplementary planes. */
    private static final int[] BOUNDS = {0x80, 0x800, 0x10000, 0x110000};

    @Test
    void of_anyText_isAnAddressWhosePathIsTheSameOneOrIsRefusedNamingTheText() {
        int[] legal = {0};
        RandomCases.run(20_000, random -> {
            String text = text(random);
            NamedPipeAddress address;
            try {
                address = NamedPipeAddress.of(text);
            } catch (IllegalArgumentException refused) {
                String named = "not the address of a named pipe: \"" + text.replace("\0", "\\0") + "\": ";
                assertTrue(refused.getMessage().startsWith(named), refused.getMessage());
                return;
            }
            legal[0]++;
            NamedPipeAddress again = NamedPipeAddress.of(address.path());
            assertEquals(address, again);
            assertEquals(address.hashCode(), again.hashCode());
            assertEquals(address.path(), again.path());
            assertEquals(address.server(), again.server());
            assertEquals(address.name(), again.name());
            assertEquals("\\\\" + address.server() + "\\pipe\\" + address.name(), address.toString());
            assertFalse(address.name().isEmpty() || address.server().isEmpty() || address.server().contains("\\"));
            assertTrue(address.path().length() <= NamedPipeAddress.MAX_PATH_LENGTH && address.path().indexOf(0) < 0);
            assertTrue(text.endsWith(address.name()));
            assertEquals(address.isLocal(), address.path().startsWith("\\\\.\\"));
        });
        assertTrue(legal[0] > 2000, () -> "only " + legal[0] + " were addresses");
    }

    @Test
    void equals_namesThatDifferInCase_areOneAddressWithOneHashCode() {
        RandomCases.run(20_000, random -> {
            String name = "nn" + characters(random, 12);
            NamedPipeAddress address = NamedPipeAddress.of(name);
            NamedPipeAddress variant = NamedPipeAddress.of(inOtherCase(name, random));
            assertEquals(address, variant);
            assertEquals(variant, address);
            assertEquals(address.hashCode(), variant.hashCode());
            assertNotEquals(address, NamedPipeAddress.of("\\\\host\\pipe\\" + name));
            assertNotEquals(address, NamedPipeAddress.of(name + "x"));
        });
    }

    @Test
    void equals_anyTwoNames_agreesWithHashCode() {
        RandomCases.run(20_000, random -> {
            String name = characters(random, 2);
            NamedPipeAddress one = NamedPipeAddress.of("nn" + name);
            NamedPipeAddress other = NamedPipeAddress.of("NN" + eachCodePointInOtherCase(name, random));
            assertEquals(one.equals(other), other.equals(one));
            if (one.equals(other)) {
                assertEquals(one.hashCode(), other.hashCode(), () -> "of the equal " + one + " and " + other);
            }
        });
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(5); i >= 0; i--) {
            text.append(random.nextInt(3) == 0 ? characters(random, 8) : PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }

    /** Of all planes, with unpaired surrogates, without NUL. */
    private static String characters(Random random, int count) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(count + 1); i > 0; i--) {
            text.appendCodePoint(1 + random.nextInt(BOUNDS[random.nextInt(BOUNDS.length)] - 1));
        }
        return text.toString();
    }

    /** As Windows has it, which looks at UTF-16 units one by one. */
    private static String inOtherCase(String text, Random random) {
        StringBuilder other = new StringBuilder();
        for (char c : text.toCharArray()) {
            other.append(random.nextBoolean() ? Character.toUpperCase(c) : Character.toLowerCase(c));
        }
        return other.toString();
    }

    /** As Unicode has it, which knows of case in the supplementary planes too. */
    private static String eachCodePointInOtherCase(String text, Random random) {
        StringBuilder other = new StringBuilder();
        text.codePoints().forEach(point -> other.appendCodePoint(
                random.nextBoolean() ? Character.toUpperCase(point) : Character.toLowerCase(point)));
        return other.toString();
    }
}
