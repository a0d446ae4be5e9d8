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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where something is measured, as a page says it. */
public final class Machine {
    private static final Path PROC = Path.of("Z:\\proc");

    private Machine() {
    }

    /** What {@code ./bench} was told by build/GitCommit.java. */
    public static String commit() {
        return environment("RACE_COMMIT").orElse("unknown");
    }

    /** Processor, system and JVM. */
    public static String describe() {
        return processor() + ", " + Runtime.getRuntime().availableProcessors() + " processors, " + system() + ", Java "
                + System.getProperty("java.version");
    }

    private static String system() {
        String windows = System.getProperty("os.name") + " " + System.getProperty("os.version");
        return environment("RACE_SYSTEM").orElse(Files.exists(PROC) ? "Wine" : windows);
    }

    private static String processor() {
        return read("cpuinfo").lines().filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip()).findFirst()
                .or(() -> environment("PROCESSOR_IDENTIFIER")).orElse("unknown processor");
    }

    private static Optional<String> environment(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(text -> !text.isBlank());
    }

    /** In Wine: how many processes wanted to run in the last minute. */
    public static String load() {
        return read("loadavg").split(" ")[0];
    }

    private static String read(String file) {
        try {
            return Files.readString(PROC.resolve(file));
        } catch (IOException e) {
            return "";
        }
    }
}
