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

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.nettypipe.channel.NamedPipeChannel;
import io.nettypipe.channel.NamedPipeChannelOption;
import io.nettypipe.channel.NamedPipeServerChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.reflect.Field;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
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

/** What the documents say can be followed: their links, their Java, and the table of the options. */
final class DocumentsTest {
    private static final int README_LINES = 150;
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("^#+ (.+)$", Pattern.MULTILINE);
    private static final Pattern CODE = Pattern.compile("^```.*?^```$|`[^`\n]+`", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern JAVA = Pattern.compile("^```java\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    private final Path root;
    private final Map<Path, String> documents = new HashMap<>();

    DocumentsTest() throws IOException {
        // Surefire runs in the directory of the module.
        root = Path.of("..").toRealPath();
        try (Stream<Path> top = Files.list(root); Stream<Path> docs = Files.walk(root.resolve("docs"))) {
            for (Path file : Stream.concat(top, docs).filter(path -> path.toString().endsWith(".md")).toList()) {
                documents.put(file, Files.readString(file).replace("\r\n", "\n"));
            }
        }
        assertTrue(documents.size() > 20, documents.keySet()::toString);
    }

    private String text(String file) {
        return documents.get(root.resolve(file));
    }

    @Test
    void readme_isReadInOneGo() {
        long lines = text("README.md").lines().count();
        assertTrue(lines <= README_LINES, lines + " lines are more than " + README_LINES);
    }

    @Test
    void links_betweenFiles_leadSomewhere() {
        List<String> broken = new ArrayList<>();
        documents.forEach((file, text) -> {
            for (Matcher link = LINK.matcher(CODE.matcher(text).replaceAll("")); link.find();) {
                if (!link.group(1).startsWith("https://") && !resolves(file, URI.create(link.group(1)))) {
                    broken.add(root.relativize(file) + ": " + link.group(1));
                }
            }
        });
        assertEquals(List.of(), broken);
    }

    private boolean resolves(Path from, URI link) {
        Path target = link.getPath().isEmpty() ? from : from.resolveSibling(link.getPath()).normalize();
        return target.startsWith(root) && Files.exists(target)
                && (link.getFragment() == null || anchors(documents.get(target)).contains(link.getFragment()));
    }

    /** As GitHub makes them, but for headings of the same text. */
    private static Set<String> anchors(String document) {
        Set<String> anchors = new TreeSet<>();
        String text = document == null ? "" : JAVA.matcher(document).replaceAll("");
        for (Matcher heading = HEADING.matcher(text); heading.find();) {
            anchors.add(heading.group(1).toLowerCase(Locale.ROOT).replaceAll("[^\\w\\- ]", "").replace(' ', '-'));
        }
        return anchors;
    }

    @Test
    void options_thatAChannelTakes_areInTheGuidesTable() throws IllegalAccessException {
        Set<String> options = new TreeSet<>();
        for (Field field : NamedPipeChannelOption.class.getDeclaredFields()) {
            if (field.getType() == ChannelOption.class) {
                options.add(nameOf((ChannelOption<?>) field.get(null)));
            }
        }
        for (ChannelConfig config : List.of(new NamedPipeChannel().config(), new NamedPipeServerChannel().config())) {
            config.getOptions().keySet().forEach(option -> options.add(nameOf(option)));
        }
        String guide = text("docs/guide.md");
        String table = guide.substring(guide.indexOf("\n## Options\n"), guide.indexOf("\n## Addresses\n"));
        options.removeIf(option -> Pattern.compile("^\\|[^|]*\\b" + option + "`[^|]*\\|", Pattern.MULTILINE)
                .matcher(table).find());
        assertEquals(Set.of(), options, "not in the first column of the guide's table");
    }

    private static String nameOf(ChannelOption<?> option) {
        return option.name().substring(option.name().indexOf('#') + 1);
    }

    @Test
    void javaOfTheDocuments_compiles(@TempDir Path classes) {
        List<Snippet> snippets = new ArrayList<>();
        documents.forEach((file, text) -> {
            for (Matcher java = JAVA.matcher(text); java.find();) {
                int line = (int) text.substring(0, java.start()).lines().count() + 1;
                snippets.add(new Snippet(root.relativize(file).toString(), line, java.group(1)));
            }
        });
        assertTrue(snippets.size() >= 7, snippets::toString);
        assertEquals("", Snippet.compile(snippets, classes));
    }
}
