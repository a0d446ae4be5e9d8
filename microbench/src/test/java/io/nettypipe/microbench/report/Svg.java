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
package io.nettypipe.microbench.report;

import java.util.Locale;

/** A picture, drawn one element after the other. */
public final class Svg {
    private static final String STYLE = """
            <style>
            svg { background: #fff; font: 12px sans-serif }
            text { fill: #24292f } .title { font-size: 14px; font-weight: bold } .panel { font-weight: bold }
            """;

    private final StringBuilder text = new StringBuilder();

    /** Adds an element. The format's numbers are written as SVG has them. */
    public void add(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    /**
     * The picture.
     *
     * @param label what it is, for those who do not see it
     * @param title what is written at its top
     * @param style what its classes look like, beside {@code title} and {@code panel}
     */
    public String draw(int width, int height, String label, String title, String style) {
        return String.format(Locale.ROOT, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
                + "viewBox=\"0 0 %1$d %2$d\" role=\"img\" aria-label=\"%s\">%n%s%s</style>%n"
                + "<text class=\"title\" x=\"8\" y=\"22\">%s</text>%n%s</svg>%n",
                width, height, label, STYLE, style, title, text).replace("\r\n", "\n");
    }
}
