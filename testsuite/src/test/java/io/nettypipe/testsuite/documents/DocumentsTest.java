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
import java.io.StringWriter;
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
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the documents say can be followed: their links, their Java, and the table of the options. */
final class DocumentsTest {
    private static final int README_LINES = 150;
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("^#+ (.+)$", Pattern.MULTILINE);
    private static final Pattern CODE = Pattern.compile("^```.*?^```$|`[^`\n]+`", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern JAVA = Pattern.compile("^```java\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern EXAMPLE = Pattern.compile("<pre>\\{@code\n(.*?)^ \\* }</pre>",
            Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern PROGRAM = Pattern.compile("^public class (\\w+)", Pattern.MULTILINE);

    /** What is around a piece of Java that is no program. On one line, so that javac's lines are the document's. */
    private static final String SNIPPET = "import io.netty.bootstrap.*; import io.netty.channel.*;"
            + "import io.nettypipe.channel.*; import io.nettypipe.codec.*; import io.nettypipe.iocp.*;"
            + "abstract class %s { EventLoopGroup group; NamedPipeChannel channel; long handle;"
            + "static class MyInitializer extends ChannelInitializer<Channel> {"
            + "protected void initChannel(Channel ch) { } } void snippet() throws Exception {";

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
    void javaOfTheDocuments_compiles(@TempDir Path classes) throws IOException {
        List<JavaFileObject> sources = new ArrayList<>();
        documents.forEach((file, text) -> {
            for (Matcher java = JAVA.matcher(text); java.find();) {
                int line = (int) text.substring(0, java.start()).lines().count() + 1;
                sources.add(source(root.relativize(file).toString(), line, java.group(1)));
            }
        });
        assertTrue(sources.size() >= 7, sources::toString);
        int ofDocuments = sources.size();
        for (Path manual : manuals()) {
            String text = Files.readString(manual).replace("\r\n", "\n");
            for (Matcher java = EXAMPLE.matcher(text); java.find();) {
                int line = (int) text.substring(0, java.start()).lines().count() + 1;
                sources.add(source(root.relativize(manual).toString(), line,
                        java.group(1).replaceAll("(?m)^ \\* ?", "")));
            }
        }
        assertTrue(sources.size() > ofDocuments, "no example in " + manuals());
        StringWriter errors = new StringWriter();
        boolean compiles = ToolProvider.getSystemJavaCompiler().getTask(errors, null, null, List.of("-proc:none",
                "-nowarn", "-d", classes.toString(), "-cp", System.getProperty("java.class.path")), null, sources)
                .call();
        assertTrue(compiles, errors::toString);
    }

    /** The manuals of the packages of the integrations, whose examples are programs. */
    private List<Path> manuals() throws IOException {
        try (Stream<Path> modules = Files.list(root)) {
            List<Path> manuals = new ArrayList<>();
            for (Path module : modules.filter(path -> path.getFileName().toString().startsWith("integration-"))
                    .map(path -> path.resolve("src/main/java")).filter(Files::isDirectory).toList()) {
                try (Stream<Path> files = Files.walk(module)) {
                    files.filter(file -> file.endsWith("package-info.java")).forEach(manuals::add);
                }
            }
            return manuals;
        }
    }

    /** As far down in its file as it is in the document. */
    private static JavaFileObject source(String document, int line, String java) {
        Matcher program = PROGRAM.matcher(java);
        boolean whole = program.find();
        String name = whole ? program.group(1) : document.replaceAll("\\W", "_") + line;
        String text = "\n".repeat(line - 1)
                + (whole ? "\n" + java : SNIPPET.formatted(name) + "\n" + java + "} }");
        URI uri = URI.create("string:///" + name + ".java");
        return new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }

            @Override
            public String getName() {
                return document;
            }
        };
    }
}
