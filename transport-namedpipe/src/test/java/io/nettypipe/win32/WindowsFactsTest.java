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

import org.junit.jupiter.api.Test;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What is known of Windows is shown by tests, or it is said why not, and docs/windows-facts.md has it all. */
class WindowsFactsTest {

    @Test
    void fact_ofTheTable_hasATestOrAReasonAndNotBoth() {
        Map<String, List<Method>> tests = ContractTests.byFact();
        for (WindowsFact fact : WindowsFact.all().values()) {
            assertEquals(tests.containsKey(fact.id), fact.untested().isEmpty(), fact::toString);
        }
        Set<String> unknown = new TreeSet<>(tests.keySet());
        unknown.removeAll(WindowsFact.all().keySet());
        assertEquals(Set.of(), unknown);
    }

    @Test
    void modelOfWine_differsWhereWineDoesAndThatOfWindowsNowhere() {
        Map<String, String> wine = new TreeMap<>();
        Set<String> windows = new HashSet<>();
        EngineTestKit.engine("junit-jupiter")
                .selectors(ContractTests.classes().stream().map(DiscoverySelectors::selectClass).toList())
                .execute().allEvents().reportingEntryPublished().stream()
                .map(WindowsFactsTest::entry)
                .filter(entry -> entry.get("agrees").equals("false"))
                .forEach(entry -> {
                    if (entry.get("system").equals("model of Wine")) {
                        wine.put(entry.get("fact"), entry.get("seen"));
                    } else {
                        windows.add(entry.get("fact"));
                    }
                });
        assertEquals(new TreeMap<>(Differences.of("wine-8").orElseThrow().answers()), wine);
        assertEquals(Set.of(), windows);
    }

    private static Map<String, String> entry(Event event) {
        return event.getRequiredPayload(ReportEntry.class).getKeyValuePairs();
    }

    @Test
    void document_madeAnew_isTheOneThatIsThere() throws Exception {
        Path page = Path.of("..").toRealPath().resolve("docs/windows-facts.md");
        String text = WindowsFactsDocument.text();
        if (Boolean.getBoolean("nettypipe.docs.write")) {
            Files.writeString(page, text);
        }
        assertTrue(Files.exists(page) && Files.readString(page).replace("\r\n", "\n").equals(text), page
                + " is out of date: mvn test -pl transport-namedpipe -Dtest=WindowsFactsTest"
                + " -Dnettypipe.docs.write=true");
    }
}
