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
package io.nettypipe.testsuite.documents;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The examples in the javadoc of what is published: each public type has a part in one, and the packages' compile. */
final class JavadocExamplesTest {
    private static final Pattern EXAMPLE = Pattern.compile("<pre>(.*?)</pre>", Pattern.DOTALL);
    private static final Pattern CODE = Pattern.compile("<pre>\\{@code\n(.*?) \\* }</pre>", Pattern.DOTALL);
    private static final Pattern PUBLIC = Pattern.compile(
            "^public (?:(?:abstract|final) )*(?:class|interface|enum|record) (\\w+)", Pattern.MULTILINE);

    private final Map<Path, String> sources = new LinkedHashMap<>();
    /** What is found as a service, and named by nobody. */
    private final Set<String> services = new TreeSet<>();

    JavadocExamplesTest() throws IOException {
        Path root = Path.of("..").toRealPath();
        try (Stream<Path> modules = Files.list(root)) {
            for (Path module : modules.sorted().toList()) {
                Path pom = module.resolve("pom.xml");
                Path main = module.resolve("src/main/java");
                if (Files.isDirectory(main)
                        && Files.readString(pom).contains("<maven.deploy.skip>false</maven.deploy.skip>")) {
                    try (Stream<Path> files = Files.walk(main)) {
                        for (Path file : files.filter(file -> file.toString().endsWith(".java")).sorted().toList()) {
                            sources.put(root.relativize(file), Files.readString(file).replace("\r\n", "\n"));
                        }
                    }
                }
            }
        }
        try (Stream<Path> modules = Files.list(root)) {
            for (Path folder : modules.map(module -> module.resolve("src/main/resources/META-INF/services"))
                    .filter(Files::isDirectory).toList()) {
                try (Stream<Path> files = Files.list(folder)) {
                    for (Path file : files.toList()) {
                        Files.readAllLines(file).forEach(name -> services.add(name.replaceFirst(".*\\.", "")));
                    }
                }
            }
        }
        // Internal, and exported to nobody.
        sources.keySet().removeIf(file -> file.getParent().endsWith("win32"));
        assertTrue(sources.size() > 50, sources.keySet()::toString);
    }

    @Test
    void publicTypes_eachHasAPartInAnExample() {
        String examples = sources.values().stream().flatMap(source -> EXAMPLE.matcher(source).results())
                .map(example -> example.group(1)).collect(Collectors.joining("\n"));
        Set<String> without = new TreeSet<>();
        for (String source : sources.values()) {
            Matcher type = PUBLIC.matcher(source);
            if (type.find() && !services.contains(type.group(1))
                    && !Pattern.compile("\\b" + type.group(1) + "\\b").matcher(examples).find()) {
                without.add(type.group(1));
            }
        }
        assertEquals(Set.of(), without, "public types that no example in the javadoc uses");
    }

    @Test
    void examplesOfThePackages_compile(@TempDir Path classes) {
        List<Snippet> snippets = new ArrayList<>();
        sources.forEach((file, source) -> {
            if (file.endsWith("package-info.java")) {
                CODE.matcher(source).results().forEach(example -> snippets.add(new Snippet(file.toString(),
                        (int) source.substring(0, example.start()).lines().count(),
                        example.group(1).replaceAll("(?m)^ \\* ?", ""))));
            }
        });
        assertTrue(snippets.size() >= 9, snippets::toString);
        assertEquals("", Snippet.compile(snippets, classes));
    }
}
