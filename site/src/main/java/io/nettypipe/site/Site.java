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

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The documents of the tree and the javadoc of its published modules, as one folder of pages that links lead through:
 * {@code mvn package -Psite}. A link that leads nowhere fails it.
 */
public final class Site {
    static final String API = "api/";

    private final Path root;
    private final Path out;

    private Site(Path root, Path out) {
        this.root = root;
        this.out = out;
    }

    /** Makes the site of the tree {@code args[0]} in the folder {@code args[1]}. */
    public static void main(String[] args) throws IOException {
        new Site(Path.of(args[0]).toRealPath(), Path.of(args[1]).toAbsolutePath()).make();
    }

    private void make() throws IOException {
        delete(out);
        Files.createDirectories(out);
        Map<String, String> types = new Api(root).write(out.resolve("api"));
        Map<Path, String> pages = pages();
        Map<String, String> titles = new LinkedHashMap<>();
        for (Map.Entry<Path, String> page : pages.entrySet()) {
            titles.put(page.getValue(), Document.title(page.getKey()));
        }
        String version = Files.readString(root.resolve("pom.xml")).replaceFirst("(?s).*?<version>([^<]+)<.*", "$1");
        Document.Context context = new Document.Context(root, pages, titles, types, version);
        for (Map.Entry<Path, String> page : pages.entrySet()) {
            Path file = out.resolve(page.getValue());
            Files.createDirectories(file.getParent());
            Files.writeString(file, new Document(context, page.getKey()).html());
        }
        try (InputStream style = Site.class.getResourceAsStream("site.css")) {
            Files.copy(style, out.resolve("site.css"));
        }
        copyPictures();
        List<String> broken = new Links(out).broken();
        if (!broken.isEmpty()) {
            System.err.println(broken.size() + " links lead nowhere:\n" + String.join("\n", broken));
            System.exit(1);
        }
        System.out.println("The site: " + out.resolve("index.html"));
    }

    /** Each document, and the page that it becomes. */
    private Map<Path, String> pages() throws IOException {
        Map<Path, String> pages = new LinkedHashMap<>();
        pages.put(root.resolve("README.md"), "index.html");
        List<Path> documents = new ArrayList<>(List.of(root.resolve("CHANGELOG.md"), root.resolve("CONTRIBUTING.md")));
        try (Stream<Path> files = Files.walk(root.resolve("docs"))) {
            files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
        }
        for (Path document : documents) {
            Path place = document.startsWith(root.resolve("docs")) ? root.resolve("docs") : root;
            pages.put(document, place.relativize(document).toString().replace('\\', '/').replaceAll("\\.md$", ".html"));
        }
        return pages;
    }

    private void copyPictures() throws IOException {
        Path docs = root.resolve("docs");
        try (Stream<Path> files = Files.walk(docs)) {
            for (Path picture : files.filter(file -> file.toString().endsWith(".svg")).toList()) {
                Files.copy(picture, out.resolve(docs.relativize(picture).toString()));
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    delete(file);
                }
            }
        }
        Files.deleteIfExists(folder);
    }
}
