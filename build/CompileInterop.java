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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Compiles, on Windows, the C programs that tests talk to; run as {@code java build/CompileInterop.java SOURCES TARGET}.
 * Where there is no gcc for it, a file in TARGET says so, and the tests that need a program are skipped with that
 * reason. Elsewhere {@code build/wine/prepare-tests} does it.
 */
final class CompileInterop {
    private CompileInterop() {
    }

    public static void main(String[] args) throws Exception {
        Path sources = Path.of(args[0]).toAbsolutePath();
        Path target = Files.createDirectories(Path.of(args[1])).toAbsolutePath();
        Path reason = target.resolve("no-programs.txt");
        Files.deleteIfExists(reason);
        String whyNot = whyNot();
        if (whyNot != null) {
            System.out.println("The C programs are not compiled: " + whyNot);
            Files.writeString(reason, whyNot);
            return;
        }
        List<Path> programs;
        try (Stream<Path> files = Files.list(sources)) {
            programs = files.filter(file -> file.toString().endsWith(".c")).sorted().toList();
        }
        for (Path program : programs) {
            String name = program.getFileName().toString().replaceFirst("c$", "exe");
            int status = new ProcessBuilder("gcc", "-o", name, program.toString(), "@" + sources.resolve("flags"))
                .directory(target.toFile()).inheritIO().start().waitFor();
            if (status != 0) {
                System.out.println("gcc ended with " + status + " for " + program);
                System.exit(1);
            }
        }
    }

    /** Why nothing can be compiled, or {@code null}. */
    private static String whyNot() throws InterruptedException {
        try {
            Process gcc = new ProcessBuilder("gcc", "-dumpmachine").redirectErrorStream(true).start();
            String machine = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            gcc.waitFor();
            return machine.contains("mingw") ? null : "the gcc of the PATH compiles for \"" + machine
                + "\", not for Windows (mingw-w64 does)";
        } catch (IOException e) {
            return "there is no gcc (mingw-w64) on the PATH";
        }
    }
}
