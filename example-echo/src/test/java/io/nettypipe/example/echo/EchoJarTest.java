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
package io.nettypipe.example.echo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.iocp.IocpIoHandler;
import io.nettypipe.testing.AnotherJvm;
import io.nettypipe.testing.Notice;
import io.nettypipe.testing.WindowsTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The runnable jar, as a person starts it: server and client are processes of their own. */
@WindowsTest
final class EchoJarTest {
    private static final Path JAR = Path.of("target", "example-echo.jar").toAbsolutePath();

    @TempDir
    private Path folder;

    @Test
    void jar_asServerAndAsClient_exchangesTexts() throws Exception {
        String name = NamedPipeAddress.ephemeral().name();
        Process server = java("server", name, "--message").redirectErrorStream(true).start();
        try (BufferedReader said = server.inputReader(StandardCharsets.UTF_8)) {
            String greeting = said.readLine();
            assertTrue(greeting != null && greeting.startsWith("Listening on \\\\.\\pipe\\" + name), greeting);
            Path out = folder.resolve("out");
            Path err = folder.resolve("err");
            Process client = java("client", name, "--message", "hello", "from another process")
                    .redirectOutput(out.toFile()).redirectError(err.toFile()).start();
            assertTrue(client.waitFor(60, TimeUnit.SECONDS), "the client does not end");
            assertEquals(List.of(), Files.readAllLines(err));
            assertEquals(List.of("hello", "from another process"), Files.readAllLines(out));
            assertEquals(0, client.exitValue());
        } finally {
            server.destroyForcibly().waitFor();
        }
    }

    @Test
    void jar_asClientOfStandardInput_keepsTheTextsInUtf8() throws Exception {
        String name = NamedPipeAddress.ephemeral().name();
        List<String> texts = List.of("gr\u00fc\u00dfe", "\u20ac 5", "\u65e5\u672c");
        Path in = Files.write(folder.resolve("in"), texts);
        Path out = folder.resolve("out");
        Process server = java("server", name).redirectErrorStream(true).start();
        try (BufferedReader said = server.inputReader(StandardCharsets.UTF_8)) {
            assertTrue(said.readLine().startsWith("Listening on "));
            Process client = java("client", name).redirectErrorStream(true)
                    .redirectInput(in.toFile()).redirectOutput(out.toFile()).start();
            assertTrue(client.waitFor(60, TimeUnit.SECONDS), "the client does not end");
            assertEquals(texts, Files.readAllLines(out));
            assertEquals(0, client.exitValue());
        } finally {
            server.destroyForcibly().waitFor();
        }
    }

    /**
     * Most of the time until a client's first message goes by with classes that are loaded for it. These are of no use
     * to a client that says nothing of security: JNA's tables of Windows, advapi32, servers.
     */
    @Test
    void jar_asClient_loadsNothingThatItHasNoUseFor() throws Exception {
        List<String> needless = List.of("com.sun.jna.platform.", "io.nettypipe.win32.JnaIdentity",
                "io.nettypipe.channel.NamedPipeServer", "io.nettypipe.channel.PipeInstances",
                "io.nettypipe.channel.NamedPipeSecurity", "io.nettypipe.channel.Sddl",
                "io.nettypipe.channel.NamedPipePeer", "io.nettypipe.channel.NamedPipeUser",
                "io.nettypipe.channel.AdoptedHandle");
        NamedPipeAddress pipe = NamedPipeAddress.ephemeral();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, IocpIoHandler.newFactory());
        try {
            EchoServer.start(group, pipe, NamedPipeMode.MESSAGE, new PrintWriter(System.err, true));
            // A path of its own would have a colon, which the option separates its parts by.
            List<String> command = AnotherJvm.command("-Xlog:class+load:file=loaded.txt", "-jar", JAR.toString(),
                    "client", pipe.name(), "--message", "hello");
            Path out = folder.resolve("out");
            Process client = new ProcessBuilder(command).directory(folder.toFile())
                    .redirectErrorStream(true).redirectOutput(out.toFile()).start();
            assertTrue(client.waitFor(60, TimeUnit.SECONDS), "the client does not end");
            assertEquals(List.of("hello"), Files.readAllLines(out));
        } finally {
            group.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        }
        List<String> loaded = Files.readAllLines(folder.resolve("loaded.txt"));
        assertTrue(loaded.stream().anyMatch(line -> line.contains(" io.nettypipe.channel.NamedPipeChannel ")));
        assertEquals(List.of(), loaded.stream().filter(line -> needless.stream().anyMatch(line::contains)).toList());
    }

    @Test
    void notice_ofTheJar_namesAllThatIsInIt() throws Exception {
        Notice.assertNamesAllOf(JAR);
    }

    private static ProcessBuilder java(String... args) throws IOException {
        assertTrue(Files.exists(JAR), () -> JAR + " is not there; the phase package makes it");
        List<String> command = AnotherJvm.command("-jar", JAR.toString());
        command.addAll(List.of(args));
        return new ProcessBuilder(command);
    }
}
