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

import io.nettypipe.microbench.report.Machine;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the wineserver is asked for, for each echo: as a page with a table for each load, a row for each server. */
final class RequestCount {
    private static final int MESSAGES = 5000;
    private static final int LONGEST_MILLIS = 120_000;
    private static final List<String> KINDS =
            List.of("read", "write", "get_async_result", "remove_completion", "select");

    private final Options options;
    private final String client;
    private final PrintStream out;
    private final RequestLog log;

    RequestCount(Options options, String client, PrintStream out) {
        this.options = options;
        this.client = client;
        this.out = out;
        this.log = new RequestLog(options.requests);
    }

    /** Counts those contestants' requests, one server after another, and writes {@code requests.md}. */
    void run(List<Contestant> contestants) throws IOException, InterruptedException {
        Files.createDirectories(options.output);
        List<Load> loads = options.loads.stream().filter(load -> load.kind == Load.Kind.ECHO).toList();
        Map<Load, List<String>> rows = new EnumMap<>(Load.class);
        for (Contestant contestant : contestants) {
            out.println("Counting: " + contestant.title());
            log.clear();
            try (Server server = Server.start(contestant, client, options.output)) {
                for (Load load : loads) {
                    server.turn(load, LONGEST_MILLIS, 0, "messages=" + MESSAGES);
                    long from = log.end();
                    Turn turn = server.turn(load, LONGEST_MILLIS, 0, "messages=" + MESSAGES);
                    rows.computeIfAbsent(load, unused -> new ArrayList<>()).add(row(contestant,
                            log.counts(server.unixPid(), from, log.end()), turn.count()));
                }
            }
        }
        StringBuilder page = new StringBuilder(String.format(Locale.ROOT, """
                # What the wineserver is asked for

                Written by `./bench --requests` at commit %s: %s.

                Requests to the wineserver for an echo, from its own log, of %,d echoes after as many others. Threads
                that serve are those that read and write; what a process's other threads ask for is, in a JVM, its
                compiler's, and goes away when all is compiled.
                """, Machine.commit(), Machine.describe(), MESSAGES));
        rows.forEach((load, lines) -> page.append("\n## ").append(load.title)
                .append("\n\n| | the server's serving threads | ").append(String.join(" | ", KINDS))
                .append(" | others | its other threads | the client |\n|")
                .append("---|".repeat(KINDS.size() + 5)).append('\n').append(String.join("", lines)));
        Path file = Files.writeString(options.output.resolve("requests.md"), page);
        out.println(file);
    }

    private String row(Contestant contestant, RequestLog.Counts counts, double messages) {
        Map<String, Integer> serving = counts.serving();
        int all = serving.values().stream().mapToInt(Integer::intValue).sum();
        int named = KINDS.stream().mapToInt(kind -> serving.getOrDefault(kind, 0)).sum();
        StringBuilder row = new StringBuilder("| " + contestant.title() + " | " + each(all, messages));
        KINDS.forEach(kind -> row.append(" | ").append(each(serving.getOrDefault(kind, 0), messages)));
        return row.append(" | ").append(each(all - named, messages))
                .append(" | ").append(each(counts.besides(), messages))
                .append(" | ").append(each(counts.others(), messages)).append(" |\n").toString();
    }

    private static String each(int count, double messages) {
        return String.format(Locale.ROOT, "%.2f", count / messages);
    }
}
