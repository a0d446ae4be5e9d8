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

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.WString;
import io.nettypipe.testing.RandomCases;
import io.nettypipe.testing.WindowsTest;
import org.junit.jupiter.api.Test;

import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class NamedPipeAddressFuzzTest {
    private static final String[] PIECES = {"\\", "\\\\", "\\\\.\\", "\\\\?\\", ".", "?", "pipe", "PIPE", "\\pipe\\",
            "\\\\.\\pipe\\", "\\\\host\\pipe\\", "/", ":", "C:", "z:\\", "\0", " ", "\"", "orders", "LOCAL\\",
            "n".repeat(240), "..", "\\..\\", "/../", "\\.", "//./pipe/", "//", "npipe:", "npipe:////./pipe/",
            "npipe://h/pipe/", "%2e", "%2E%2e%2F", "%5c", "%00", "%", "%C3%BC", "GLOBALROOT",
            "\\\\?\\pipe\\", "UNC\\", "@80", "?", "#"};
    private static final String[] NAME_PIECES = {".", "..", "...", " ", "/", "\\", "a", "\\b", ":", "?", "*"};
    /** One before each width of UTF-8, and before the supplementary planes. */
    private static final int[] BOUNDS = {0x80, 0x800, 0x10000, 0x110000};

    @Test
    void of_anyText_isAnAddressInsideTheNamesOfPipesOrIsRefusedNamingTheText() {
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
            String path = "\\\\" + address.server() + "\\pipe\\" + address.name();
            assertEquals(path, address.path());
            assertEquals(path, address.toString());
            assertSame(address, NamedPipeAddress.of(path));
            assertSame(address, NamedPipeAddress.of(address.toUri().toString()));
            assertTrue(path.length() <= NamedPipeAddress.MAX_PATH_LENGTH && path.indexOf(0) < 0);
            assertEquals(address.isLocal(), path.startsWith("\\\\.\\"));
            assertFalse(address.server().isEmpty() || address.server().matches("\\.\\.+|.*[\\\\/:@ ?].*"), path);
            // What Win32 finds nothing to change in is what it opens.
            String name = address.name();
            assertFalse(name.startsWith("\\") || name.endsWith(" ") || name.endsWith("."), path);
            assertFalse(name.contains("/") || name.contains("\\\\") || name.contains(".\\"), path);
        });
        assertTrue(legal[0] > 2000, () -> "only " + legal[0] + " were addresses");
    }

    private static void assertSame(NamedPipeAddress address, NamedPipeAddress again) {
        assertEquals(address, again);
        assertEquals(address.hashCode(), again.hashCode());
        assertEquals(address.path(), again.path());
    }

    @Test
    @WindowsTest
    void of_aPath_isTheOneThatTheSystemMakesOfIt() {
        Function normalise = NativeLibrary.getInstance("kernel32").getFunction("GetFullPathNameW");
        int[] changed = {0};
        RandomCases.run(5000, random -> {
            StringBuilder name = new StringBuilder("n");
            for (int i = random.nextInt(8); i > 0; i--) {
                name.append(NAME_PIECES[random.nextInt(NAME_PIECES.length)]);
            }
            String path = (random.nextBoolean() ? "\\\\.\\pipe\\" : "\\\\host\\pipe\\") + name;
            NamedPipeAddress address;
            try {
                address = NamedPipeAddress.of(path);
            } catch (IllegalArgumentException refused) {
                return;
            }
            char[] full = new char[512];
            int length = normalise.invokeInt(new Object[] {new WString(path), full.length, full, null});
            assertEquals(new String(full, 0, length), address.path(), () -> "of " + path);
            changed[0] += address.path().equals(path) ? 0 : 1;
        });
        assertTrue(changed[0] > 500, () -> "only " + changed[0] + " had to be changed");
    }

    @Test
    void equals_namesThatDifferInCase_areOneAddressWithOneHashCode() {
        RandomCases.run(20_000, random -> {
            String name = "nn" + nameCharacters(random, 12);
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
            String name = nameCharacters(random, 2);
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

    /** Without those that Win32 may drop, or make others of. */
    private static String nameCharacters(Random random, int count) {
        return characters(random, count).replaceAll("[. /\\\\]", "n");
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
