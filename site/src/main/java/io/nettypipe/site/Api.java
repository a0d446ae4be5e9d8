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
package io.nettypipe.site;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import javax.tools.DocumentationTool;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The javadoc of all modules that are published, without what is internal, as one. */
final class Api {
    private static final String PUBLISHED = "<maven.deploy.skip>false</maven.deploy.skip>";
    private static final String INTERNAL = "win32";
    private static final String JDK = "https://docs.oracle.com/en/java/javase/17/docs/api";
    private static final String NETTY = "https://netty.io/4.2/api";

    private final Path root;

    Api(Path root) {
        this.root = root;
    }

    /** Writes it, and answers the page of each type, by its simple name. */
    Map<String, String> write(Path folder) throws IOException {
        List<Path> sources = sources();
        Path lists = Files.createTempDirectory("element-lists");
        List<String> options = new ArrayList<>(List.of("-d", folder.toString(), "-classpath",
                System.getProperty("java.class.path"), "-encoding", "UTF-8", "-charset", "UTF-8", "-notimestamp",
                "-Xdoclint:all,-missing", "-Werror", "-quiet", "-use", "-protected", "--release", "17",
                "-windowtitle", "nettypipe", "-doctitle", "nettypipe",
                "-top", "<p style=\"margin:8px 16px\"><a href=\"{@docRoot}/../index.html\">nettypipe</a> &middot; "
                        + "<a href=\"{@docRoot}/../guide.html\">Guide</a></p>",
                "-overview", overview(lists).toString(),
                "-linkoffline", JDK, elements(lists.resolve("jdk"), jdk()),
                "-linkoffline", NETTY, elements(lists.resolve("netty"), netty())));
        DocumentationTool javadoc = ToolProvider.getSystemDocumentationTool();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = javadoc.getStandardFileManager(null, null, null)) {
            if (!javadoc.getTask(new PrintWriter(said), files, null, null, options,
                    files.getJavaFileObjectsFromPaths(sources)).call()) {
                throw new IllegalStateException("javadoc failed:\n" + said);
            }
        }
        Map<String, String> pages = new HashMap<>();
        for (Path source : sources) {
            String page = root.relativize(source).toString().replace('\\', '/')
                    .replaceFirst(".*/src/main/java/", "").replaceFirst("\\.java$", ".html");
            if (Files.exists(folder.resolve(page))) {
                pages.put(page.replaceFirst(".*/(\\w+)\\.html", "$1"), page);
            }
        }
        return pages;
    }

    private List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        try (Stream<Path> modules = Files.list(root)) {
            for (Path module : modules.sorted().toList()) {
                Path main = module.resolve("src/main/java");
                Path pom = module.resolve("pom.xml");
                if (Files.isDirectory(main) && Files.readString(pom).contains(PUBLISHED)) {
                    try (Stream<Path> files = Files.walk(main)) {
                        files.filter(file -> file.toString().endsWith(".java") && !file.endsWith("module-info.java")
                                && !file.getParent().endsWith(INTERNAL)).sorted().forEach(sources::add);
                    }
                }
            }
        }
        return sources;
    }

    private static Path overview(Path folder) throws IOException {
        return Files.writeString(folder.resolve("overview.html"), """
                <html><body>
                A Netty transport for Windows named pipes: the <a href="../guide.html">guide</a> tells how it is used,
                {@link io.nettypipe.channel} has the channels, {@link io.nettypipe.iocp} the event loop, and
                {@link io.nettypipe.codec} the codecs of pipe messages.
                </body></html>
                """);
    }

    /** What javadoc asks a site for, to link to it: made here, so that nothing is fetched. */
    private static String elements(Path folder, Stream<String> lines) throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve("element-list"), (Iterable<String>) lines::iterator);
        return folder.toString();
    }

    private static Stream<String> jdk() {
        return ModuleFinder.ofSystem().findAll().stream().map(module -> module.descriptor())
                .filter(module -> module.name().startsWith("java.")).sorted()
                .flatMap(module -> Stream.concat(Stream.of("module:" + module.name()), module.exports().stream()
                        .filter(exported -> !exported.isQualified()).map(exported -> exported.source()).sorted()));
    }

    private static Stream<String> netty() throws IOException {
        TreeSet<String> packages = new TreeSet<>();
        for (String jar : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (jar.matches(".*netty-[^/\\\\]*\\.jar")) {
                try (ZipFile file = new ZipFile(jar)) {
                    packages.addAll(file.stream().map(entry -> entry.getName())
                            .filter(name -> name.matches("io/netty/(?!.*internal).*\\.class"))
                            .map(name -> name.substring(0, name.lastIndexOf('/')).replace('/', '.'))
                            .collect(Collectors.toSet()));
                }
            }
        }
        return packages.stream();
    }
}
