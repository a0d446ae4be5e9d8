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
import io.nettypipe.check.Row.Seen;
import io.nettypipe.win32.WindowsFact;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the tests have shown so far. */
final class Results {
    private final Collection<WindowsFact> facts;
    private final List<TestRun> runs;

    Results(Collection<WindowsFact> facts, List<TestRun> runs) {
        this.facts = facts;
        this.runs = runs;
    }

    /** Of each fact that tests show, in the order of the table of facts; then of tests without a fact that fail. */
    List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        facts.stream().filter(fact -> runs(fact).findAny().isPresent()).forEach(fact -> rows.add(row(fact)));
        withoutFact().filter(run -> run.seen().agrees() != Agrees.YES)
                .forEach(run -> rows.add(new Row("-", run.name(), "the test passes", run.seen())));
        return rows;
    }

    /** Those that are certain since this test ended. */
    List<Row> rowsSince(TestRun run) {
        if (run.facts().isEmpty()) {
            return List.of();
        }
        return facts.stream().filter(fact -> run.facts().contains(fact.id) && runs(fact).allMatch(TestRun::hasEnded))
                .map(this::row).toList();
    }

    private Row row(WindowsFact fact) {
        List<Seen> seen = runs(fact).map(run -> run.seen(fact.id)).toList();
        Agrees agrees = Stream.of(Agrees.NO, Agrees.UNKNOWN)
                .filter(bad -> seen.stream().anyMatch(one -> one.agrees() == bad)).findFirst().orElse(Agrees.YES);
        String text = seen.stream().filter(one -> one.agrees() == agrees && !one.text().isEmpty()).map(Seen::text)
                .distinct().collect(Collectors.joining("; "));
        return new Row(fact.id, fact.behaviour, fact.onWindows,
                new Seen(agrees, text.isEmpty() ? "the same" : text));
    }

    private Stream<TestRun> runs(WindowsFact fact) {
        return runs.stream().filter(run -> run.facts().contains(fact.id));
    }

    private Stream<TestRun> withoutFact() {
        return runs.stream().filter(run -> run.facts().isEmpty());
    }

    boolean allAgree() {
        return rows().stream().allMatch(row -> row.seen().agrees() == Agrees.YES);
    }

    /** In numbers. */
    String summary() {
        List<Row> shown = rows().stream().filter(row -> !row.id().equals("-")).toList();
        return String.format("%d facts: %d agree, %d do not, %d were not seen, %d have no test. Tests of other things: "
                        + "%d of %d passed.", facts.size(), count(shown, Agrees.YES), count(shown, Agrees.NO),
                count(shown, Agrees.UNKNOWN), facts.size() - shown.size(),
                withoutFact().filter(run -> run.seen().agrees() == Agrees.YES).count(), withoutFact().count());
    }

    private static long count(List<Row> rows, Agrees agrees) {
        return rows.stream().filter(row -> row.seen().agrees() == agrees).count();
    }
}
