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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Says how many tests ran where, from Surefire's reports; run as {@code java build/TestSummary.java STATUS} in the root
 * directory, with the exit status of Maven. Ends with 0 only if that was 0, no test failed, tests ran on the host and
 * on Windows, and none was skipped for want of Windows.
 */
final class TestSummary {
    private int passed;
    private int failed;
    private int skipped;
    private boolean skippedForWindows;

    private TestSummary() {
    }

    public static void main(String[] args) throws Exception {
        boolean onWindows = System.getProperty("os.name").startsWith("Windows");
        System.out.println();
        TestSummary host = of("surefire-reports");
        System.out.println("On this machine's JVM: " + host);
        TestSummary windows = of("windows-reports");
        System.out.println((onWindows ? "That need Windows:     " : "In Wine:               ") + windows);

        List<String> problems = new ArrayList<>();
        if (!args[0].equals("0")) {
            problems.add("Maven failed with status " + args[0] + ", see above");
        }
        if (host.passed == 0 || windows.passed == 0) {
            problems.add("No test ran " + (host.passed == 0 ? "on this machine's JVM" : "on Windows"));
        }
        if (host.skippedForWindows || windows.skippedForWindows) {
            problems.add("A test was skipped for want of Windows");
        }
        problems.forEach(problem -> System.out.println(problem + "."));

        int failures = host.failed + windows.failed;
        System.out.println(counts(host.passed + windows.passed, failures, host.skipped + windows.skipped));
        System.exit(problems.isEmpty() && failures == 0 ? 0 : 1);
    }

    /** Adds up the reports in the directories of this name, those of all modules. */
    private static TestSummary of(String directory) throws Exception {
        TestSummary summary = new TestSummary();
        List<Path> reports;
        try (Stream<Path> modules = Files.list(Path.of("."))) {
            reports = modules.map(module -> module.resolve("target").resolve(directory)).filter(Files::isDirectory)
                .flatMap(TestSummary::reportsIn).sorted().toList();
        }
        for (Path report : reports) {
            Document document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(report.toFile());
            NodeList cases = document.getElementsByTagName("testcase");
            for (int i = 0; i < cases.getLength(); i++) {
                summary.add((Element) cases.item(i));
            }
        }
        return summary;
    }

    private static Stream<Path> reportsIn(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches("TEST-.*\\.xml")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(Element test) {
        NodeList skips = test.getElementsByTagName("skipped");
        if (test.getElementsByTagName("failure").getLength() + test.getElementsByTagName("error").getLength() > 0) {
            failed++;
            System.out.println("Failed:  " + name(test));
        } else if (skips.getLength() > 0) {
            String reason = reason((Element) skips.item(0));
            skipped++;
            skippedForWindows |= reason.contains("needs Windows");
            System.out.println("Skipped: " + name(test) + ": " + reason);
        } else {
            passed++;
        }
    }

    /** What an annotation says is an attribute; of an assumption that failed there is the exception. */
    private static String reason(Element skip) {
        String message = skip.getAttribute("message");
        if (!message.isEmpty()) {
            return message;
        }
        String exception = skip.getTextContent().strip();
        return exception.replaceFirst("^\\S+TestAbortedException:\\s*(Assumption failed: )?", "").lines().findFirst()
            .orElse("");
    }

    private static String name(Element test) {
        String method = test.getAttribute("name");
        return test.getAttribute("classname") + (method.isEmpty() ? " as a whole" : "." + method);
    }

    private static String counts(int passed, int failed, int skipped) {
        return passed + " passed, " + failed + " failed, " + skipped + " skipped";
    }

    @Override
    public String toString() {
        return counts(passed, failed, skipped);
    }
}
