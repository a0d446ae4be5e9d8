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
package io.nettypipe.microbench.race;

import io.nettypipe.microbench.report.Table;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** The results as a page of Markdown, and as lines of a CSV. */
final class Page {
    private final Results results;
    private final StringBuilder text = new StringBuilder();

    private Page(Results results) {
        this.results = results;
    }

    /** The page: what was measured where, the picture of that name, and the tables. */
    static String markdown(Results results, String introduction, String picture) {
        return new Page(results).write(introduction, picture);
    }

    private String write(String introduction, String picture) {
        text.append("# The race of echo servers\n\n").append(introduction)
                .append("\n![The race as a picture](").append(picture).append(")\n");
        for (Load.Kind kind : Load.Kind.values()) {
            List<Load> loads = results.loads(kind);
            if (!loads.isEmpty()) {
                table(kind.title, loads, (contestant, load) -> spread(results.perSecond(contestant, load)));
            }
        }
        List<Load> loads = List.of(Load.values()).stream()
                .filter(load -> results.loads(load.kind).contains(load)).toList();
        table("The server's own time, µs for each: in its code + in the system", loads, this::ownTime);
        if (results.present().stream().anyMatch(one -> results.greatest(one, turn -> turn.value("wineserver")) > 0)) {
            table("The wineserver's time, µs for each, for both ends", loads,
                    (contestant, load) -> Table.number(results.micros(contestant, load, "wineserver")));
        }
        memory();
        return text.toString();
    }

    private void table(String title, List<Load> loads, BiFunction<Contestant, Load, String> cell) {
        boolean mixed = loads.stream().map(load -> load.kind).distinct().count() > 1;
        List<String> headings = new ArrayList<>(List.of(""));
        loads.forEach(load -> headings.add(mixed ? load.each() : load.title));
        Table table = new Table(headings);
        for (Contestant contestant : results.present()) {
            List<String> cells = loads.stream().map(load -> cell.apply(contestant, load)).toList();
            if (cells.stream().anyMatch(one -> !one.isEmpty())) {
                table.row(Stream.concat(Stream.of(contestant.title()), cells.stream()).toList());
            }
        }
        text.append("\n## ").append(title).append("\n\n").append(table);
    }

    private void memory() {
        Table table = new Table(List.of("", "at most in memory", "private at the end of a turn, at most"));
        for (Contestant contestant : results.present()) {
            table.row(List.of(contestant.title(),
                    Table.number(results.greatest(contestant, turn -> turn.mebibytes("peak"))),
                    Table.number(results.greatest(contestant, turn -> turn.mebibytes("private")))));
        }
        text.append("\n## The server's memory, MiB\n\n").append(table);
    }

    private static String spread(Results.Spread spread) {
        if (spread == null) {
            return "";
        }
        String median = Table.number(spread.median());
        return spread.least() == spread.greatest() ? median
                : median + " (" + Table.number(spread.least()) + " to " + Table.number(spread.greatest()) + ")";
    }

    private String ownTime(Contestant contestant, Load load) {
        double user = results.micros(contestant, load, "user");
        return Double.isNaN(user) ? "" : Table.number(user) + " + "
                + Table.number(results.micros(contestant, load, "system"));
    }

    /** A line for each turn. */
    static String csv(Results results) {
        StringBuilder lines = new StringBuilder("server,load,round,count,nanos,user,system,wineserver,peak,private\n");
        for (Contestant contestant : results.present()) {
            for (Load load : Load.values()) {
                int round = 0;
                for (Turn turn : results.turns(contestant, load)) {
                    lines.append(contestant.id()).append(',').append(load.id).append(',').append(++round);
                    for (String value : List.of("count", "nanos", "user", "system", "wineserver", "peak", "private")) {
                        lines.append(',').append(String.format(Locale.ROOT, "%.0f", turn.value(value)));
                    }
                    lines.append('\n');
                }
            }
        }
        return lines.toString();
    }
}
