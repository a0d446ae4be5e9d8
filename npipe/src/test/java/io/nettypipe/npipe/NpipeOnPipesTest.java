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

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.ChannelInboundHandlerAdapter;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.channel.NamedPipeChannelOption;
import io.nettypipe.npipe.Program.Ran;
import io.nettypipe.testing.AnotherJvm;
import io.nettypipe.testing.Pattern;
import io.nettypipe.testing.TestPipe;
import io.nettypipe.testing.WindowsTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The commands against each other, over real pipes, in this JVM. */
@WindowsTest
final class NpipeOnPipesTest {
    private final String name = NamedPipeAddress.ephemeral().name();
    private final String path = "\\\\.\\pipe\\" + name;

    @Test
    void cat_toAnEcho_getsAllBytesBackAndEndsByTheHalfClose() throws Exception {
        byte[] bytes = Pattern.array(1, 0, 3_000_001);
        try (Program server = Program.serve("serve", name, "--echo")) {
            assertEquals("Listening on " + path + ", Ctrl-C stops", server.greeting());
            Ran ran = Program.run(new ByteArrayInputStream(bytes), "cat", name);
            assertEquals(List.of(), ran.err());
            assertArrayEquals(bytes, ran.out());
            assertEquals(0, ran.status());
        }
    }

    @Test
    void cat_toAPipeOfSomebodyElse_sendsNothing() throws Exception {
        try (Program server = Program.serve("serve", name, "--echo")) {
            assertEquals(new Answer(0, "hello"), Answer.of(Program.run("hello", "cat", name, "--owner", "system,me")));
            expectOneLine(Program.run("hello", "cat", name, "--owner", "system"), Failure.DENIED, "S-1-5-18");
            assertEquals("", server.err());
        }
    }

    @Test
    void cat_toAnEchoOfBytes_endsWhenItIsQuiet() throws Exception {
        try (Program server = Program.serve("serve", name, "--echo", "--byte-type")) {
            assertEquals(new Answer(0, "hello"), Answer.of(Program.run("hello", "cat", name, "--quiet", "1")));
            assertEquals("", server.err());
        }
    }

    @Test
    void cat_withMessages_makesALineOfEachAlsoOfAnEmptyOne() throws Exception {
        try (Program server = Program.serve("serve", name, "--echo", "--message")) {
            Ran ran = Program.run("one\r\n\n\u20ac\nlast", "cat", name, "-m", "-q", "1");
            assertEquals(new Answer(0, "one\n\n\u20ac\nlast\n"), Answer.of(ran));
            assertEquals("Listening on " + path + " (messages), Ctrl-C stops", server.greeting());
        }
    }

    @Test
    void cat_thatListens_isTheOtherEndOfOneThatConnects() throws Exception {
        List<Ran> listened = new ArrayList<>();
        Thread listener = new Thread(() -> listened.add(Program.run("from the server", "cat", "-l", name)));
        listener.start();
        Ran ran;
        do {
            // It has no line to tell that it listens: a stream of bytes is all it prints.
            ran = Program.run("from the client", "cat", name);
        } while (ran.status() == Failure.ABSENT);
        listener.join(TestPipe.SECONDS * 1000);
        assertEquals(new Answer(0, "from the server"), Answer.of(ran));
        assertEquals(new Answer(0, "from the client"), Answer.of(listened.get(0)));
    }

    @Test
    void serve_withAProgram_isItsStandardInputAndOutput() throws Exception {
        List<String> arguments = new ArrayList<>(List.of("serve", name, "--exec"));
        arguments.addAll(AnotherJvm.command("-cp", Path.of("target", "test-classes").toString(),
                UpperCase.class.getName(), "--echo"));
        try (Program server = Program.serve(arguments.toArray(String[]::new))) {
            assertEquals(new Answer(0, "--ECHO HELLO"), Answer.of(Program.run("hello", "cat", name)));
            assertEquals("", server.err());
        }
    }

    @Test
    void serve_withAProgramThatIsNotThere_saysSoAndClosesTheConnection() throws Exception {
        try (Program server = Program.serve("serve", name, "--exec", "no-such-program.exe")) {
            assertEquals(new Answer(0, ""), Answer.of(Program.run("hello", "cat", name)));
            assertTrue(server.err().contains("no-such-program.exe"), server.err());
        }
    }

    @Test
    void info_ofAPipe_tellsWhatItIsAndWhose() throws Exception {
        try (Program server = Program.serve("serve", name, "--echo", "--allow", "users")) {
            Ran ran = Program.run("", "info", name);
            assertEquals(List.of(), ran.err());
            assertEquals(0, ran.status());
            for (String part : List.of("Pipe       " + path, "Type       messages, both directions",
                    ", limit: no limit; a client can connect", "Quotas     65536 bytes to the server, 65536 bytes to",
                    "Owner      ", "LocalSystem may do everything", "authenticated users may read, write",
                    "Server     process " + ProcessHandle.current().pid())) {
                assertTrue(ran.text().contains(part), () -> part + " is not in\n" + ran.text());
            }
            assertEquals("", server.err());
        }
    }

