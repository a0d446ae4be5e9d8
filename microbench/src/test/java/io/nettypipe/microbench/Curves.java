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
package io.nettypipe.microbench;

import io.nettypipe.microbench.report.Svg;
import io.nettypipe.microbench.report.Table;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What was measured at each number of connections, as a page and as a picture: what does not grow is level. */
final class Curves {
    private static final int PANEL_WIDTH = 320;
    private static final int PANEL_HEIGHT = 250;
    private static final int LEFT = 62;
    private static final int RIGHT = 20;
    private static final int TOP = 70;
    private static final int BOTTOM = 36;
    private static final int HEAD = 40;
    private static final int MICRO = 1000;
    private static final String STYLE = """
            .axis { stroke: #8c959f } .l0 { stroke: #1a7f37 } .l1 { stroke: #0969da } .l2 { stroke: #bc4c00 }
            .t0 { fill: #1a7f37 } .t1 { fill: #0969da } .t2 { fill: #bc4c00 }
            polyline { fill: none; stroke-width: 2 } .small { font-size: 11px }
            """;

    /** The systems' names, with what was measured there. */
    private final Map<String, List<ScaleLevel>> systems = new LinkedHashMap<>();

    /** A line of a panel. */
    private record Line(String name, ToDoubleFunction<ScaleLevel> value) { }

    /** Lines that share an axis. */
    private record Panel(String title, List<Line> lines) { }

    private static final List<Panel> PANELS = List.of(
            new Panel("Bytes an end", List.of(new Line("Java heap", ScaleLevel::heapOfEnd),
                    new Line("direct memory", ScaleLevel::directOfEnd))),
            new Panel("Server's processor time, µs", List.of(
                    new Line("a client that comes and leaves", level -> level.acceptNanos() / MICRO),
                    new Line("an echo, 100 busy", level -> level.echoNanos() / MICRO),
                    new Line("a turn, 1 busy", level -> level.turnNanos() / MICRO))),
            new Panel("Echoes a second", List.of(new Line("100 busy", ScaleLevel::echoesPerSecond))));

    void add(String system, ScaleLevel level) {
        systems.computeIfAbsent(system, unused -> new ArrayList<>()).add(level);
    }

    String table(String system) {
        List<ScaleLevel> levels = systems.get(system);
        boolean calls = levels.stream().anyMatch(level -> !Double.isNaN(level.callsPerEcho()));
        boolean wine = levels.stream().anyMatch(level -> !Double.isNaN(level.wineserverNanos()));
        List<String> headings = new ArrayList<>(List.of("connections", "Java heap of an end, bytes",
                "direct memory of an end, bytes", "µs a client that comes and leaves", "µs an echo, 100 busy",
                "µs a turn, 1 busy", "echoes a second, 100 busy"));
        if (calls) {
            headings.add("calls an echo");
        }
        if (wine) {
            headings.add("wineserver: µs a client that comes and leaves");
            headings.add("wineserver: bytes a connection");
        }
        Table table = new Table(headings);
        for (ScaleLevel level : levels) {
            List<String> cells = new ArrayList<>(List.of(String.format(Locale.ROOT, "%,d", level.connections()),
                    Table.number(level.heapOfEnd()), Table.number(level.directOfEnd()),
                    micros(level.acceptNanos()), micros(level.echoNanos()), micros(level.turnNanos()),
                    Table.number(level.echoesPerSecond())));
            if (calls) {
                cells.add(String.format(Locale.ROOT, "%.2f", level.callsPerEcho()));
            }
            if (wine) {
                cells.add(Table.number(level.wineserverNanos() / MICRO));
                cells.add(Table.number(level.wineserverOfConnection()));
            }
            table.row(cells);
        }
        return table.toString();
    }

    private static String micros(double nanos) {
        return String.format(Locale.ROOT, "%.2f", nanos / MICRO);
    }

    String markdown(String introduction, String picture) {
        StringBuilder text = new StringBuilder(introduction).append("\n![What a connection costs](").append(picture)
                .append(")\n");
        systems.keySet().forEach(system -> text.append("\n## ").append(system).append("\n\n").append(table(system)));
        return text.toString();
    }

    String svg() {
        Svg svg = new Svg();
        int y = HEAD;
        for (Map.Entry<String, List<ScaleLevel>> system : systems.entrySet()) {
            for (int i = 0; i < PANELS.size(); i++) {
                draw(svg, system.getKey(), PANELS.get(i), system.getValue(), i * PANEL_WIDTH, y);
            }
            y += PANEL_HEIGHT;
        }
        return svg.draw(PANELS.size() * PANEL_WIDTH, y, "What a connection costs, by how many there are",
                "By the number of connections: what does not grow with them is level", STYLE);
    }

    private static void draw(Svg svg, String system, Panel panel, List<ScaleLevel> levels, int x, int y) {
        double most = panel.lines.stream().flatMap(line -> levels.stream().map(line.value::applyAsDouble))
                .filter(value -> !Double.isNaN(value)).mapToDouble(value -> value).max().orElse(1);
        Scale scale = new Scale(x + LEFT, y + PANEL_HEIGHT - BOTTOM,
                (PANEL_WIDTH - LEFT - RIGHT) / Math.max(decades(levels.get(levels.size() - 1)), 1),
                (PANEL_HEIGHT - TOP - BOTTOM) / Math.max(most, 1e-9) / 1.15);
        svg.add("<text class=\"panel\" x=\"%d\" y=\"%d\">%s: %s</text>", x + 8, y + 14, system, panel.title);
        svg.add("<line class=\"axis\" x1=\"%1$d\" y1=\"%2$d\" x2=\"%3$d\" y2=\"%2$d\"/>", x + LEFT,
                y + PANEL_HEIGHT - BOTTOM, x + PANEL_WIDTH - RIGHT);
        for (ScaleLevel level : levels) {
            svg.add("<text class=\"small\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%,d</text>", scale.x(level),
                    y + PANEL_HEIGHT - BOTTOM + 15, level.connections());
        }
        for (double value : new double[] {0, most}) {
            svg.add("<text class=\"small\" x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>", x + LEFT - 8,
                    scale.y(value) + 4, Table.number(value));
        }
        for (int i = 0; i < panel.lines.size(); i++) {
            Line line = panel.lines.get(i);
            StringBuilder points = new StringBuilder();
            for (ScaleLevel level : levels) {
                double value = line.value.applyAsDouble(level);
                if (!Double.isNaN(value)) {
                    points.append(String.format(Locale.ROOT, "%.1f,%.1f ", scale.x(level), scale.y(value)));
                }
            }
            svg.add("<polyline class=\"l%d\" points=\"%s\"/>", i, points.toString().strip());
            svg.add("<text class=\"small t%d\" x=\"%d\" y=\"%d\">%s</text>", i, x + LEFT + 4,
                    y + 28 + 13 * i, line.name);
        }
    }

    private static double decades(ScaleLevel level) {
        return Math.log10(level.connections());
    }

    /** Where in the picture a value is: the connections logarithmically. */
    private record Scale(int left, int bottom, double decade, double unit) {
        double x(ScaleLevel level) {
            return left + decades(level) * decade;
        }

        double y(double value) {
            return bottom - value * unit;
        }
    }
}
