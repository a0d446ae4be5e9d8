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

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** All turns of all contestants. */
final class Results {
    /** The middle of several values, with the least and the greatest. */
    record Spread(double median, double least, double greatest) {
        static Spread of(double... values) {
            double[] sorted = values.clone();
            Arrays.sort(sorted);
            int middle = sorted.length / 2;
            double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
            return new Spread(median, sorted[0], sorted[sorted.length - 1]);
        }
    }

    private final Map<Contestant, Map<Load, List<Turn>>> turns = new LinkedHashMap<>();
    private final List<String> failures = new ArrayList<>();

    Results(List<Contestant> contestants) {
        contestants.forEach(contestant -> turns.put(contestant, new EnumMap<>(Load.class)));
    }

    void add(Contestant contestant, Load load, Turn turn) {
        turns.get(contestant).computeIfAbsent(load, unused -> new ArrayList<>()).add(turn);
    }

    void addFailure(String failure) {
        failures.add(failure);
    }

    List<String> failures() {
        return failures;
    }

    /** Those that took part. */
    List<Contestant> present() {
        return turns.keySet().stream().filter(contestant -> contestant.missing() == null).toList();
    }

    List<Contestant> missing() {
        return turns.keySet().stream().filter(contestant -> contestant.missing() != null).toList();
    }

    /** The loads of that kind that anybody had. */
    List<Load> loads(Load.Kind kind) {
        return Arrays.stream(Load.values()).filter(load -> load.kind == kind)
                .filter(load -> turns.values().stream().anyMatch(all -> all.containsKey(load))).toList();
    }

    List<Turn> turns(Contestant contestant, Load load) {
        return turns.get(contestant).getOrDefault(load, List.of());
    }

    /** What a contestant's turns with a load were, or null if it had none. */
    Spread perSecond(Contestant contestant, Load load) {
        List<Turn> all = turns(contestant, load);
        return all.isEmpty() ? null
                : Spread.of(all.stream().mapToDouble(turn -> turn.perSecond(load.kind)).toArray());
    }

    /** Microseconds for each, of all turns together, because Wine's clock of a process is a coarse one; NaN without. */
    double micros(Contestant contestant, Load load, String what) {
        List<Turn> all = turns(contestant, load);
        double count = all.stream().mapToDouble(Turn::count).sum() / load.kind.unit;
        return all.isEmpty() ? Double.NaN : all.stream().mapToDouble(turn -> turn.value(what)).sum() / 1000 / count;
    }

    /** The greatest of a contestant's turns, with any load; NaN without any. */
    double greatest(Contestant contestant, ToDoubleFunction<Turn> value) {
        return turns.get(contestant).values().stream().flatMap(List::stream).mapToDouble(value).max()
                .orElse(Double.NaN);
    }
}
