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

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;

/** What comes of the turns: the page and the picture. */
class ReportTest {
    private static final Contestant FAST = contestant("fast", Contestant.ALL, null);
    private static final Contestant SLOW = contestant("slow", Contestant.ECHOES, null);
    private static final Contestant ABSENT = contestant("absent", Set.of(), "it is not installed");

    private final Results results = new Results(List.of(FAST, SLOW, ABSENT));

    private static Contestant contestant(String id, Set<Load> loads, String missing) {
        return new Contestant(id, "The " + id + " one", false, false, loads, address -> List.of(), missing);
    }

    private static Turn turn(long count) {
        return new Turn("count=" + count
                + " nanos=2000000000 user=6000000 system=3000000 wineserver=0 peak=2048 private=1024");
    }

    @Test
    void page_ofSeveralRounds_hasTheMedianAndTheSpreadOfEachServer() {
        for (int count : new int[] {600, 200, 400}) {
            results.add(FAST, Load.ONE, turn(count));
        }
        results.add(SLOW, Load.ONE, turn(20));
        results.add(FAST, Load.BYTES, turn(1 << 30));
        String page = Page.markdown(results, "Somewhere.\n", "race.svg");
        assertTrue(page.contains("| The fast one | 200 (100 to 300) |\n| The slow one | 10 |\n"), page);
        assertTrue(page.contains("| The fast one | 512 |\n"), page);
        assertTrue(page.contains("| The slow one | 300 + 150 |  |\n"), page);
        assertTrue(page.contains("| The fast one | 2.0 | 1.0 |\n"), page);
        assertFalse(page.contains("absent"), page);
        assertFalse(page.contains("wineserver"), page);
    }

    @Test
    void picture_ofTurns_isAPictureOfEachServer() throws Exception {
        results.add(FAST, Load.ONE, turn(600));
        results.add(SLOW, Load.ONE, turn(0));
        String picture = Picture.svg(results);
        var root = DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new ByteArrayInputStream(picture.getBytes(StandardCharsets.UTF_8))).getDocumentElement();
        assertEquals("svg", root.getTagName());
        assertEquals(2, root.getElementsByTagName("rect").getLength());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--rounds", "--rounds 0", "--rounds many", "--loads 2x2", "--fast", "--only nobody"})
    void options_thatMakeNoSense_areRefusedByName(String line) {
        String last = line.substring(line.lastIndexOf(' ') + 1);
        Exception refused = assertThrows(IllegalArgumentException.class,
                () -> new Options(line.split(" ")).chosen(List.of(FAST)));
        assertTrue(refused.getMessage().contains(last), refused.getMessage());
    }
}
