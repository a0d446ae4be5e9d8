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

import io.nettypipe.testing.AnotherJvm;
import io.nettypipe.testing.DotnetSdk;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The programs that take part, as far as they are there. */
final class Programs {
    private final Path sources;
    private final Path compiled;

    /**
     * Looks in the module's folder for the sources, and for what the build has compiled and fetched: {@code
     * build/wine/prepare-tests} for Wine, {@code build/CompileInterop.java} on Windows.
     */
    Programs(Path module) {
        this.sources = module.resolve(Path.of("src", "interop")).toAbsolutePath();
        this.compiled = module.resolve(Path.of("target", "interop")).toAbsolutePath();
    }

    /** Why there is no client, without which there is no race; null if there is one. */
    String whyNoClient() {
        return Files.exists(compiled.resolve("client.exe")) ? null : whyNoC();
    }

    String client() {
        return compiled.resolve("client.exe").toString();
    }

    /** All, in the order of the tables, with the reason why not where one cannot take part. */
    List<Contestant> contestants() throws IOException, InterruptedException {
        int processors = Runtime.getRuntime().availableProcessors();
        List<Contestant> all = new ArrayList<>();
        all.add(ours("ours", "nettypipe, " + 2 * processors + " loops", Contestant.ALL));
        all.add(ours("ours-1", "nettypipe, 1 loop", Contestant.ECHOES, "loops=1"));
        all.add(ours("ours-messages", "nettypipe, " + 2 * processors + " loops, messages", Contestant.ECHOES,
                "echo=message"));
        all.add(c("c-threads", "C, a thread a client", Contestant.ALL, "thread_server"));
        all.add(c("c-port", "C, completion port, " + processors + " threads", Contestant.ALL, "port_server"));
        all.add(c("c-port-1", "C, completion port, 1 thread", Contestant.ECHOES, "port_server", "threads=1"));
        all.add(dotnet());
        all.add(node());
        all.add(new Contestant("nio", "Netty NIO on TCP, " + 2 * processors + " loops", false, true,
                Contestant.STREAMS, address -> java(address), null));
        return all;
    }

    private static Contestant ours(String id, String title, Set<Load> loads, String... options) {
        return new Contestant(id, title, true, true, loads, address -> java(address, options), null);
    }

    private static List<String> java(String address, String... options) {
        List<String> command = AnotherJvm.command(
                "-cp", System.getProperty("java.class.path"), RaceServer.class.getName(), address);
        command.addAll(List.of(options));
        return command;
    }

    private Contestant c(String id, String title, Set<Load> loads, String program, String... options) {
        Path file = compiled.resolve(program + ".exe");
        return new Contestant(id, title, false, false, loads, address -> {
            List<String> command = new ArrayList<>(List.of(file.toString(), address));
            command.addAll(List.of(options));
            return command;
        }, Files.exists(file) ? null : whyNoC());
    }

    private String whyNoC() {
        try {
            return Files.readString(compiled.resolve("no-programs.txt"));
        } catch (IOException e) {
            return "the C programs are not compiled: " + compiled + " has none";
        }
    }

    private Contestant dotnet() throws IOException, InterruptedException {
        DotnetSdk sdk = DotnetSdk.find(compiled.resolve("dotnet"));
        if (sdk == null) {
            return missing("dotnet", ".NET", DotnetSdk.MISSING);
        }
        List<String> program = sdk.compile(sources.resolve(Path.of("dotnet", "RaceServer.cs")), compiled);
        return new Contestant("dotnet", ".NET " + sdk.version(), false, true, Contestant.ALL,
                address -> Stream.concat(program.stream(), Stream.of(address)).toList(), null);
    }

    private Contestant node() {
        Path fetched = compiled.resolve(Path.of("node", "bin", "node.exe"));
        boolean isFetched = Files.exists(fetched);
        if (!isFetched && !isOnPath("node.exe")) {
            return missing("node", "Node.js", "there is no node on the PATH");
        }
        String node = isFetched ? fetched.toString() : "node";
        return new Contestant("node", "Node.js", false, true, Contestant.STREAMS,
                address -> List.of(node, sources.resolve(Path.of("node", "race_server.js")).toString(), address), null);
    }

    private static boolean isOnPath(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> new File(folder, program).exists());
    }

    private static Contestant missing(String id, String title, String why) {
        return new Contestant(id, title, false, false, Set.of(), address -> List.of(), why);
    }
}
