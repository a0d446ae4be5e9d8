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
import io.nettypipe.microbench.report.Table;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Races the servers. In each round each load has its turn, and in it each server, so that what disturbs the machine
 * disturbs all of them. A server runs from its warm-up to the end and does nothing between its turns.
 */
public final class Race {
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    /** Of the warm-up: enough for a large echo to be compiled, whose messages are few. */
    private static final int PARTS = 20;
    private static final int LONGEST_WARMUP_MILLIS = 120_000;

    private final Options options;
    private final PrintStream out;
    private final Results results;
    private final String client;
    private final List<Server> servers = new ArrayList<>();

    private Race(Options options, List<Contestant> contestants, String client, PrintStream out) {
        this.options = options;
        this.out = out;
        this.client = client;
        this.results = new Results(contestants);
    }

    /** Runs in the project's root directory; {@code --help} says what the arguments are. */
    public static void main(String[] args) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try {
            System.exit(run(new Options(args), Path.of("microbench"), out));
        } catch (IllegalArgumentException e) {
            out.println("race: " + e.getMessage() + "; --help says what there is");
            System.exit(USAGE);
        }
    }

    /** Does what the options say, and returns the status of the program. */
    static int run(Options options, Path module, PrintStream out) throws IOException, InterruptedException {
        Programs programs = new Programs(module);
        List<Contestant> all = programs.contestants();
        if (options.help) {
            out.printf(Options.HELP, all.stream().map(Contestant::id).collect(Collectors.joining(",")),
                    List.of(Load.values()).stream().map(load -> load.id).collect(Collectors.joining(",")));
            return 0;
        }
        if (programs.whyNoClient() != null) {
            out.println("race: there is no client: " + programs.whyNoClient());
            return FAILED;
        }
        List<Contestant> chosen = options.chosen(all);
        if (options.requests != null) {
            new RequestCount(options, programs.client(), out)
                    .run(chosen.stream().filter(contestant -> contestant.missing() == null).toList());
            return 0;
        }
        Race race = new Race(options, chosen, programs.client(), out);
        Thread atExit = new Thread(race::stopServers);
        Runtime.getRuntime().addShutdownHook(atExit);
        try {
            race.run();
        } finally {
            race.stopServers();
            Runtime.getRuntime().removeShutdownHook(atExit);
        }
        return race.results.failures().isEmpty() ? 0 : FAILED;
    }

    private void run() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        String load = Machine.load();
        Files.createDirectories(options.output);
        for (Contestant contestant : results.missing()) {
            out.println("Missing: " + contestant.title() + ": " + contestant.missing());
        }
        for (Contestant contestant : results.present()) {
            start(contestant);
        }
        for (int round = 1; round <= options.rounds; round++) {
            for (Load each : options.loads) {
                for (Server server : List.copyOf(servers)) {
                    if (server.contestant.loads().contains(each)) {
                        turn(round, each, server);
                    }
                }
            }
        }
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        Files.writeString(options.output.resolve("race.md"),
                Page.markdown(results, introduction(took, load), "race.svg"));
        Files.writeString(options.output.resolve("race.svg"), Picture.svg(results));
        Files.writeString(options.output.resolve("race.csv"), Page.csv(results));
        out.printf("%s, race.svg and race.csv after %d:%02d%n", options.output.resolve("race.md"),
                took.toMinutes(), took.toSecondsPart());
    }

    private void start(Contestant contestant) throws InterruptedException {
        out.println("Starting: " + contestant.title());
        try {
            Server server = Server.start(contestant, client, options.output);
            synchronized (servers) {
                servers.add(server);
            }
            warmUp(server);
        } catch (IOException e) {
            fail(contestant, e);
        }
    }

    private void warmUp(Server server) throws IOException, InterruptedException {
        int messages = server.contestant.warm() ? options.warmup : options.warmup / PARTS;
        Turn turn = server.turn(Load.SIXTEEN, LONGEST_WARMUP_MILLIS, 0, "messages=" + messages);
        out.printf(Locale.ROOT, "  warm after %,.0f messages%n", turn.count());
        for (Load load : options.loads) {
            if (server.contestant.loads().contains(load) && load != Load.SIXTEEN) {
                server.turn(load, Math.min(options.millis, 1000), options.bytes / PARTS,
                        "messages=" + messages / PARTS);
            }
        }
    }

    private void turn(int round, Load load, Server server) throws InterruptedException {
        try {
            Turn turn = server.turn(load, options.millis, options.bytes);
            results.add(server.contestant, load, turn);
            out.printf(Locale.ROOT, "%d  %-18s  %-36s  %,10.0f/s%n", round, load.title, server.contestant.title(),
                    turn.perSecond(load.kind));
        } catch (IOException e) {
            fail(server.contestant, e);
            server.close();
            synchronized (servers) {
                servers.remove(server);
            }
        }
    }

    private void fail(Contestant contestant, IOException e) {
        out.println("Failed: " + contestant.title() + ": " + e.getMessage());
        results.addFailure(contestant.title() + ": " + e.getMessage());
    }

    private void stopServers() {
        synchronized (servers) {
            servers.forEach(Server::close);
            servers.clear();
        }
    }

    private String introduction(Duration took, String load) {
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, """
                Written by `./bench%s` at commit %s on %s, which took %d min %d s: %s%s.

                One client, in C, with a thread for each connection, which writes a message and reads it back, or sends
                one way until the server says that it has all. %s; in each all servers have their turns, one
                after another, of %s s or %d MiB. Before, each that is compiled while it runs had %,d messages to get
                warm; it then runs to the end, and does nothing between its turns. All pipes have quotas of 64 KiB. A
                cell is the median of the rounds (and the lowest to the highest), a time that of all rounds together.
                """, options.line.isEmpty() ? "" : " " + options.line, Machine.commit(), LocalDate.now(),
                took.toMinutes(), took.toSecondsPart(), Machine.describe(),
                load.isEmpty() ? "" : ", load average before " + load,
                options.rounds == 1 ? "One round" : options.rounds + " rounds",
                Table.number(options.millis / 1000.0), options.bytes >> 20, options.warmup));
        for (Contestant contestant : results.missing()) {
            text.append("\nMissing: ").append(contestant.title()).append(": ").append(contestant.missing())
                    .append('\n');
        }
        for (String failure : results.failures()) {
            text.append("\nFailed: ").append(failure).append('\n');
        }
        return text.toString();
    }
}
