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
package io.nettypipe.example.stream;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.Future;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.iocp.TestIocp;
import io.nettypipe.testing.PipeTest;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.model.TestSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.OutputStream;
import java.io.PrintStream;
import java.net.ConnectException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

@PipeTest
class StreamMainTest {
    private static final int SECONDS = 50;
    private static final long MIB = 1024 * 1024;

    private final Win32 win32 = TestSystem.open();
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(2, TestIocp.newFactory(win32));
    private final NamedPipeAddress pipe = NamedPipeAddress.ephemeral();
    private final Lines said = new Lines();
    private Channel server;

    @BeforeEach
    void serve() throws Exception {
        server = StreamServer.start(group, pipe, said);
        said.assertNext("Listening on .*, Ctrl-C stops");
    }

    @AfterEach
    void stop() throws Exception {
        server.close().sync();
        group.shutdownGracefully(0, SECONDS, TimeUnit.SECONDS).sync();
        TestSystem.close(win32);
    }

    @Test
    void calls_ofManyMebibytes_takeTheMemoryOfAFewChunks() throws Exception {
        Lines out = new Lines();
        // Tests that ran before in this process have left chunks to the allocator.
        MemoryPeak before = new MemoryPeak(ByteBufAllocator.DEFAULT);
        before.look();
        MemoryPeak memory = StreamClient.call(group, pipe, 4 * MIB + 5, 2, out).get(SECONDS, TimeUnit.SECONDS);
        // Both ends are in this process.
        assertTrue(memory.direct() - before.direct() <= 2 * MIB, () -> before + ", then " + memory);
        for (int i = 0; i < 2; i++) {
            out.assertNext("Request of 4 MiB and reply as long in [0-9.]+ s: [0-9]+ MiB/s, all bytes checked");
        }
        out.assertNext("Done; peak memory: heap .*");
        said.assertNext("A client left after 2 calls; peak memory: heap .*");
    }

    @Test
    void request_aborted_isNotAnsweredAndTheServerSaysSo() throws Exception {
        StreamClient.abort(group, pipe, 3 * MIB).get(SECONDS, TimeUnit.SECONDS);
        said.assertNext("Connection ended inside a stream of which " + 3 * MIB + " bytes had arrived");
        said.assertNext("A client left after 0 calls; .*");
    }

    @Test
    void call_ofAMissingPipe_fails() throws Exception {
        Future<MemoryPeak> call = StreamClient.call(group, NamedPipeAddress.ephemeral(), MIB, 1, said);
        assertTrue(call.await(SECONDS, TimeUnit.SECONDS));
        assertInstanceOf(ConnectException.class, call.cause());
    }

    /** What the example prints. */
    private static final class Lines extends PrintStream {
        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

        Lines() {
            super(OutputStream.nullOutputStream());
        }

        @Override
        public void println(String line) {
            lines.add(line);
        }

        void assertNext(String pattern) throws InterruptedException {
            String line = lines.poll(SECONDS, TimeUnit.SECONDS);
            assertNotNull(line, pattern);
            assertTrue(line.matches(pattern), line);
        }
    }
}
