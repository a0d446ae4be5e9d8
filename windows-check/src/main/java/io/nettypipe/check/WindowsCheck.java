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
package io.nettypipe.check;

import io.nettypipe.win32.ContractTests;
import io.nettypipe.win32.SystemVersion;
import io.nettypipe.win32.SystemWin32;
import io.nettypipe.win32.WindowsFact;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The program: runs the tests of what is known of Windows on the system that it runs on, and prints what that does.
 * <p>
 * It makes pipes of its own and nothing else. The tests and the table of facts are those of the transport's build.
 */
public final class WindowsCheck {
    private static final String HELP = """
            Usage: java -jar windows-check.jar [--markdown FILE]

            Compares what is known of Windows' named pipes with the system that it runs on, in about a minute, and
            prints a table: which fact, whether the system agrees, what happens on Windows, what was seen here.
            It makes pipes of its own and changes nothing else.

              --markdown FILE  writes the table there too, to paste into an issue
              --help           prints this

            Ends with 0 if all agree, 1 if something does not or was not seen, 2 if it could not be run.
            """;
    private static final int AGREES = 0;
    private static final int DIFFERS = 1;
    private static final int WRONG_USE = 2;
    private static final long PATIENCE_MILLIS = 3_000;

    private final PrintStream out;
    private final PrintStream err;
    private Path markdown;

    WindowsCheck(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /**
     * Runs the check and ends the process.
     *
     * @param args as {@code --help} says
     */
    public static void main(String[] args) throws Exception {
        // Before TestSystem looks: on a Windows JVM the system itself is to be tested, not a model of it.
        System.setProperty("nettypipe.test.system", "real");
        int status = new WindowsCheck(System.out, System.err).run(args);
        System.out.flush();
        // A test that hangs must not keep the process.
        System.exit(status);
    }

    int run(String... args) throws InterruptedException {
        if (List.of(args).contains("--help")) {
            out.print(HELP);
            return AGREES;
        } else if (args.length == 2 && args[0].equals("--markdown")) {
            try {
                markdown = Path.of(args[1]);
            } catch (InvalidPathException e) {
                return wrong("not the name of a file: " + args[1]);
            }
        } else if (args.length > 0) {
            return wrong("do not know what to do with: " + String.join(" ", args) + "; see --help");
        }
        if (!SystemWin32.isAvailable()) {
            return wrong("cannot check this system: " + SystemWin32.unavailabilityCause());
        }
        return check(ContractTests.all().stream().map(TestRun::new).toList());
    }

    private int check(List<TestRun> runs) throws InterruptedException {
        Map<String, String> versions = versions();
        Results results = new Results(WindowsFact.all().values(), runs);
        try {
            save(versions, results);
        } catch (IOException e) {
            return wrong("cannot write there: " + e);
        }
        versions.forEach((name, version) -> out.printf("%-10s %s%n", name, version));
        out.println();
        out.print(Report.headings());
        Set<Row> printed = new HashSet<>();
        new TestRuns(runs, PATIENCE_MILLIS).run(run -> {
            results.rowsSince(run).stream().filter(printed::add).forEach(this::print);
            try {
                save(versions, results);
            } catch (IOException e) {
                // Somebody reads the file just now. There is another time, and the last one counts.
                return;
            }
        });
        results.rows().stream().filter(printed::add).forEach(this::print);
        out.println();
        out.println(results.summary());
        try {
            save(versions, results);
        } catch (IOException e) {
            return wrong("cannot write there: " + e);
        }
        return results.allAgree() ? AGREES : DIFFERS;
    }

    private void print(Row row) {
        out.print(Report.line(row));
        out.flush();
    }

    /** Often, for a test may end the JVM itself on a system where nobody has run it. */
    private void save(Map<String, String> versions, Results results) throws IOException {
        if (markdown != null) {
            Files.writeString(markdown, Report.markdown(versions, results));
        }
    }

    private static Map<String, String> versions() {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("System", SystemVersion.text());
        versions.put("Java", System.getProperty("java.version") + ", " + System.getProperty("java.vm.name") + ", "
                + System.getProperty("os.arch"));
        versions.put("nettypipe", WindowsCheck.class.getPackage().getImplementationVersion() + ", commit " + commit());
        return versions;
    }

    /** Written by the build. */
    private static String commit() {
        try (InputStream in = WindowsCheck.class.getResourceAsStream("commit")) {
            return in == null ? "unknown" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int wrong(String what) {
        err.println(what);
        return WRONG_USE;
    }
}
