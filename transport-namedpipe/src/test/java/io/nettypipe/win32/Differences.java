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

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** In which facts a system that is not Windows is known to differ from it, and what it answers there. */
public final class Differences {
    private static final String WINE_8 = "wine-8";

    private final Map<String, String> answers;
    private final boolean tried;

    private Differences(Map<String, String> answers, boolean tried) {
        this.answers = answers;
        this.tried = tried;
    }

    static Differences none() {
        return new Differences(Map.of(), true);
    }

    /**
     * Those of a system.
     *
     * @param system such as {@code wine-8}, for the table {@code wine-8.csv}
     * @return nothing if nobody has tried that system yet
     */
    public static Optional<Differences> of(String system) {
        return CsvResource.rows(system + ".csv").map(rows -> new Differences(read(rows), true));
    }

    /** Those of a Wine. One that nobody has tried yet may do what Windows does, or what the oldest known Wine does. */
    static Differences ofWine(String version) {
        return of("wine-" + version.split("\\.")[0])
                .orElseGet(() -> new Differences(of(WINE_8).orElseThrow().answers, false));
    }

    private static Map<String, String> read(List<String[]> rows) {
        Map<String, String> answers = new LinkedHashMap<>();
        for (String[] row : rows) {
            if (!WindowsFact.all().containsKey(row[0])) {
                throw new IllegalStateException("there is no fact " + row[0]);
            }
            answers.put(row[0], row[1]);
        }
        return answers;
    }

    /** What the system answers, by the ids of the facts. */
    public Map<String, String> answers() {
        return answers;
    }

    /** What the system may answer where Windows answers something. */
    List<String> expected(String fact, String onWindows) {
        String other = answers.get(fact);
        return other == null ? List.of(onWindows) : tried ? List.of(other) : List.of(onWindows, other);
    }
}
