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
package io.nettypipe.channel;

import io.nettypipe.testing.AnotherJvm;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program with the tests' class path in a JVM of its own. */
final class OwnJvm {
    private OwnJvm() {
    }

    /** Returns the lines that it printed, errors included, once it has ended. */
    static List<String> run(Class<?> program, String... options) throws Exception {
        List<String> command = AnotherJvm.command(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines()
                    .toList();
            if (!process.waitFor(PipeFixture.SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("still runs after it closed its output: " + lines);
            }
            return lines;
        } finally {
            process.destroyForcibly();
        }
    }
}
