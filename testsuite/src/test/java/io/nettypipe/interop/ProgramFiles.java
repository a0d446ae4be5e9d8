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
package io.nettypipe.interop;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Where the build has put the programs that tests talk to. A test whose program cannot be had on this machine is
 * skipped, and says why; in Wine the build has all of them, or fails.
 */
public final class ProgramFiles {
    /** Also for what the programs leave behind. */
    public static final Path FOLDER = Path.of(System.getProperty("interop.dir", "target/interop")).toAbsolutePath();

    private ProgramFiles() {
    }

    /** One of the C programs of {@code src/interop/c}. */
    public static String compiled(String name) throws IOException {
        Path reason = FOLDER.resolve("no-programs.txt");
        if (Files.exists(reason)) {
            assumeTrue(false, Files.readString(reason));
        }
        Path file = FOLDER.resolve(name + ".exe");
        assertTrue(Files.exists(file), () -> file + " is not there; the phase pre-integration-test compiles it");
        return file.toString();
    }

    /** Node.js: the one that the build has fetched for Wine, or else the one that is installed. */
    public static String node() {
        Path fetched = FOLDER.resolve(Path.of("node", "bin", "node.exe"));
        if (Files.exists(fetched)) {
            return fetched.toString();
        }
        assumeTrue(isOnPath("node.exe"), "there is no node on the PATH");
        return "node";
    }

    private static boolean isOnPath(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> new File(folder, program).exists());
    }
}
