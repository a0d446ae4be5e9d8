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

import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.Heading;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A document in Markdown, as a page: links lead to other pages, and names of types to their javadoc. */
final class Document {
    private static final List<Extension> TABLES = List.of(TablesExtension.create());
    private static final Pattern TYPE = Pattern.compile("([A-Z]\\w+)(?:[.(].*)?", Pattern.DOTALL);
    private static final String SOURCE = "source:";

    /** Where the pages are that lead from one to another, in the order in which they are offered. */
    private static final Map<String, String> OFFERED = offered();

    private final Context context;
    private final Path file;
    private final String page;

    /**
     * What all documents of a site know.
     *
     * @param root    the tree's folder
     * @param pages   the page of each document
     * @param titles  the title of each page
     * @param types   the page of each public type, by its simple name
     * @param version the version that the site is of
     */
    record Context(Path root, Map<Path, String> pages, Map<String, String> titles, Map<String, String> types,
                   String version) {
    }

    Document(Context context, Path file) {
        this.context = context;
        this.file = file;
        page = context.pages.get(file);
    }

    private static Map<String, String> offered() {
        Map<String, String> offered = new LinkedHashMap<>();
        offered.put("index.html", "Start");
        offered.put("guide.html", "Guide");
        offered.put(Site.API + "index.html", "API");
        return offered;
    }

    /** Its first heading. */
    static String title(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith("# ")).findFirst().orElse("# " + file.getFileName())
                    .substring(2).replace("`", "");
        }
    }

    /** The whole page. */
    String html() throws IOException {
        Node document = Parser.builder().extensions(TABLES).build().parse(Files.readString(file));
        Titles titles = new Titles();
        document.accept(titles);
        document.accept(new Leads());
        String body = HtmlRenderer.builder().extensions(TABLES).attributeProviderFactory(provider ->
                (node, tag, attributes) -> {
                    if (node instanceof Heading) {
                        attributes.put("id", titles.ids.get(node));
                    } else if (node instanceof Link link && link.getDestination().startsWith(SOURCE)) {
                        attributes.remove("href");
                        attributes.put("class", "source");
                        attributes.put("title", link.getDestination().substring(SOURCE.length()) + " in the source");
                    }
                }).build().render(document);
        String title = context.titles.get(page);
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="UTF-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%s</title>
                <link rel="stylesheet" href="%ssite.css">
                </head>
                <body>
                <nav>%s</nav>
                <main>
                %s</main>
                </body>
                </html>
                """.formatted(escape(title.equals("nettypipe") ? title : title + " - nettypipe"), up(),
                navigation(), body);
    }

    private String navigation() {
        StringBuilder html = new StringBuilder("\n<p class=\"brand\">nettypipe <small>" + escape(context.version)
                + "</small></p>\n<ul>\n");
        OFFERED.forEach((target, title) -> offer(html, target, title));
        html.append("</ul>\n<ul>\n");
        context.titles.entrySet().stream().filter(entry -> !OFFERED.containsKey(entry.getKey())
                        && !entry.getKey().contains("/")).sorted(Map.Entry.comparingByValue())
                .forEach(entry -> offer(html, entry.getKey(), entry.getValue()));
        html.append("</ul>\n<p>Decisions</p>\n<ul class=\"decisions\">\n");
        context.titles.entrySet().stream().filter(entry -> entry.getKey().contains("/"))
                .forEach(entry -> offer(html, entry.getKey(), entry.getValue().replaceFirst("^\\d+\\W+", "")));
        return html.append("</ul>\n").toString();
    }

    private void offer(StringBuilder html, String target, String title) {
        html.append("<li><a href=\"").append(up()).append(target).append('"')
                .append(target.equals(page) ? " class=\"here\"" : "").append('>').append(escape(title))
                .append("</a></li>\n");
    }

    /** From this page to the folder of all. */
    private String up() {
        return page.contains("/") ? "../" : "";
    }

    static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }

    /** The target of a link of the document, as the page has it. */
    private String lead(String destination) {
        URI link = URI.create(destination);
        if (link.isAbsolute() || link.getPath().isEmpty()) {
            return destination;
        }
        Path target = file.resolveSibling(link.getPath()).normalize();
        String other = context.pages.get(target);
        if (other == null && Files.isDirectory(target)) {
            // A folder of documents: its first one, from which the navigation has the others.
            other = context.pages.entrySet().stream().filter(entry -> entry.getKey().getParent().equals(target))
                    .map(Map.Entry::getValue).findFirst().orElse(null);
        }
        if (other == null) {
            return Files.exists(target) ? SOURCE + context.root.relativize(target).toString().replace('\\', '/')
                    : destination;
        }
        return up() + other + (link.getFragment() == null ? "" : '#' + link.getFragment());
    }

    /** Sends each link to its page, and makes a link of each type's name. */
    private final class Leads extends AbstractVisitor {
        @Override
        public void visit(Link link) {
            link.setDestination(lead(link.getDestination()));
        }

        @Override
        public void visit(Code code) {
            Matcher name = TYPE.matcher(code.getLiteral());
            String type = name.matches() ? context.types.get(name.group(1)) : null;
            if (type != null) {
                Link link = new Link(up() + Site.API + type, null);
                code.insertBefore(link);
                link.appendChild(code);
            }
        }
    }

    /** The ids of the headings, as GitHub makes them. */
    private static final class Titles extends AbstractVisitor {
        private final Map<Node, String> ids = new HashMap<>();
        private final Map<String, Integer> used = new HashMap<>();

        @Override
        public void visit(Heading heading) {
            StringBuilder text = new StringBuilder();
            heading.accept(new AbstractVisitor() {
                @Override
                public void visit(Text part) {
                    text.append(part.getLiteral());
                }

                @Override
                public void visit(Code part) {
                    text.append(part.getLiteral());
                }
            });
            String id = text.toString().toLowerCase(Locale.ROOT).replaceAll("[^\\w\\- ]", "").replace(' ', '-');
            int again = used.merge(id, 1, Integer::sum) - 1;
            ids.put(heading, again == 0 ? id : id + '-' + again);
        }
    }
}
