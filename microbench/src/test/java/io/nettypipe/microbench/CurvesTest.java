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

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import javax.xml.parsers.DocumentBuilderFactory;

class CurvesTest {
    private final Curves curves = new Curves();

    private static ScaleLevel level(int connections, double calls) {
        return new ScaleLevel(connections, 2 * connections, new Held(5000L * connections, 4000L * connections),
                70_000, 20_000, 30_000, 9000, calls, calls * 25_000,
                calls * 1000 * connections);
    }

    @Test
    void table_ofLevels_hasWhatWasMeasuredAndLeavesOutTheMemoryOfFew() {
        curves.add("There", level(1, 3));
        curves.add("There", level(1000, 2));
        assertEquals("""
                | 1 |  |  | 70.00 | 20.00 | 30.00 | 9,000 | 3.00 | 75 |  |
                | 1,000 | 2,500 | 2,000 | 70.00 | 20.00 | 30.00 | 9,000 | 2.00 | 50 | 2,000 |
                """, rows(curves.table("There")));
    }

    @Test
    void table_ofASystemWithoutCalls_hasNoColumnOfThem() {
        curves.add("Here", level(100, Double.NaN));
        assertEquals("| 100 | 2,500 | 2,000 | 70.00 | 20.00 | 30.00 | 9,000 |\n", rows(curves.table("Here")));
    }

    private static String rows(String table) {
        return table.lines().skip(2).map(line -> line + "\n").reduce("", String::concat);
    }

    @Test
    void picture_ofTwoSystems_hasTheirLinesWithAPointForEachLevel() throws Exception {
        for (int connections : new int[] {100, 1000, 10_000}) {
            curves.add("Here", level(connections, Double.NaN));
            curves.add("There", level(connections, 2));
        }
        Document picture = DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new ByteArrayInputStream(curves.svg().getBytes(StandardCharsets.UTF_8)));
        NodeList lines = picture.getElementsByTagName("polyline");
        assertEquals(12, lines.getLength());
        for (int i = 0; i < lines.getLength(); i++) {
            assertEquals(3, lines.item(i).getAttributes().getNamedItem("points").getNodeValue().split(" ").length);
        }
    }
}
