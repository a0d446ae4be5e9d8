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

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nettypipe.npipe.system.PipeDirectory.Entry;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What {@code npipe list} prints of a directory. */
final class ListCommandTest {
    private static final List<Entry> PIPES =
            List.of(new Entry("docker_engine", 4, -1), new Entry("orders.1", 2, 10), new Entry("Orders\\x", 1, 1));

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "*                  | INSTANCES     LIMIT  NAME#        4  no limit  docker_engine#"
            + "        2        10  orders.1#        1         1  Orders\\x#",
        "orders*            | INSTANCES     LIMIT  NAME#        2        10  orders.1#        1         1  Orders\\x#",
        "orders?1 --names   | orders.1#",
        "order              | INSTANCES     LIMIT  NAME#",
        "--names *_ENGINE   | docker_engine#"
    })
    void list_withAPattern_printsThoseThatMatch(String arguments, String expected) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Streams streams = new Streams(InputStream.nullInputStream(), out, new PrintWriter(System.err));
        ListCommand list = new ListCommand(streams);
        new CommandLine(list).parseArgs(arguments.split(" +"));
        list.print(PIPES);
        streams.text().flush();
        assertEquals(expected, out.toString(StandardCharsets.UTF_8).replaceAll("\\R", "#"));
    }
}