    @Test
    void info_withoutConnecting_letsTheOneInstanceToSomebodyElse() throws Exception {
        try (TestPipe pipe = new TestPipe(1)) {
            pipe.serverBootstrap().option(NamedPipeChannelOption.MAX_INSTANCES, 1)
                    .childHandler(new ChannelInboundHandlerAdapter()).bind(pipe.address).sync();
            Ran free = Program.run("", "info", pipe.address.name(), "--no-connect");
            assertEquals(0, free.status());
            assertTrue(free.text().contains("a client can connect"), free::text);
            pipe.clientBootstrap().handler(new ChannelInboundHandlerAdapter()).connect(pipe.address).sync();

            Ran busy = Program.run("", "info", pipe.address.name());
            assertEquals(Failure.BUSY, busy.status());
            assertTrue(busy.text().contains("all are busy"), busy::text);
            assertTrue(busy.err().get(0).contains("are busy"), busy.err()::toString);
            expectOneLine(Program.run("", "cat", pipe.address.name(), "--timeout", "1"), Failure.BUSY, "is busy");
            expectOneLine(Program.run("", "serve", pipe.address.name(), "--echo"), Failure.DENIED, "another address");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cat", "info", "bench"})
    void command_toAPipeThatIsNotThere_saysSo(String command) {
        expectOneLine(Program.run("", command, name), Failure.ABSENT, path);
    }

    /** Windows lists them; Wine cannot. */
    @Test
    void list_whileThereIsAPipe_namesItOrSaysThatTheSystemListsNone() throws Exception {
        try (Program server = Program.serve("serve", name, "--echo")) {
            Ran ran = Program.run("", "list", name.toUpperCase(Locale.ROOT), "--names");
            if (ran.status() == 0) {
                assertEquals(name, ran.text().strip());
            } else {
                expectOneLine(ran, Failure.FAILED, "does not list its pipes");
            }
            assertEquals("", server.err());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--message"})
    void bench_ofAnEcho_reportsThroughputAndLatency(String mode) throws Exception {
        String[] options = mode.isEmpty() ? new String[0] : new String[] {mode};
        try (Program server = Program.serve(with(options, "serve", name, "--echo"))) {
            Ran ran = Program.run("", with(options, "bench", name, "--count", "203", "--size", "3000",
                    "--connections", "4", "--loops", "2"));
            assertEquals(0, ran.status(), ran.err()::toString);
            List<String> lines = ran.text().lines().toList();
            assertEquals(3, lines.size(), ran::text);
            assertTrue(lines.get(0).startsWith("203 messages of 3000 bytes each way, 4 connections, "
                    + (mode.isEmpty() ? "byte" : "message") + " mode, "), ran::text);
            assertTrue(lines.get(1).matches("throughput \\d+ messages/s, [0-9.]+ MB/s each way"), ran::text);
            assertTrue(lines.get(2).matches("latency in us: p50 [0-9.]+, p90 .*, p99.9 .*, max [0-9.]+"), ran::text);
            assertEquals("", server.err());
        }
    }

    @Test
    void messages_ofAPipeOfBytes_areRefusedWithAHint() throws Exception {
        try (Program server = Program.serve("serve", name, "--echo", "--byte-type")) {
            expectOneLine(Program.run("", "cat", name, "-m"), Failure.FAILED, "leave out --message");
            assertEquals("", server.err());
        }
    }

    /** A pipe of bytes cannot be told that the client has ended. */
    @Test
    void relay_toAPipeOfBytes_closesWhenItIsQuietBehindTheHalfClose() throws Exception {
        try (Program server = Program.serve("serve", name, "--echo", "--byte-type");
             Program relay = Program.serve("relay", "tcp:0", "npipe:" + name, "--quiet", "1");
             Socket client = new Socket(InetAddress.getLoopbackAddress(), relay.port())) {
            client.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
            client.shutdownOutput();
            assertEquals("hello", new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            assertEquals("", server.err());
        }
    }

    /** A pipe that a relay serves, and one that it connects to. */
    @Test
    void relay_fromPipeToPipe_carriesTheHalfClose() throws Exception {
        try (Program server = Program.serve("serve", name, "--echo");
             Program relay = Program.serve("relay", "npipe:" + name + "-relayed", path)) {
            assertEquals("Listening on " + path + "-relayed, relaying to " + path + ", Ctrl-C stops", relay.greeting());
            byte[] bytes = Pattern.array(1, 0, 1_000_000);
            Ran ran = Program.run(new ByteArrayInputStream(bytes), "cat", name + "-relayed");
            assertArrayEquals(bytes, ran.out());
            assertEquals("", server.err());
        }
    }

    /** Status and output, without an error. */
    private record Answer(int status, String text) {
        static Answer of(Ran ran) {
            assertEquals(List.of(), ran.err());
            return new Answer(ran.status(), ran.text());
        }
    }

    private static String[] with(String[] options, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(options));
        return all.toArray(String[]::new);
    }

    private static void expectOneLine(Ran ran, int status, String part) {
        assertEquals(1, ran.err().size(), ran.err()::toString);
        assertTrue(ran.err().get(0).contains(part), ran.err()::toString);
        assertEquals(status, ran.status());
        assertEquals("", ran.text());
    }
}
