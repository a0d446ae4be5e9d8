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
package io.nettypipe.testing;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The tests that docs/channel-contract.md and docs/security.md name exist, and no line there is without one. */
final class ChannelContractDocTest {
    /** Of two columns or three; the tests are in the last. Sections are bold. */
    private static final Pattern ROW =
            Pattern.compile("^\\| ([^*|-][^|]*) \\|(?: [^|]* \\|)? ([^|]*) \\|$", Pattern.MULTILINE);
    private static final Pattern TEST = Pattern.compile("`(\\w+Test)(?:\\.(\\w+))?`");

    @Test
    void everyLine_ofTheContract_namesTestsThatExist() throws IOException {
        assertHeld("docs/channel-contract.md", "| promise |", 30);
    }

    @Test
    void everyAttack_ofTheSecurityPage_namesTestsThatExist() throws IOException {
        assertHeld("docs/security.md", "| attack |", 20);
    }

    private static void assertHeld(String document, String heads, int fewest) throws IOException {
        // Surefire runs in the directory of the module.
        Path root = Path.of("..").toRealPath();
        Map<String, String> sources = testSources(root);
        String text = Files.readString(root.resolve(document));
        Matcher row = ROW.matcher(text.substring(text.indexOf(heads)));
        int rows = 0;
        List<String> wrong = new ArrayList<>();
        row.find(); // the heads of the columns
        while (row.find()) {
            rows++;
            Matcher test = TEST.matcher(row.group(2));
            int tests = 0;
            while (test.find()) {
                tests++;
                String source = sources.getOrDefault(test.group(1), "");
                if (source.isEmpty() || test.group(2) != null && !source.contains(" void " + test.group(2) + "(")) {
                    wrong.add(test.group());
                }
            }
            if (tests == 0) {
                wrong.add("no test for: " + row.group(1));
            }
        }
        assertTrue(rows > fewest, "only " + rows + " lines were read");
        assertEquals(List.of(), wrong);
    }

    /** By the class's simple name; of two classes of one name, both texts. */
    private static Map<String, String> testSources(Path root) throws IOException {
        Map<String, String> sources = new TreeMap<>();
        for (String module : new String[] {"transport-namedpipe", "testsuite", "codec-pipemessage"}) {
            try (Stream<Path> files = Files.walk(root.resolve(module).resolve("src/test/java"))) {
                for (Path file : files.filter(path -> path.toString().endsWith("Test.java")).toList()) {
                    sources.merge(file.getFileName().toString().replace(".java", ""), Files.readString(file),
                            String::concat);
                }
            }
        }
        return sources;
    }
}
