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
package io.nettypipe.microbench.race;

import io.nettypipe.microbench.report.Svg;
import io.nettypipe.microbench.report.Table;

import java.util.List;

/** The results as a picture (SVG): for each load a bar for each server, with the spread of its rounds. */
final class Picture {
    private static final int WIDTH = 940;
    private static final int PANEL = 450;
    private static final int NAMES = 205;
    private static final int NUMBERS = 65;
    private static final int ROW = 19;
    private static final int TITLE = 34;
    private static final int HEAD = 40;
    private static final String STYLE = """
            .ours { fill: #1a7f37 } .theirs { fill: #8c959f } .spread { stroke: #24292f; stroke-width: 1 }
            """;

    private final Results results;
    private final Svg svg = new Svg();

    private Picture(Results results) {
        this.results = results;
    }

    static String svg(Results results) {
        return new Picture(results).draw();
    }

    private String draw() {
        List<Load> loads = List.of(Load.values()).stream()
                .filter(load -> results.loads(load.kind).contains(load)).toList();
        int y = HEAD;
        for (int i = 0; i < loads.size(); i += 2) {
            int height = 0;
            for (int column = 0; column < 2 && i + column < loads.size(); column++) {
                height = Math.max(height, panel(loads.get(i + column), column * (WIDTH - PANEL), y));
            }
            y += height;
        }
        return svg.draw(WIDTH, y, "The race of echo servers", "Echo servers under one client: medians, lines from the "
                + "lowest round to the highest; longer is better", STYLE);
    }

    /** Draws a load's bars from there on, and returns how high they are together. */
    private int panel(Load load, int x, int y) {
        List<Contestant> there = results.present().stream()
                .filter(contestant -> results.perSecond(contestant, load) != null).toList();
        double most = there.stream().mapToDouble(contestant -> results.perSecond(contestant, load).greatest()).max()
                .orElse(1);
        svg.add("<text class=\"panel\" x=\"%d\" y=\"%d\">%s: %s</text>", x + 8, y + 20, load.kind.title, load.title);
        int row = y + TITLE;
        for (Contestant contestant : there) {
            bar(contestant, results.perSecond(contestant, load), (PANEL - NAMES - NUMBERS) / most, x + NAMES, row);
            row += ROW;
        }
        return row - y + ROW / 2;
    }

    private void bar(Contestant contestant, Results.Spread spread, double scale, int x, int y) {
        double middle = y + (ROW - 4) / 2.0;
        svg.add("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>", x - 6, y + 11, contestant.title());
        svg.add("<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>",
                contestant.ours() ? "ours" : "theirs", x, y, spread.median() * scale, ROW - 4);
        svg.add("<line class=\"spread\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%2$.1f\"/>",
                x + spread.least() * scale, middle, x + spread.greatest() * scale);
        svg.add("<text x=\"%.1f\" y=\"%d\">%s</text>", x + spread.greatest() * scale + 5, y + 11,
                Table.number(spread.median()));
    }
}
