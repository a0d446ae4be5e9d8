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

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The paths of docs/architecture.md lead from file to file, and its numbers are right. */
final class ArchitectureDocTest {
    private static final Path SOURCES = Path.of("src/main/java/io/nettypipe");
    /** A path that takes more has got longer, for which there should be a reason that is worth it. */
    private static final Map<String, Integer> MOST_FILES =
            Map.of("Read", 8, "Write", 9, "Accept", 10, "Connect", 9, "Close", 8);
    private static final int MOST_ABSTRACT_METHODS = 6;
    private static final Pattern PATH = Pattern.compile("^## (\\w+): (\\d+) files$", Pattern.MULTILINE);
    private static final Pattern STEP = Pattern.compile("^\\d+\\. `(\\w+/(\\w+))`", Pattern.MULTILINE);
    private static final Pattern SUPERTYPES = Pattern.compile("\\b(?:extends|implements) ([\\w<>.?, ]+?) \\{");
    private static final Pattern ABSTRACT_METHOD =
            Pattern.compile("^    abstract (?!class)[^(\n]+\\(", Pattern.MULTILINE);

    @Test
    void files_ofEachPath_areThereAndFewAndNamedByOneBeforeThem() throws IOException {
        List<String> wrong = new ArrayList<>();
        List<String> paths = new ArrayList<>();
        for (String section : document().split("(?m)^(?=## )")) {
            Matcher heading = PATH.matcher(section);
            if (heading.find()) {
                paths.add(heading.group(1));
                int files = follow(heading.group(1), section, wrong);
                if (files != Integer.parseInt(heading.group(2))) {
                    wrong.add(heading.group(1) + ": there are " + files);
                }
                if (files > MOST_FILES.get(heading.group(1))) {
                    wrong.add(heading.group(1) + ": " + files + " files are too many");
                }
            }
        }
        assertEquals(List.of("Read", "Write", "Accept", "Connect", "Close"), paths);
        assertEquals(List.of(), wrong);
    }

    /** Returns how many files there are. */
    private static int follow(String path, String section, List<String> wrong) throws IOException {
        Set<String> named = new TreeSet<>();
        int files = 0;
        for (Matcher step = STEP.matcher(section); step.find(); files++) {
            if (!Files.exists(SOURCES.resolve(step.group(1) + ".java"))) {
                wrong.add(path + ": there is no " + step.group(1));
                continue;
            }
            Set<String> family = family(step.group(2), new TreeSet<>());
            if (files > 0 && Collections.disjoint(named, family)) {
                wrong.add(path + ": nothing before it leads to " + step.group(1));
            }
            for (String type : family) {
                named.addAll(List.of(source(type).split("\\W+")));
            }
        }
        return files;
    }

    /** Adds a type, and those of ours that it extends or implements. */
    private static Set<String> family(String type, Set<String> family) throws IOException {
        String source = source(type);
        if (!source.isEmpty() && family.add(type)) {
            for (Matcher supertypes = SUPERTYPES.matcher(source); supertypes.find();) {
                for (String supertype : supertypes.group(1).split("\\W+")) {
                    family(supertype, family);
                }
            }
        }
        return family;
    }

    /** Empty if it is not one of ours. */
    private static String source(String type) throws IOException {
        for (String directory : new String[] {"channel", "iocp"}) {
            Path file = SOURCES.resolve(directory).resolve(type + ".java");
            if (Files.exists(file)) {
                return Files.readString(file);
            }
        }
        return "";
    }

    @Test
    void abstractMethods_betweenTheChannelsLayers_areAsManyAsItSaysAndFew() throws IOException {
        int methods = 0;
        try (Stream<Path> files = Files.list(SOURCES.resolve("channel"))) {
            for (Path file : files.toList()) {
                methods += (int) ABSTRACT_METHOD.matcher(Files.readString(file)).results().count();
            }
        }
        assertTrue(methods <= MOST_ABSTRACT_METHODS, methods + " methods are too many");
        String number = " " + methods + " (`abstract`, not Netty's)";
        assertTrue(document().contains(number), "not said: are" + number);
    }

    @Test
    void wine_inAllMainCode_isKnownToOneClass() throws IOException {
        List<String> files = new ArrayList<>();
        try (Stream<Path> modules = Files.list(Path.of(".."))) {
            for (Path sources : modules.map(module -> module.resolve("src/main/java")).filter(Files::exists).toList()) {
                try (Stream<Path> all = Files.walk(sources)) {
                    for (Path file : all.filter(Files::isRegularFile).toList()) {
                        if (Files.readString(file).toLowerCase(Locale.ROOT).contains("wine")) {
                            files.add(file.getFileName().toString());
                        }
                    }
                }
            }
        }
        assertEquals(List.of("StandInWin32.java"), files);
    }

    private static String document() throws IOException {
        return Files.readString(Path.of("../docs/architecture.md")).replace("\r\n", "\n");
    }
}
