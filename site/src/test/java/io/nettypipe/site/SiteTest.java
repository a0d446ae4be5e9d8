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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

final class SiteTest {
    @TempDir
    private Path folder;

    @Test
    void links_toWhatIsNotThere_areBroken() throws IOException {
        Files.createDirectories(folder.resolve("api"));
        Files.writeString(folder.resolve("index.html"), "<h2 id=\"here\"></h2><a href=\"#here\"></a>"
                + "<a href=\"#there\"></a><a href=\"api/One.html#f(int)\"></a><a href=\"api/One.html#g\"></a>"
                + "<a class=\"x\" href=\"api/Two.html\"></a><a href=\"https://netty.io\"></a><img src=\"no.png\">");
        Files.writeString(folder.resolve("api/One.html"), "<p id=\"f(int)\"></p><p id=\"&lt;init&gt;\"></p>"
                + "<a href=\"../index.html#here\"></a><a href=\"#%3Cinit%3E\"></a><a href=\"../../out.html\"></a>");
        assertEquals(Set.of("index.html: #there", "index.html: api/One.html#g", "index.html: api/Two.html",
                "index.html: no.png", "api/One.html: ../../out.html"), new TreeSet<>(new Links(folder).broken().stream()
                .map(link -> link.replace('\\', '/')).toList()));
    }

    @Test
    void document_withLinksAndTypes_leadsToPagesOfTheSite() throws IOException {
        Path guide = Files.writeString(folder.resolve("guide.md"), """
                # The guide
                ## Of `this` and that
                [Up](../README.md#two-commands), [source](Source.java), [lost](lost.md), `Pipe.open()`, `Other`
                """);
        Files.writeString(folder.resolve("Source.java"), "");
        Document.Context context = new Document.Context(folder, Map.of(guide, "decisions/guide.html",
                folder.resolveSibling("README.md"), "index.html"), Map.of("decisions/guide.html", "The guide"),
                Map.of("Pipe", "io/Pipe.html"), "1");
        String page = new Document(context, guide).html();
        for (String part : List.of("<title>The guide - nettypipe</title>", "<h2 id=\"of-this-and-that\">",
                "<a href=\"../index.html#two-commands\">Up</a>", "title=\"Source.java in the source\"",
                "<a href=\"lost.md\">lost</a>", "<a href=\"../api/io/Pipe.html\"><code>Pipe.open()</code></a>",
                "<code>Other</code></p>")) {
            assertTrue(page.contains(part), () -> part + "\nis not in\n" + page);
        }
    }
}
