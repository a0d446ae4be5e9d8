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
import java.util.Map;
import java.util.Optional;

/** What is known of Windows, from others who saw it there or read its code. */
public final class WindowsFact {
    private static final Map<String, WindowsFact> ALL = readAll();

    /** Its name, such as {@code F061}. */
    public final String id;
    /** What part of the system it is about, in a word. */
    public final String area;
    /** The case. */
    public final String behaviour;
    /** What Windows does in that case. */
    public final String onWindows;
    /** Who says so. */
    public final String source;
    /** The ids of related facts, or nothing. */
    public final String seeAlso;
    /** What makes the source weaker than a strict assertion that runs on Windows, or nothing. */
    public final String evidence;
    private final String untested;

    private WindowsFact(String... cells) {
        id = cells[0];
        area = cells[1];
        behaviour = cells[2];
        onWindows = cells[3];
        source = cells[4];
        seeAlso = cells[5];
        evidence = cells[6];
        untested = cells[7];
    }

    private static Map<String, WindowsFact> readAll() {
        Map<String, WindowsFact> all = new LinkedHashMap<>();
        for (String[] row : CsvResource.rows("windows-facts.csv")
                .orElseThrow(() -> new IllegalStateException("windows-facts.csv is not there"))) {
            WindowsFact fact = new WindowsFact(row);
            if (all.put(fact.id, fact) != null) {
                throw new IllegalStateException("two facts are called " + fact.id);
            }
        }
        return all;
    }

    /** All of them, by their ids, in the order of these. */
    public static Map<String, WindowsFact> all() {
        return ALL;
    }

    /** Why no test shows it, if none does. */
    public Optional<String> untested() {
        return untested.isEmpty() ? Optional.empty() : Optional.of(untested);
    }

    @Override
    public String toString() {
        return id + ": " + behaviour + ": " + onWindows;
    }
}
