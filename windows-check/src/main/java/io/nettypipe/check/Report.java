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
package io.nettypipe.check;

import io.nettypipe.check.Row.Agrees;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The table as text and as Markdown. */
final class Report {
    private static final int[] WIDTHS = {4, 6, 34, 32, 32};
    private static final String[] HEADINGS = {"id", "agrees", "behaviour", "on Windows", "seen here"};

    private Report() {
    }

    static String headings() {
        return line(HEADINGS);
    }

    /** A line of text, or several if what is in it is long. */
    static String line(Row row) {
        return line(row.id(), row.seen().agrees().text, row.behaviour(), row.onWindows(), row.seen().text());
    }

    private static String line(String... cells) {
        List<List<String>> columns = new ArrayList<>();
        for (int i = 0; i < cells.length; i++) {
            columns.add(wrapped(cells[i], WIDTHS[i]));
        }
        StringBuilder text = new StringBuilder();
        for (int line = 0; line < columns.stream().mapToInt(List::size).max().orElse(0); line++) {
            StringBuilder one = new StringBuilder();
            for (int i = 0; i < cells.length; i++) {
                String part = line < columns.get(i).size() ? columns.get(i).get(line) : "";
                one.append(String.format("%-" + (WIDTHS[i] + 2) + 's', part));
            }
            text.append(one.toString().stripTrailing()).append(System.lineSeparator());
        }
        return text.toString();
    }

    private static List<String> wrapped(String text, int width) {
        List<String> lines = new ArrayList<>();
        String rest = text;
        while (rest.length() > width) {
            int blank = rest.lastIndexOf(' ', width);
            int end = blank > 0 ? blank : width;
            lines.add(rest.substring(0, end));
            rest = rest.substring(end).stripLeading();
        }
        lines.add(rest);
        return lines;
    }

    /** All that is known so far; what does not agree first. */
    static String markdown(Map<String, String> versions, Results results) {
        StringBuilder text = new StringBuilder("# What is known of Windows, and what this system does\n\n");
        versions.forEach((name, version) -> text.append("* ").append(name).append(": ").append(cell(version))
                .append('\n'));
        text.append('\n').append(results.summary()).append('\n');
        List<Row> rows = results.rows();
        table(text, "What is not as on Windows, or was not seen",
                rows.stream().filter(row -> row.seen().agrees() != Agrees.YES).toList());
        table(text, "What is as on Windows", rows.stream().filter(row -> row.seen().agrees() == Agrees.YES).toList());
        return text.toString();
    }

    private static void table(StringBuilder text, String title, List<Row> rows) {
        if (rows.isEmpty()) {
            return;
        }
        text.append("\n## ").append(title).append("\n\n| ").append(String.join(" | ", HEADINGS)).append(" |\n")
                .append("|---".repeat(HEADINGS.length)).append("|\n");
        for (Row row : rows) {
            text.append("| ").append(String.join(" | ", row.id(), row.seen().agrees().text, cell(row.behaviour()),
                    cell(row.onWindows()), cell(row.seen().text()))).append(" |\n");
        }
    }

    private static String cell(String text) {
        return text.replaceAll("([\\\\|*_<>`\\[\\]])", "\\\\$1");
    }
}
