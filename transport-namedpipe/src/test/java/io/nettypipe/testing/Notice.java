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
package io.nettypipe.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.ZipFile;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Whether a jar that has other people's classes in it says whose they are, and how they are licensed. */
public final class Notice {
    private Notice() {
    }

    public static void assertNamesAllOf(Path jar) throws IOException {
        try (ZipFile file = new ZipFile(jar.toFile())) {
            String notice = new String(file.getInputStream(file.getEntry("META-INF/NOTICE")).readAllBytes(),
                    StandardCharsets.UTF_8);
            Set<String> unnamed = file.stream()
                    .map(entry -> entry.getName().replaceFirst("^META-INF/versions/\\d+/", ""))
                    .filter(name -> name.endsWith(".class")).map(name -> name.split("/"))
                    .map(names -> names.length < 3 ? names[0] : names[0] + '.' + names[1])
                    .filter(start -> !start.equals("io.nettypipe") && !notice.contains("(" + start))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(Set.of(), unnamed);
        }
    }
}
