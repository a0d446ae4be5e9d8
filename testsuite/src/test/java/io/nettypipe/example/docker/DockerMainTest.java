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
package io.nettypipe.example.docker;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.nettypipe.channel.NamedPipeChannel;
import io.nettypipe.testing.AnotherJvm;
import io.nettypipe.testing.Notice;
import io.nettypipe.testing.PipeTest;
import io.nettypipe.testing.TestPipe;
import io.nettypipe.testing.WindowsTest;
import io.nettypipe.win32.model.TestSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The example against a small engine. */
@PipeTest
class DockerMainTest {
    private static final Path JAR = Path.of("..", "example-docker", "target", "example-docker.jar");

    private final TestPipe pipe = new TestPipe(2, TestSystem.open());
    private final DockerDaemon daemon = new DockerDaemon();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void start() throws InterruptedException {
        daemon.start(pipe);
    }

    @AfterEach
    void stop() {
        pipe.close();
    }

    private int run(String input, String... words) throws InterruptedException {
        InputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.US_ASCII));
        String[] args = new String[words.length + 2];
        args[0] = "--host";
        args[1] = pipe.address.toUri().toString();
        System.arraycopy(words, 0, args, 2, words.length);
        return new DockerMain(pipe.group, in, new PrintStream(out), new PrintStream(err)).run(args);
    }

    /** More than a pipe has room for; the container learns of the end of its input, and answers after it. */
    @Test
    void attach_untilTheInputEnds_bringsBothStreamsOfTheContainerInFull() throws Exception {
        String input = "a line for the container\n".repeat(20_000);
        assertEquals(0, run(input, "attach", "shout"), err::toString);
        assertEquals(input.toUpperCase(), out.toString());
        assertEquals("ready\n" + input.length() + " bytes\n", err.toString());
    }

    @Test
    @Tag("long")
    @WindowsTest
    void jar_attachedWithAFileAsItsInput_printsWhatTheContainerWrites(@TempDir Path folder) throws Exception {
        Notice.assertNamesAllOf(JAR);
        Path input = Files.writeString(folder.resolve("input.txt"), "a line\n".repeat(10_000));
        Path output = folder.resolve("output.txt");
        Process attached = new ProcessBuilder(AnotherJvm.command("-jar", JAR.toString(), "--host",
                pipe.address.toUri().toString(), "attach", "shout"))
                .redirectInput(input.toFile()).redirectOutput(output.toFile()).redirectError(Redirect.INHERIT).start();
        try {
            assertTrue(attached.waitFor(TestPipe.SECONDS, TimeUnit.SECONDS));
            assertEquals(0, attached.exitValue());
        } finally {
            attached.destroyForcibly();
        }
        assertEquals("A LINE\n".repeat(10_000), Files.readString(output));
    }

    @Test
    @Tag("long")
    void attach_toATerminal_isOneStreamWithoutFrames() throws Exception {
        assertEquals(0, run("echo\n", "attach", "tty"), err::toString);
        assertEquals("$ echo\n", out.toString());
    }

    @Test
    @Tag("long")
    void version_isWhatTheEngineSays() throws Exception {
        assertEquals(0, run("", "version"), err::toString);
        assertEquals("{\"ApiVersion\":\"1.47\"}", out.toString().strip());
    }

    @Test
    @Tag("long")
    void refusal_ofTheEngine_isToldAndFails() throws Exception {
        assertEquals(1, run("", "attach", "nobody"));
        assertEquals("the engine answers 404 Not Found: {\"message\":\"No such container\"}", err.toString().strip());
        assertEquals(2, run("", "attach"));
    }

    @Test
    @Tag("long")
    void events_comeAsTheyHappen_untilOneSideHasEnough() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        DockerClient client = new DockerClient(pipe.group, pipe.address);
        NamedPipeChannel channel = client.events(heard::add).sync().getNow();
        Channel listener = TestPipe.take(daemon.listeners);
        DockerDaemon.emit(listener, "{\"Action\":\"start\"}\n{\"Action\"");
        assertEquals("{\"Action\":\"start\"}", TestPipe.take(heard));
        DockerDaemon.emit(listener, ":\"die\"}\n");
        assertEquals("{\"Action\":\"die\"}", TestPipe.take(heard));
        DockerDaemon.emitEnd(listener);
        assertTrue(channel.closeFuture().await(TestPipe.SECONDS, TimeUnit.SECONDS));
        client.events(heard::add).sync().getNow().close();
        assertTrue(TestPipe.take(daemon.listeners).closeFuture().await(TestPipe.SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void frames_cutAnywhere_areTakenApart_andWrongOnesFail() {
        byte[] frames = {1, 0, 0, 0, 0, 0, 0, 2, 'o', 'k', 2, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 1, '!'};
        for (int cut = 1; cut < frames.length; cut++) {
            EmbeddedChannel channel = new EmbeddedChannel(new StdFrameDecoder());
            channel.writeInbound(Unpooled.wrappedBuffer(frames, 0, cut));
            channel.writeInbound(Unpooled.wrappedBuffer(frames, cut, frames.length - cut));
            channel.finish();
            StringBuilder text = new StringBuilder();
            for (StdPart part = channel.readInbound(); part != null; part = channel.readInbound()) {
                text.append(part.stream()).append(part.content().toString(StandardCharsets.US_ASCII));
                part.release();
            }
            assertTrue(text.toString().matches("OUTokERR!|OUToOUTkERR!"), text::toString);
        }
        ByteBuf unfinished = Unpooled.wrappedBuffer(frames, 0, 8);
        EmbeddedChannel leaving = new EmbeddedChannel(new StdFrameDecoder());
        leaving.writeInbound(unfinished);
        assertInstanceOf(PrematureChannelClosureException.class,
                assertThrows(DecoderException.class, leaving::finish).getCause());
        EmbeddedChannel other = new EmbeddedChannel(new StdFrameDecoder());
        assertThrows(CorruptedFrameException.class, () -> other.writeInbound(Unpooled.wrappedBuffer("HTTP/1.1".getBytes(
                StandardCharsets.US_ASCII))));
    }
}
