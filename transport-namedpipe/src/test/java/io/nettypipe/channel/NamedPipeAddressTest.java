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

import io.netty.channel.unix.DomainSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class NamedPipeAddressTest {

    @ParameterizedTest
    @CsvSource(quoteCharacter = '\'', value = {
            "orders, ., orders, \\\\.\\pipe\\orders",
            "\\\\.\\pipe\\orders, ., orders, \\\\.\\pipe\\orders",
            "\\\\.\\PIPE\\Orders, ., Orders, \\\\.\\pipe\\Orders",
            "LOCAL\\orders, ., LOCAL\\orders, \\\\.\\pipe\\LOCAL\\orders",
            "\\\\.\\pipe\\a\\b\\c, ., a\\b\\c, \\\\.\\pipe\\a\\b\\c",
            "\\\\?\\pipe\\orders, ., orders, \\\\.\\pipe\\orders",
            "\\\\host\\pipe\\orders, host, orders, \\\\host\\pipe\\orders",
            "//./pipe/docker_engine, ., docker_engine, \\\\.\\pipe\\docker_engine",
            "\\\\./pipe\\a/b, ., a\\b, \\\\.\\pipe\\a\\b",
            "np/x, ., np\\x, \\\\.\\pipe\\np\\x",
            "npipe:////./pipe/docker_engine, ., docker_engine, \\\\.\\pipe\\docker_engine",
            "npipe://./pipe/docker_engine, ., docker_engine, \\\\.\\pipe\\docker_engine",
            "npipe:///pipe/docker_engine, ., docker_engine, \\\\.\\pipe\\docker_engine",
            "npipe://\\\\.\\pipe\\docker_engine, ., docker_engine, \\\\.\\pipe\\docker_engine",
            "npipe:spire-agent\\public\\api, ., spire-agent\\public\\api, \\\\.\\pipe\\spire-agent\\public\\api",
            "NPipe://server/pipe/x, server, x, \\\\server\\pipe\\x",
            "npipe:////./pipe/50%25%20%C3%bc%3F, ., 50% ü?, \\\\.\\pipe\\50% ü?",
            "\\\\.\\pipe\\npipe:x, ., npipe:x, \\\\.\\pipe\\npipe:x",
            "a.\\b\\\\.c. . , ., a\\b\\.c, \\\\.\\pipe\\a\\b\\.c",
            "with space and ü, ., with space and ü, \\\\.\\pipe\\with space and ü"})
    void of_legalAddress_partsFound(String text, String server, String name, String path) {
        NamedPipeAddress address = NamedPipeAddress.of(text);
        assertEquals(server, address.server());
        assertEquals(name, address.name());
        assertEquals(path, address.path());
        assertEquals(path, address.toString());
        assertEquals(".".equals(server), address.isLocal());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\\\\.\\pipe\\", "\\\\.\\pipe", "a\0b", "C:\\dir\\file", "c:file", "/tmp/socket",
            "\\\\server\\share\\file", "\\\\\\pipe\\x", "\\rooted",
            "..\\C:\\file", "../C:/file", ".", "a\\.\\b", "a/..", "a\\.. ", "a..\\b",
            "\\\\.\\pipe\\..\\C:\\file", "\\\\?\\pipe\\..\\x", "\\\\host\\pipe\\..\\c$\\file",
            "\\\\?\\GLOBALROOT\\pipe\\x",
            "\\\\?\\UNC\\host\\pipe\\x", "\\\\?\\pipe\\a/b", "\\\\?\\pipe\\a.", "\\\\..\\pipe\\x", "\\\\a:b\\pipe\\x",
            "\\\\host@80\\pipe\\x", "\\\\a b\\pipe\\x", "npipe:", "npipe:/pipe/x", "npipe:////./pipe/%2e%2e/x",
            "npipe:////./pipe/..%5CC:%5Cfile", "npipe:////./pipe/100%", "npipe:////./pipe/%+1",
            "npipe:////./pipe/%FF",
            "npipe:////./pipe/a%00", "npipe:////./pipe/a?b", "npipe:////./pipe/a#b",
            "npipe://", "npipe:///////./pipe/x"})
    void of_illegalAddress_refusedWithTheValueAndTheReason(String text) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> NamedPipeAddress.of(text));
        assertTrue(refused.getMessage().contains('"' + text.replace("\0", "\\0") + "\": "), refused.getMessage());
    }

    @Test
    void of_pathOf256Characters_isTheLongest() {
        String longest = "n".repeat(256 - "\\\\.\\pipe\\".length());
        assertEquals(256, NamedPipeAddress.of(longest).path().length());
        assertThrows(IllegalArgumentException.class, () -> NamedPipeAddress.of(longest + "n"));
        assertThrows(IllegalArgumentException.class, () -> NamedPipeAddress.of("\\\\.\\pipe\\" + longest + "n"));
    }

    @Test
    void of_millionsOfDots_areNotReadAgainForEachOfThem() {
        String dots = ".".repeat(4_000_000);
        assertEquals("a", NamedPipeAddress.of("a" + dots).name());
        assertThrows(IllegalArgumentException.class, () -> NamedPipeAddress.of("a" + dots + "b"));
    }

    @Test
    void equals_addressesThatDifferInCase_areEqual() {
        NamedPipeAddress lower = NamedPipeAddress.of("\\\\host\\pipe\\orders");
        NamedPipeAddress upper = NamedPipeAddress.of("\\\\HOST\\pipe\\ORDERS");
        assertEquals(lower, upper);
        assertEquals(lower.hashCode(), upper.hashCode());
        assertNotEquals(lower, NamedPipeAddress.of("orders"));
    }

    @Test
    void equals_supplementaryCharactersThatDifferInCase_areDifferentPipes() {
        // DESERET LETTER EW, small and capital: Windows looks at UTF-16 units, which have no case here.
        NamedPipeAddress small = NamedPipeAddress.of("\uD801\uDC3B");
        NamedPipeAddress capital = NamedPipeAddress.of("\uD801\uDC13");
        assertNotEquals(small, capital);
    }

    @ParameterizedTest
    @CsvSource({"docker_engine, npipe:////./pipe/docker_engine", "LOCAL\\a, npipe:////./pipe/LOCAL/a",
            "50% ü?, npipe:////./pipe/50%25%20ü%3F", "\\\\server\\pipe\\x, npipe://server/pipe/x"})
    void toUri_ofAnAddress_namesItInTheFormOfDocker(String address, String uri) {
        assertEquals(uri, NamedPipeAddress.of(address).toUri().toString());
        assertEquals(NamedPipeAddress.of(address), NamedPipeAddress.of(uri));
    }

    @Test
    void equals_unixDomainSocketOfTheSamePath_isAnotherAddressFromBothSides() {
        NamedPipeAddress pipe = NamedPipeAddress.of("orders");
        for (String path : new String[] {pipe.path(), "orders"}) {
            DomainSocketAddress socket = new DomainSocketAddress(path);
            assertNotEquals(pipe, socket);
            assertNotEquals(socket, pipe);
        }
    }

    @Test
    void equals_withTheProcessOfAPeer_isThePipe() {
        NamedPipeAddress pipe = NamedPipeAddress.of("orders");
        NamedPipeAddress peer = pipe.ofProcess(4711);
        assertEquals(pipe, peer);
        assertEquals(pipe.hashCode(), peer.hashCode());
        assertEquals(pipe.path(), peer.path());
        assertEquals(pipe.toUri(), peer.toUri());
        assertEquals("\\\\.\\pipe\\orders (process 4711)", peer.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Orders", "\\\\host\\pipe\\a"})
    void serialized_andReadAgain_isEqual(String text) throws Exception {
        NamedPipeAddress address = NamedPipeAddress.of(text);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(address.ofProcess(1));
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            NamedPipeAddress read = (NamedPipeAddress) in.readObject();
            assertEquals(address, read);
            assertEquals(address.hashCode(), read.hashCode());
            assertEquals(address.path(), read.toString());
        }
    }

    @Test
    void ephemeral_calledTwice_addressesDiffer() {
        assertNotEquals(NamedPipeAddress.ephemeral(), NamedPipeAddress.ephemeral());
    }
}
