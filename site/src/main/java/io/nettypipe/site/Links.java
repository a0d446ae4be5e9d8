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
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The links of a folder of pages. */
final class Links {
    private static final Pattern LINK = Pattern.compile("<[a-z]+ [^>]*?\\b(?:href|src)=\"([^\"]*)\"");
    private static final Pattern ID = Pattern.compile("<[a-z0-9]+ [^>]*?\\bid=\"([^\"]*)\"");
    private static final Pattern SCRIPT = Pattern.compile("<script.*?</script>", Pattern.DOTALL);

    /** Javadoc 17 itself makes a link in this page to a heading that it does not make. */
    private static final Path HEADLESS = Path.of("api", "constant-values.html");

    private final Path folder;
    private final Map<Path, Set<String>> ids = new HashMap<>();

    Links(Path folder) {
        this.folder = folder;
    }

    /** Those within the folder that lead to no file, or to no place in it, each as page and target. */
    List<String> broken() throws IOException {
        List<String> broken = new ArrayList<>();
        List<Path> pages;
        try (Stream<Path> files = Files.walk(folder)) {
            pages = files.filter(file -> file.toString().endsWith(".html")).sorted().toList();
        }
        for (Path page : pages) {
            for (String target : found(LINK, page)) {
                if (!leads(page, target)) {
                    broken.add(folder.relativize(page) + ": " + target);
                }
            }
        }
        return broken;
    }

    private boolean leads(Path page, String target) throws IOException {
        URI link = URI.create(target);
        if (link.isAbsolute()) {
            return true;
        }
        Path file = link.getPath().isEmpty() ? page : page.resolveSibling(link.getPath()).normalize();
        if (!file.startsWith(folder) || !Files.isRegularFile(file)) {
            return false;
        }
        if (link.getFragment() == null || link.getFragment().isEmpty() || !file.toString().endsWith(".html")) {
            return true;
        }
        Set<String> places = ids.get(file);
        if (places == null) {
            places = found(ID, file);
            ids.put(file, places);
        }
        return places.contains(link.getFragment()) || file.endsWith(HEADLESS);
    }

    private static Set<String> found(Pattern pattern, Path page) throws IOException {
        Set<String> found = new HashSet<>();
        Matcher matcher = pattern.matcher(SCRIPT.matcher(Files.readString(page)).replaceAll(""));
        while (matcher.find()) {
            found.add(matcher.group(1).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"));
        }
        return found;
    }
}
