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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A .NET SDK for Windows, which compiles programs of one file. */
public final class DotnetSdk {
    /** Why there may be none. */
    public static final String MISSING =
            "needs a .NET SDK: there is no program dotnet, or none of its SDKs is installed";

    private final Path folder;
    private final Path home;
    private final String dotnet;

    private DotnetSdk(Path folder) {
        this.folder = folder;
        this.home = folder.getParent().getParent();
        this.dotnet = home.resolve("dotnet.exe").toString();
    }

    /** What the build has fetched for Wine to that folder, or else the newest that is installed; null without any. */
    public static DotnetSdk find(Path fetched) throws IOException, InterruptedException {
        if (Files.exists(fetched.resolve("sdk"))) {
            return new DotnetSdk(last(fetched.resolve("sdk"), ""));
        }
        String installed;
        try {
            installed = run("dotnet", "--list-sdks").strip();
        } catch (IOException e) {
            installed = "";
        }
        if (installed.isEmpty()) {
            return null;
        }
        // 8.0.404 [C:\Program Files\dotnet\sdk]
        String newest = installed.substring(installed.lastIndexOf('\n') + 1);
        int path = newest.indexOf('[');
        return new DotnetSdk(
                Path.of(newest.substring(path + 1, newest.lastIndexOf(']')), newest.substring(0, path).strip()));
    }

    /** The version of the runtime that programs run on. */
    public String version() throws IOException {
        return runtime().getFileName().toString();
    }

    /** Compiles a source to that folder, against the runtime that belongs to the SDK; returns what starts it. */
    public List<String> compile(Path source, Path target) throws IOException, InterruptedException {
        String program = source.getFileName().toString().replaceFirst("\\.cs$", "");
        Path binary = target.resolve(program + ".dll");
        List<String> arguments = new ArrayList<>(List.of("-nologo", "-nostdlib+", "-optimize+",
                "-out:\"" + binary + '"', "\"" + source + '"'));
        try (Stream<Path> libraries = Files.list(runtime())) {
            libraries.filter(file -> file.getFileName().toString()
                            .matches("(mscorlib|netstandard|(System|Microsoft\\.Win32)\\.(?!.*Native).*)\\.dll"))
                    .forEach(file -> arguments.add("-r:\"" + file + '"'));
        }
        Path response = Files.write(target.resolve(program + ".rsp"), arguments);
        Path compiler = folder.resolve(Path.of("Roslyn", "bincore", "csc.dll"));
        run(dotnet, compiler.toString(), "-noconfig", "@" + response);
        Files.writeString(target.resolve(program + ".runtimeconfig.json"), """
                {"runtimeOptions": {"framework": {"name": "Microsoft.NETCore.App", "version": "%s"}}}
                """.formatted(version()));
        return List.of(dotnet, binary.toString());
    }

    private Path runtime() throws IOException {
        String version = folder.getFileName().toString().replaceFirst("^(\\d+\\.\\d+\\.).*", "$1");
        return last(home.resolve(Path.of("shared", "Microsoft.NETCore.App")), version);
    }

    private static Path last(Path folder, String prefix) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> entry.getFileName().toString().startsWith(prefix))
                    .max(Path::compareTo).orElseThrow(() -> new IOException("no " + prefix + "* in " + folder));
        }
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
        return output;
    }
}
