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
package io.nettypipe.npipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.ChannelOption;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.channel.NamedPipeChannelOption;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.testing.AnotherJvm;
import io.nettypipe.testing.Notice;
import io.nettypipe.testing.Pattern;
import io.nettypipe.testing.TestPipe;
import io.nettypipe.testing.WindowsTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The runnable jar, as a person starts it: processes of their own. */
@WindowsTest
final class NpipeJarTest {
    private static final Path JAR = Path.of("target", "npipe.jar").toAbsolutePath();

    @TempDir
    private Path folder;

    @Test
    void notice_ofTheJar_namesAllThatIsInIt() throws IOException {
        Notice.assertNamesAllOf(JAR);
    }

    @Test
    void relay_fromTcpToAPipe_carriesBothWaysAndTheHalfClose() throws Exception {
        relay(4 << 20);
    }

    @Test
    @Tag("long")
    @Timeout(600)
    void relay_fromTcpToAPipe_carriesAGigabyteBothWaysAndTheHalfClose() throws Exception {
        relay(1L << 30);
    }

    private void relay(long size) throws Exception {
        try (TestPipe pipe = new TestPipe(1)) {
            PipePeer peer = new PipePeer(size);
            pipe.serverBootstrap()
                    .option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE)
                    .option(NamedPipeChannelOption.READ_MODE, NamedPipeMode.BYTE)
                    .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                    .childHandler(peer).bind(pipe.address).sync();
            Process relay = java("relay", "tcp:0", "npipe:" + pipe.address.name()).redirectErrorStream(true).start();
            try (BufferedReader said = relay.inputReader(StandardCharsets.UTF_8)) {
                String greeting = said.readLine();
                assertNotNull(greeting);
                String port = greeting.replaceFirst("^Listening on tcp:127\\.0\\.0\\.1:(\\d+), relaying to .*", "$1");
                try (Socket client = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(port))) {
                    client.setSoTimeout((int) TimeUnit.SECONDS.toMillis(TestPipe.SECONDS));
                    Transfer.client(client, size);
                }
                peer.done().get(TestPipe.SECONDS, TimeUnit.SECONDS);
            } finally {
                relay.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void cat_asAProcess_passesFilesOnAsTheyAre() throws Exception {
        String name = NamedPipeAddress.ephemeral().name();
        byte[] bytes = Pattern.array(1, 0, 300_000);
        Path in = Files.write(folder.resolve("in"), bytes);
        Path out = folder.resolve("out");
        try (Program server = Program.serve("serve", name, "--echo")) {
            Process client = java("cat", name).redirectError(folder.resolve("err").toFile())
                    .redirectInput(in.toFile()).redirectOutput(out.toFile()).start();
            assertTrue(client.waitFor(60, TimeUnit.SECONDS), "it does not end");
            assertEquals(List.of(), Files.readAllLines(folder.resolve("err")));
            assertEquals(-1, Files.mismatch(in, out));
            assertEquals(0, client.exitValue());
            assertEquals("", server.err());
        }
    }

    private static ProcessBuilder java(String... args) throws IOException {
        assertTrue(Files.exists(JAR), () -> JAR + " is not there; the phase package makes it");
        List<String> command = AnotherJvm.command("-jar", JAR.toString());
        command.addAll(List.of(args));
        return new ProcessBuilder(command);
    }
}
