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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
            "\\\\server\\share\\file", "\\\\\\pipe\\x", "\\rooted"})
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

    @Test
    void ephemeral_calledTwice_addressesDiffer() {
        assertNotEquals(NamedPipeAddress.ephemeral(), NamedPipeAddress.ephemeral());
    }
}
