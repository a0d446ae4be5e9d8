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

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The text of docs/windows-facts.md, from the data and the tests. */
final class WindowsFactsDocument {
    private static final String HEAD = """
            # What Windows does, and what shows it

            Made from `windows-facts.csv` and the tables of what other systems answer, which are test resources of
            the transport, and from the tests that say which facts they show (`@Fact`). A test fails when this page
            is out of date, and says how to write it anew.

            %d facts, found on real Windows by others: in Wine's conformance tests, which Windows passes, in ReactOS'
            driver, on Microsoft's pages, and in programs that people use. %d are shown by contract tests, which run
            on the model of Windows in memory, on the model of Wine, and on the system that the tests run on.
            **Nobody has run them on Windows yet**; `windows-check` does so in a minute (see README).

            * **Model** is the model as Windows: every test passes on it. The model as Wine answers what Wine 8 does.
            * **Wine 8** was run: where it differs, what it answered. A test fails when it answers something else. Asked
              is the transport's lowest layer, which itself sees to it in Wine that F005 and F015 hold, and that
              there is a flush.
            * **Wine 10** %s
            * "error N" is a Win32 error; "at once" and "pending, then a packet" say how a call told it.
            """;

    private WindowsFactsDocument() {
    }

    static String text() {
        Map<String, List<Method>> tests = ContractTests.byFact();
        Optional<Differences> wine8 = Differences.of("wine-8");
        Optional<Differences> wine10 = Differences.of("wine-10");
        StringBuilder text = new StringBuilder(String.format(HEAD, WindowsFact.all().size(), tests.size(),
                wine10.isPresent() ? "was run, too." : "was not run with these tests yet."));
        for (String area : WindowsFact.all().values().stream().map(fact -> fact.area).distinct().toList()) {
            text.append("\n## ").append(area).append("\n\n")
                    .append("| id | behaviour | on Windows | source | test | model | Wine 8 | Wine 10 |\n")
                    .append("|---|---|---|---|---|---|---|---|\n");
            WindowsFact.all().values().stream().filter(fact -> fact.area.equals(area)).forEach(fact -> {
                List<Method> shownBy = tests.getOrDefault(fact.id, List.of());
                text.append("| ").append(String.join(" | ", fact.id, cell(fact.behaviour), cell(fact.onWindows),
                        cell(source(fact)), test(fact, shownBy), shownBy.isEmpty() ? "" : "as Windows",
                        answer(fact, shownBy, wine8), answer(fact, shownBy, wine10))).append(" |\n");
            });
        }
        return text.toString();
    }

    private static String source(WindowsFact fact) {
        return fact.source + (fact.evidence.isEmpty() ? "" : " (" + fact.evidence + ")")
                + (fact.seeAlso.isEmpty() ? "" : "; see " + fact.seeAlso);
    }

    private static String test(WindowsFact fact, List<Method> shownBy) {
        return fact.untested().map(reason -> "none: " + cell(reason)).orElseGet(() -> shownBy.stream()
                .map(test -> '`' + test.getDeclaringClass().getSimpleName() + '.' + test.getName() + '`')
                .collect(Collectors.joining(", ")));
    }

    private static String answer(WindowsFact fact, List<Method> shownBy, Optional<Differences> system) {
        return shownBy.isEmpty() ? "" : system.map(Differences::answers)
                .map(answers -> answers.containsKey(fact.id) ? "**" + cell(answers.get(fact.id)) + "**" : "as Windows")
                .orElse("not run");
    }

    private static String cell(String text) {
        return text.replaceAll("([\\\\|*_<>`\\[\\]])", "\\\\$1");
    }
}
