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

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What the command line asks for. */
final class Options {
    static final String HELP = """
            Races echo servers under one client, and writes race.md, race.svg and race.csv.

              --rounds N      rounds; each server has its turn with each load in each (5)
              --seconds N     how long a turn with echoes or connections takes (2.5)
              --mebibytes N   how much is sent one way in a turn (1024)
              --warmup N      messages before the first round, for servers that are compiled while they run (150000)
              --quick         one round, short turns: whether it works, not how fast
              --only A,B      these servers: %s
              --loads A,B     these loads: %s
              --requests      in Wine, and as the first option: counts what its server is asked for, for an echo, with
                              a prefix of its own, and writes requests.md instead
              --scale N ...   as the first option: measures instead what a connection costs when there are so many, each
                              more than the one before it (1 10 100 1000 10000), and writes microbench/target/scale
              --output DIR    where to (microbench/target/race)
              --help
            """;

    int rounds = 5;
    int millis = 2500;
    long bytes = 1024L << 20;
    int warmup = 150_000;
    Set<Load> loads = EnumSet.allOf(Load.class);
    /** No names: all of them. */
    List<String> only = List.of();
    Path output = Path.of("microbench", "target", "race");
    /** The log of the wineserver, if what it is asked for is to be counted; {@code ./bench} adds its name. */
    Path requests;
    boolean help;
    /** As they were given. */
    final String line;

    /** Reads them; {@link IllegalArgumentException} says what is wrong. */
    Options(String... args) {
        line = String.join(" ", args);
        List<String> rest = new ArrayList<>(Arrays.asList(args));
        while (!rest.isEmpty()) {
            take(rest.remove(0), rest);
        }
    }

    private void take(String option, List<String> rest) {
        switch (option) {
            case "--rounds" -> rounds = (int) Math.ceil(number(option, rest));
            case "--seconds" -> millis = (int) (number(option, rest) * 1000);
            case "--mebibytes" -> bytes = (long) (number(option, rest) * (1 << 20));
            case "--warmup" -> warmup = (int) number(option, rest);
            case "--quick" -> {
                rounds = 1;
                millis = 150;
                bytes = 8L << 20;
                warmup = 500;
            }
            case "--only" -> only = List.of(value(option, rest).split(","));
            case "--loads" -> loads = Arrays.stream(value(option, rest).split(",")).map(Options::load)
                    .collect(Collectors.toCollection(() -> EnumSet.noneOf(Load.class)));
            case "--requests" -> requests = Path.of(value(option, rest));
            case "--output" -> output = Path.of(value(option, rest));
            case "--help" -> help = true;
            default -> throw new IllegalArgumentException("unknown option " + option);
        }
    }

    private static String value(String option, List<String> rest) {
        if (rest.isEmpty()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return rest.remove(0);
    }

    private static double number(String option, List<String> rest) {
        String text = value(option, rest);
        double number;
        try {
            number = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            number = 0;
        }
        if (!(number > 0 && number < Integer.MAX_VALUE / 1000)) {
            throw new IllegalArgumentException(option + " " + text + ": no number above 0, or too great");
        }
        return number;
    }

    private static Load load(String id) {
        return Arrays.stream(Load.values()).filter(load -> load.id.equals(id)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown load " + id));
    }

    /** Keeps those that {@code --only} names. */
    List<Contestant> chosen(List<Contestant> all) {
        for (String id : only) {
            if (all.stream().noneMatch(contestant -> contestant.id().equals(id))) {
                throw new IllegalArgumentException("unknown server " + id);
            }
        }
        return only.isEmpty() ? all : all.stream().filter(contestant -> only.contains(contestant.id())).toList();
    }
}
