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
package io.nettypipe.npipe.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** An answer of NtQueryDirectoryFile, laid out as the page of FILE_DIRECTORY_INFORMATION says. */
final class PipeDirectoryTest {
    private final ByteBuffer answer = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);

    @Test
    void answer_ofSeveralEntries_isReadToItsLast() {
        int second = put(0, "InitShutdown", 3, -1);
        int third = put(second, "gr\u00fc\u00dfe\\sub", 1, 10);
        answer.putInt(0, second).putInt(second, third - second);
        put(third, "x", 0, 1);
        List<PipeDirectory.Entry> entries = new ArrayList<>();
        PipeDirectory.parse(answer, entries);
        assertEquals(List.of(new PipeDirectory.Entry("InitShutdown", 3, -1),
                new PipeDirectory.Entry("gr\u00fc\u00dfe\\sub", 1, 10), new PipeDirectory.Entry("x", 0, 1)), entries);
    }

    /** Returns where the next one goes. */
    private int put(int at, String name, long instances, int maxInstances) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_16LE);
        answer.putLong(at + 40, instances).putInt(at + 48, maxInstances).putInt(at + 60, bytes.length)
                .put(at + 64, bytes);
        return at + 64 + bytes.length + 7 & ~7;
    }
}
