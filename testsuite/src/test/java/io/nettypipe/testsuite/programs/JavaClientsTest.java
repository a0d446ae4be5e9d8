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

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.NamedPipeSocket;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.nettypipe.channel.NamedPipeChannelOption;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.testing.Pattern;
import io.nettypipe.testing.WindowsTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.scalasbt.ipcsocket.Win32NamedPipeSocket;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Blocking clients of other Java libraries against our server. */
@Tag("long")
@WindowsTest
@Timeout(120)
final class JavaClientsTest {
    private static final int MANY = 32;
    private static final long LARGE = 5L * 1024 * 1024;   // they go in many small writes
    private static final int ERROR_BROKEN_PIPE = 109;

    private final OurSide ours = new OurSide();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() throws InterruptedException {
        threads.shutdownNow();
        assertTrue(threads.awaitTermination(30, TimeUnit.SECONDS));
        ours.close();
    }

    @Test
    void dockerJava_onThirtyTwoThreads_isAnsweredOnEach() throws Exception {
        ours.serve(HttpService::new);
        try (DockerHttpClient client = dockerClient()) {
            List<CompletableFuture<Void>> done = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                int id = i;
                done.add(CompletableFuture.runAsync(() -> exchange(client, id), threads));
            }
            for (CompletableFuture<Void> one : done) {
                one.get(60, TimeUnit.SECONDS);
            }
        }
    }

    private static void exchange(DockerHttpClient client, int id) {
        for (int size = 0; size < 10_000; size += 997) {
            assertArrayEquals(Pattern.array(1, 0, size), get(client, "/bytes/" + size));
            assertArrayEquals(Pattern.array(id, 0, size),
                    post(client, "/echo", new ByteArrayInputStream(Pattern.array(id, 0, size))));
        }
    }

    @Test
    void dockerJava_sendingAndAskingForFiveMebibytes_movesThemAll() throws Exception {
        ours.serve(HttpService::new);
        try (DockerHttpClient client = dockerClient()) {
            InputStream body = new PatternStream(1, LARGE);
            assertEquals(Pattern.digest(1, LARGE),
                    new String(post(client, "/digest", body), StandardCharsets.US_ASCII));
            Pattern.Digest read = new Pattern.Digest();
            try (DockerHttpClient.Response response = client.execute(DockerHttpClient.Request.builder()
                    .method(DockerHttpClient.Request.Method.GET).path("/bytes/" + LARGE).build())) {
                read.update(Unpooled.wrappedBuffer(response.getBody().readAllBytes()));
            }
            assertEquals(Pattern.digest(1, LARGE), read.toString());
        }
    }

    @Test
    void dockerJavaSocket_writingAndClosing_isEchoed_thenTheServerSeesTheEnd() throws Exception {
        BlockingQueue<Sink> accepted = ours.serve(Sink::echoing);
        try (Socket socket = new NamedPipeSocket(ours.address.path())) {
            socket.connect(InetSocketAddress.createUnresolved("pipe", 0), 10_000);
            assertEchoed(socket);
        }
        assertEquals(Pattern.digest(1, 100_000), OurSide.take(accepted).ended());
    }

    /** Its {@code close()} does not close the pipe, so that it is we who end; it reports the end as an error. */
    @ParameterizedTest
    @EnumSource
    void ipcsocket_closedByUs_hasReadItsEcho_andReadsTheEnd(NamedPipeMode mode) throws Exception {
        BlockingQueue<Sink> accepted =
                ours.serve(ours.serverBootstrap().option(NamedPipeChannelOption.PIPE_TYPE, mode), Sink::echoing);
        try (Socket socket = new Win32NamedPipeSocket(ours.address.path())) {
            assertEchoed(socket);
            Sink sink = OurSide.take(accepted);
            sink.channel().writeAndFlush(Pattern.bytes(2, 0, 10)).sync();
            sink.channel().close().sync();
            assertEquals(Pattern.digest(1, 100_000), sink.ended());
            byte[] last = new byte[10];
            assertEquals(10, socket.getInputStream().readNBytes(last, 0, 10));
            assertArrayEquals(Pattern.array(2, 0, 10), last);
            IOException end = assertThrows(IOException.class, () -> socket.getInputStream().read());
            assertTrue(end.getMessage().endsWith(" " + ERROR_BROKEN_PIPE), end::getMessage);
        }
    }

    /** It does not wait while the pipe is busy, so that as many instances must listen as clients come at once. */
    @Test
    void thirtyTwoIpcsockets_atOnce_areEachEchoed() throws Exception {
        ours.serve(ours.serverBootstrap().option(ChannelOption.SO_BACKLOG, MANY), Sink::echoing);
        List<CompletableFuture<Void>> done = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            Socket socket = new Win32NamedPipeSocket(ours.address.path());
            done.add(CompletableFuture.runAsync(() -> {
                try {
                    assertEchoed(socket);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }, threads));
        }
        for (CompletableFuture<Void> one : done) {
            one.get(60, TimeUnit.SECONDS);
        }
    }

    /** Writes and reads in turn, a little more each time. */
    private static void assertEchoed(Socket socket) throws IOException {
        byte[] bytes = Pattern.array(1, 0, 100_000);
        InputStream in = socket.getInputStream();
        OutputStream out = socket.getOutputStream();
        byte[] read = new byte[bytes.length];
        for (int from = 0; from < bytes.length; from += 20_000) {
            out.write(bytes, from, 20_000);
            out.flush();
            assertEquals(20_000, in.readNBytes(read, from, 20_000));
        }
        assertArrayEquals(bytes, read);
    }

    private DockerHttpClient dockerClient() {
        return new ZerodepDockerHttpClient.Builder()
                .dockerHost(URI.create("npipe://" + ours.address.path().replace('\\', '/')))
                .maxConnections(MANY)
                .connectionTimeout(Duration.ofSeconds(30))
                .responseTimeout(Duration.ofSeconds(30))
                .build();
    }

    private static byte[] get(DockerHttpClient client, String path) {
        return execute(client, DockerHttpClient.Request.builder()
                .method(DockerHttpClient.Request.Method.GET).path(path).build());
    }

    private static byte[] post(DockerHttpClient client, String path, InputStream body) {
        return execute(client, DockerHttpClient.Request.builder()
                .method(DockerHttpClient.Request.Method.POST).path(path).body(body).build());
    }

    private static byte[] execute(DockerHttpClient client, DockerHttpClient.Request request) {
        try (DockerHttpClient.Response response = client.execute(request)) {
            assertEquals(200, response.getStatusCode());
            return response.getBody().readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The bytes of a {@link Pattern}. */
    private static final class PatternStream extends InputStream {
        private final int seed;
        private final long size;
        private long position;

        PatternStream(int seed, long size) {
            this.seed = seed;
            this.size = size;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            if (position == size) {
                return -1;
            }
            int count = (int) Math.min(Math.min(length, Pattern.CHUNK), size - position);
            Pattern.bytes(seed, position, count).readBytes(target, offset, count);
            position += count;
            return count;
        }
    }
}
