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

import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.channel.NamedPipeChannelOption;
import io.nettypipe.example.echo.Console.Ran;
import io.nettypipe.testing.TestPipe;
import io.nettypipe.testing.WindowsTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The program against itself, over real pipes, in this JVM. */
@WindowsTest
final class EchoOnPipesTest {
    private final String name = NamedPipeAddress.ephemeral().name();
    private final List<RunningServer> servers = new ArrayList<>();

    @AfterEach
    void stopServers() {
        servers.forEach(RunningServer::close);
    }

    @ParameterizedTest
    @ValueSource(strings = {"byte", "message"})
    void client_withTexts_printsTheReplies(String mode) throws Exception {
        RunningServer server = serve(arguments(mode, "server", name));
        assertEquals("Listening on \\\\.\\pipe\\" + name + " (" + mode + " mode), Ctrl-C stops",
                server.greeting());
        Ran ran = Console.run(arguments(mode, "client", name, "hello", "named pipes", "\u00fc\u20ac"));
        assertEquals(new Ran(0, List.of("hello", "named pipes", "\u00fc\u20ac"), List.of()), ran);
    }

    @ParameterizedTest
    @ValueSource(strings = {"byte", "message"})
    void client_withStandardInput_printsAReplyForEachLine(String mode) throws Exception {
        List<String> lines = IntStream.range(0, 500).mapToObj(i -> i + " " + "x".repeat(i)).toList();
        serve(arguments(mode, "server", name, "--loops", "2"));
        Ran ran = Console.runWithInput(String.join("\r\n", lines), arguments(mode, "client", name));
        assertEquals(new Ran(0, lines, List.of()), ran);
    }

    @Test
    void client_withAnEmptyText_getsAnEmptyReplyInEitherMode() throws Exception {
        for (String mode : List.of("byte", "message")) {
            String pipe = NamedPipeAddress.ephemeral().name();
            serve(arguments(mode, "server", pipe));
            Ran ran = Console.run(arguments(mode, "client", pipe, "", "after"));
            assertEquals(new Ran(0, List.of("", "after"), List.of()), ran);
        }
    }

    @Test
    void client_ofAMissingServer_saysHowToStartOne() {
        Ran ran = Console.run("client", name, "hello");
        expectOneLine(ran, Failure.NO_SERVER, "There is no pipe \\\\.\\pipe\\" + name);
    }

    @Test
    void client_ofABusyPipe_saysThatItIsBusy() throws Exception {
        withOneInstance(address -> {
            try (TestPipe loops = new TestPipe(1)) {
                loops.clientBootstrap().handler(new ChannelInboundHandlerAdapter()).connect(address).sync();
                Ran ran = Console.run("client", name, "hello", "--timeout", "1");
                expectOneLine(ran, Failure.BUSY, "is busy");
            }
        });
    }

    @Test
    void server_ofATakenName_saysThatItIsTaken() throws Exception {
        withOneInstance(address -> {
            Ran ran = Console.run("server", name);
            expectOneLine(ran, Failure.DENIED, "choose another name");
        });
    }

    @Test
    void client_inMessageModeOfAByteModeServer_isToldToLeaveOutTheOption() throws Exception {
        serve("server", name);
        Ran ran = Console.run("client", name, "--message", "hello");
        expectOneLine(ran, Failure.FAILED, "leave out --message");
    }

    @Test
    void server_whenStopped_saysSoAndFreesTheName() throws Exception {
        RunningServer server = serve("server", name);
        server.close();
        assertEquals("Stopped", server.farewell());
        assertEquals(0, server.status());
        assertEquals(Failure.NO_SERVER, Console.run("client", name, "hello").status());
    }

    private RunningServer serve(String... arguments) throws InterruptedException {
        RunningServer server = RunningServer.start(arguments);
        servers.add(server);
        return server;
    }

    private static void expectOneLine(Ran ran, int status, String part) {
        assertEquals(status, ran.status(), ran.err()::toString);
        assertEquals(List.of(), ran.out());
        assertEquals(1, ran.err().size(), ran.err()::toString);
        assertTrue(ran.err().get(0).contains(part), ran.err()::toString);
    }

    private static String[] arguments(String mode, String... arguments) {
        if (mode.equals("byte")) {
            return arguments;
        }
        String[] all = new String[arguments.length + 1];
        all[0] = arguments[0];
        all[1] = "--message";
        System.arraycopy(arguments, 1, all, 2, arguments.length - 1);
        return all;
    }

    private interface Body {
        void run(NamedPipeAddress address) throws Exception;
    }

    /** A server that listens with one instance only, which no other can add to. */
    private void withOneInstance(Body body) throws Exception {
        try (TestPipe loops = new TestPipe(1)) {
            Channel server = loops.serverBootstrap().option(NamedPipeChannelOption.MAX_INSTANCES, 1)
                    .childHandler(new ChannelInboundHandlerAdapter())
                    .bind(NamedPipeAddress.of(name)).sync().channel();
            body.run(NamedPipeAddress.of(name));
            server.close().sync();
        }
    }
}
