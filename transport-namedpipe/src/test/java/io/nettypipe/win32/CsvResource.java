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
package io.nettypipe.win32;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a table that is beside this class: comma-separated, where double quotes may be around a cell. */
final class CsvResource {
    private CsvResource() {
    }

    /** Its rows without that of the headings, or nothing if there is no such table. */
    static Optional<List<String[]>> rows(String name) {
        try (InputStream in = CsvResource.class.getResourceAsStream(name)) {
            if (in == null) {
                return Optional.empty();
            }
            List<String[]> rows = parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            int width = rows.remove(0).length;
            for (String[] row : rows) {
                if (row.length != width) {
                    throw new IllegalStateException(name + ": " + row.length + " cells, not " + width + ": "
                            + String.join(",", row));
                }
            }
            return Optional.of(rows);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String[]> parse(String text) {
        List<String[]> rows = new ArrayList<>();
        List<String> row = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                // Two of them in a row stand for one.
                if (!quoted && i > 0 && text.charAt(i - 1) == '"') {
                    cell.append(c);
                }
                quoted = !quoted;
            } else if (!quoted && (c == ',' || c == '\n')) {
                row.add(cell.toString());
                cell.setLength(0);
                if (c == '\n') {
                    rows.add(row.toArray(new String[0]));
                    row.clear();
                }
            } else if (c != '\r') {
                cell.append(c);
            }
        }
        return rows;
    }
}
