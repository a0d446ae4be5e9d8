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
package io.nettypipe.microbench.report;

import java.util.List;
import java.util.Locale;

/** A table of Markdown. */
public final class Table {
    private final StringBuilder text = new StringBuilder();

    /** A table with these headings, and nothing below them. */
    public Table(List<String> headings) {
        row(headings);
        text.append("|---".repeat(headings.size())).append("|\n");
    }

    /** Adds a row. */
    public void row(List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    /** A number as a cell has it: empty if it is none. */
    public static String number(double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, value < 10 ? "%,.1f" : "%,.0f", value);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
