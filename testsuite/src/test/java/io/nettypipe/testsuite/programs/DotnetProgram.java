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
package io.nettypipe.testsuite.programs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.abort;

import io.nettypipe.interop.ProgramFiles;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** {@code src/interop/dotnet/Peer.cs}, running in .NET for Windows; it does any number of jobs, also at once. */
final class DotnetProgram implements AutoCloseable {
    private static final String PROGRAM = "Peer";
    private static List<String> command;

    private final ForeignProgram program;

    private DotnetProgram(ForeignProgram program) {
        this.program = program;
    }

    /** Starts it, compiled once; without a .NET SDK the test is skipped. */
    static synchronized DotnetProgram start() throws Exception {
        if (command == null) {
            command = compiled();
        }
        return new DotnetProgram(new ForeignProgram("dotnet", port -> {
            List<String> line = new ArrayList<>(command);
            line.add(Integer.toString(port));
            return new ProcessBuilder(line);
        }));
    }

    /** Lets it do a job: {@code NAME=VALUE}, as {@code Peer.cs} explains them. */
    Conversation does(List<String> words) throws IOException {
        Conversation conversation = program.conversation();
        conversation.hears(String.join(" ", words));
        return conversation;
    }

    /** Ends it without a word, as {@code TerminateProcess} does, and returns once it is gone. */
    void kill() {
        program.kill();
    }

    @Override
    public void close() {
        program.close();
    }

    /** What starts the program: it is compiled first, against the runtime that belongs to the SDK. */
    private static List<String> compiled() throws Exception {
        Path sdk = sdk();
        String version = sdk.getFileName().toString().replaceFirst("^(\\d+\\.\\d+\\.).*", "$1");
        Path home = sdk.getParent().getParent();
        String dotnet = home.resolve("dotnet.exe").toString();
        Path compiler = sdk.resolve(Path.of("Roslyn", "bincore", "csc.dll"));
        Path runtime = last(home.resolve(Path.of("shared", "Microsoft.NETCore.App")), version);
        Path binary = ProgramFiles.FOLDER.resolve(PROGRAM + ".dll");

        List<String> arguments = new ArrayList<>(List.of("-nologo", "-nostdlib+", "-optimize+",
                "-out:\"" + binary + '"', "\"" + Path.of("src", "interop", "dotnet", PROGRAM + ".cs") + '"'));
        try (Stream<Path> libraries = Files.list(runtime)) {
            libraries.filter(file -> file.getFileName().toString()
                            .matches("(mscorlib|netstandard|(System|Microsoft\\.Win32)\\.(?!.*Native).*)\\.dll"))
                    .forEach(file -> arguments.add("-r:\"" + file + '"'));
        }
        Path response = Files.write(ProgramFiles.FOLDER.resolve(PROGRAM + ".rsp"), arguments);
        run(dotnet, compiler.toString(), "-noconfig", "@" + response);
        Files.writeString(ProgramFiles.FOLDER.resolve(PROGRAM + ".runtimeconfig.json"), """
                {"runtimeOptions": {"framework": {"name": "Microsoft.NETCore.App", "version": "%s"}}}
                """.formatted(runtime.getFileName()));
        return List.of(dotnet, binary.toString());
    }

    /** The SDK's folder: what the build has fetched for Wine, or else the newest that is installed. */
    private static Path sdk() throws Exception {
        Path fetched = ProgramFiles.FOLDER.resolve(Path.of("dotnet", "sdk"));
        if (Files.exists(fetched)) {
            return last(fetched, "");
        }
        String installed;
        try {
            installed = run("dotnet", "--list-sdks").strip();
        } catch (IOException e) {
            installed = "";
        }
        if (installed.isEmpty()) {
            abort("needs a .NET SDK: there is no program dotnet, or none of its SDKs is installed");
        }
        // 8.0.404 [C:\Program Files\dotnet\sdk]
        String newest = installed.substring(installed.lastIndexOf('\n') + 1);
        int folder = newest.indexOf('[');
        return Path.of(newest.substring(folder + 1, newest.lastIndexOf(']')), newest.substring(0, folder).strip());
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
        assertEquals(0, process.waitFor(), () -> String.join(" ", command) + ": " + output);
        return output;
    }
}
