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
package io.nettypipe.npipe.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Addresses as they are given, and as they are shown; {@code NpipeTest} has what is none. */
final class AddressTest {
    @ParameterizedTest
    @CsvSource({
        "tcp:80, tcp:80",
        "tcp:localhost:80, tcp:localhost:80",
        "tcp:127.0.0.1:0, tcp:127.0.0.1:0",
        "tcp:[::1]:65535, tcp:[::1]:65535",
        "unix:agent.sock, unix:agent.sock",
        "npipe:orders, \\\\.\\pipe\\orders",
        "npipe:////./pipe/docker_engine, \\\\.\\pipe\\docker_engine",
        "\\\\.\\pipe\\orders, \\\\.\\pipe\\orders",
        "\\\\elsewhere\\pipe\\orders, \\\\elsewhere\\pipe\\orders"
    })
    void address_ofEachKind_isShownAsOneThatCanBeGiven(String given, String shown) {
        Address address = Address.parse(given);
        assertEquals(shown, address.toString());
        assertEquals(address, Address.parse(shown));
    }
}
