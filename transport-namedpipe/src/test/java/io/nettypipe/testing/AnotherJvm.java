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

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The JVM that the tests run in, for a process of its own. */
public final class AnotherJvm {
    private static final String IPV4_ONLY = "java.net.preferIPv4Stack";

    private AnotherJvm() {
    }

    /** Its command: these arguments behind those that each JVM needs here, which {@code winjava} knows. */
    public static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Boolean.getBoolean(IPV4_ONLY)) {
            command.add("-D" + IPV4_ONLY + "=true");
        }
        command.addAll(List.of(arguments));
        return command;
    }
}
