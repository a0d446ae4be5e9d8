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
package io.nettypipe.testsuite.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.stream.ChunkedNioFile;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.codec.PipeMessageCodec;
import io.nettypipe.codec.PipeStreamChunkedInput;
import io.nettypipe.codec.PipeStreamCodec;
import io.nettypipe.testing.Pattern;
import io.nettypipe.testing.PipeTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** {@code ChunkedNioFile} and {@code ChunkedWriteHandler}, as on any other transport. */
@PipeTest
class ChunkedFileTest {
    private static final int LENGTH = 500_003;

    @TempDir
    private Path directory;

    @Test
    void file_overABytePipe_arrives() throws Exception {
        try (StreamsFixture pipe = new StreamsFixture(NamedPipeMode.BYTE, true)) {
            CompletableFuture<Long> done = new CompletableFuture<>();
            pipe.serve(new Checker(done));
            Channel channel = pipe.connect(new ChunkedWriteHandler());
            assertDone(channel.writeAndFlush(new ChunkedNioFile(file().toFile())));
            assertEquals(LENGTH, done.get(StreamEnd.SECONDS, TimeUnit.SECONDS));
        }
    }

    /** Each chunk is a message; where the file ends, the receiver must know. */
    @Test
    void file_overAMessagePipe_arrives() throws Exception {
        try (StreamsFixture pipe = new StreamsFixture(NamedPipeMode.MESSAGE, true)) {
            CompletableFuture<Long> done = new CompletableFuture<>();
            pipe.serve(new PipeMessageCodec(), new Checker(done));
            Channel channel = pipe.connect(new ChunkedWriteHandler());
            assertDone(channel.writeAndFlush(new ChunkedNioFile(file().toFile(), 8192)));
            assertEquals(LENGTH, done.get(StreamEnd.SECONDS, TimeUnit.SECONDS));
        }
    }

    @Test
    void files_asStreams_arriveOneAfterAnother() throws Exception {
        StreamEnd server = new StreamEnd();
        try (StreamsFixture pipe = new StreamsFixture(NamedPipeMode.MESSAGE, false)) {
            pipe.serve(new PipeStreamCodec(), server);
            Channel channel = pipe.connect(new PipeStreamCodec(), new ChunkedWriteHandler());
            for (int i = 0; i < 3; i++) {
                ChannelFuture sent = channel.writeAndFlush(
                        new PipeStreamChunkedInput(new ChunkedNioFile(file().toFile(), 100_000)));
                server.awaitStream(LENGTH);
                assertDone(sent);
            }
        }
    }

    private Path file() throws Exception {
        return Files.write(directory.resolve("file"), Pattern.array(0, 0, LENGTH));
    }

    private static void assertDone(ChannelFuture future) throws InterruptedException {
        assertTrue(future.await(StreamEnd.SECONDS, TimeUnit.SECONDS), "not done");
        assertNull(future.cause());
    }

    /** Completes when the whole file has come. */
    private static final class Checker extends SimpleChannelInboundHandler<ByteBuf> {
        private final CompletableFuture<Long> done;
        private long received;

        Checker(CompletableFuture<Long> done) {
            this.done = done;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
            int length = bytes.readableBytes();
            assertTrue(Pattern.takes(0, received, bytes));
            received += length;
            if (received >= LENGTH) {
                done.complete(received);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            done.completeExceptionally(cause);
        }
    }
}
