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
package io.nettypipe.testsuite.integrations;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.channel.NamedPipeChannel;
import io.nettypipe.channel.NamedPipeChannelOption;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.streams.NamedPipeStreams;
import io.nettypipe.testing.Pattern;
import io.nettypipe.testing.PipeTest;
import io.nettypipe.testing.TestPipe;
import io.nettypipe.win32.model.TestSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The blocking streams of integration-streams. */
@PipeTest
class NamedPipeStreamsTest {
    /** More than both ends and the pipe have room for. */
    private static final int LARGE = 8 * 1024 * 1024;

    private final TestPipe pipe = new TestPipe(2, TestSystem.open());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final BlockingQueue<NamedPipeStreams> accepted = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    @AfterEach
    void stop() throws Exception {
        over.complete(null);
        threads.shutdown();
        assertTrue(threads.awaitTermination(TestPipe.SECONDS, TimeUnit.SECONDS));
        pipe.close();
    }

    private ServerBootstrap server(NamedPipeMode type) {
        return pipe.serverBootstrap().option(NamedPipeChannelOption.PIPE_TYPE, type)
                .option(NamedPipeChannelOption.READ_MODE, NamedPipeMode.BYTE);
    }

    /** The two ends of a connection; that of the server is open until the test is over. */
    private NamedPipeStreams connect(NamedPipeMode type) throws Exception {
        server(type).childHandler(NamedPipeStreams.conversations(threads, streams -> {
            accepted.add(streams);
            over.get(TestPipe.SECONDS, TimeUnit.SECONDS);
        })).bind(pipe.address).sync();
        return NamedPipeStreams.connect(pipe.clientBootstrap(), pipe.address);
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.get(TestPipe.SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void output_closedOnAMessagePipe_isTheEndToAPeerThatStillAnswers() throws Exception {
        server(NamedPipeMode.MESSAGE).childHandler(NamedPipeStreams.conversations(threads,
                streams -> streams.input().transferTo(streams.output()))).bind(pipe.address).sync();
        byte[] sent = Pattern.array(1, 0, LARGE);
        try (NamedPipeStreams client = NamedPipeStreams.connect(pipe.clientBootstrap(), pipe.address)) {
            Future<byte[]> echo = threads.submit(() -> client.input().readAllBytes());
            client.output().write(sent);
            client.output().close();
            assertArrayEquals(sent, get(echo));
            assertThrows(ClosedChannelException.class, () -> client.output().write(1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void peer_thatLeaves_isReadInFullThenTheEnd_andWritesFail(NamedPipeMode type) throws Exception {
        NamedPipeStreams client = connect(type);
        NamedPipeStreams server = TestPipe.take(accepted);
        server.output().write(Pattern.array(1, 0, 100_000));
        server.close();
        assertArrayEquals(Pattern.array(1, 0, 100_000), client.input().readAllBytes());
        assertEquals(-1, client.input().read());
        assertThrows(IOException.class, () -> {
            while (true) {
                client.output().write(1);
                client.output().flush();
            }
        });
        client.close();
    }

    @Test
    void peerThatDoesNotRead_makesAWriterWait_andOneThatIsNotReadHoldsABoundedAmount() throws Exception {
        try (NamedPipeStreams client = connect(NamedPipeMode.BYTE)) {
            NamedPipeStreams server = TestPipe.take(accepted);
            CompletableFuture<Long> most = new CompletableFuture<>();
            client.channel().pipeline().addFirst(new PendingBytes(most));
            Future<?> writing = threads.submit(() -> {
                client.output().write(Pattern.array(1, 0, LARGE));
                client.output().flush();
                return null;
            });
            assertArrayEquals(Pattern.array(1, 0, 1000), server.input().readNBytes(1000));
            assertFalse(server.channel().config().isAutoRead());
            assertTrue(server.input().available() <= 2 * 1024 * 1024);
            assertFalse(writing.isDone());
            assertArrayEquals(Pattern.array(1, 1000, LARGE - 1000), server.input().readNBytes(LARGE - 1000));
            get(writing);
            client.output().close();
            client.input().close();
            long pending = get(most);
            assertTrue(pending <= 256 * 1024, () -> pending + " bytes were pending");
        }
    }

    /** How many bytes were pending at most. */
    private static final class PendingBytes extends ChannelOutboundHandlerAdapter {
        private final CompletableFuture<Long> told;
        private long most;

        PendingBytes(CompletableFuture<Long> told) {
            this.told = told;
        }

        @Override
        public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
            ctx.write(msg, promise);
            most = Math.max(most, ctx.channel().bytesBeforeWritable());
        }

        @Override
        public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
            told.complete(most);
            ctx.close(promise);
        }
    }

    @Test
    void reader_thatIsInterruptedOrOutOfTime_losesNothing() throws Exception {
        try (NamedPipeStreams client = connect(NamedPipeMode.BYTE)) {
            InputStream input = client.input();
            Thread.currentThread().interrupt();
            assertThrows(InterruptedIOException.class, input::read);
            assertTrue(Thread.interrupted());
            client.setReadTimeout(Duration.ofMillis(1));
            assertThrows(SocketTimeoutException.class, input::read);
            assertThrows(IllegalArgumentException.class, () -> client.setReadTimeout(Duration.ofMillis(-1)));
            client.setReadTimeout(Duration.ZERO);
            TestPipe.take(accepted).output().write(new byte[] {1, -1});
            assertEquals(1, input.read());
            assertEquals(255, input.read());
        }
    }

    @Test
    void writer_thatIsInterrupted_saysHowMuchItSent() throws Exception {
        NamedPipeStreams client = connect(NamedPipeMode.BYTE);
        CompletableFuture<Thread> writer = new CompletableFuture<>();
        Future<InterruptedIOException> failure = threads.submit(() -> {
            writer.complete(Thread.currentThread());
            InterruptedIOException e = assertThrows(InterruptedIOException.class,
                    () -> client.output().write(Pattern.array(1, 0, LARGE)));
            assertTrue(Thread.interrupted());
            return e;
        });
        get(writer).interrupt();
        int sent = get(failure).bytesTransferred;
        NamedPipeStreams server = TestPipe.take(accepted);
        Future<Void> closing = threads.submit(() -> {
            client.output().flush();
            client.close();
            return null;
        });
        assertArrayEquals(Pattern.array(1, 0, sent), server.input().readAllBytes());
        get(closing);
    }

    @Test
    void close_ofThisEnd_endsWhoWaits_andGivesBackWhatIsHeld() throws Exception {
        NamedPipeStreams client = connect(NamedPipeMode.BYTE);
        Future<Integer> reading = threads.submit(() -> client.input().read());
        Future<?> writing = threads.submit(() -> {
            client.output().write(Pattern.array(1, 0, LARGE));
            return null;
        });
        NamedPipeStreams server = TestPipe.take(accepted);
        server.input().read();
        assertTrue(server.input().available() > 0);
        server.close();
        assertEquals(0, server.input().available());
        assertThrows(ClosedChannelException.class, () -> server.input().read());
        assertEquals(-1, get(reading));
        assertInstanceOf(IOException.class, assertThrows(ExecutionException.class, () -> get(writing)).getCause());
        client.close();
    }

    @Test
    void streams_usedOnTheEventLoop_refuseAndDoNotWaitForThemselves() throws Exception {
        NamedPipeStreams client = connect(NamedPipeMode.MESSAGE);
        get(client.channel().eventLoop().submit(() -> {
            assertThrows(IllegalStateException.class, () -> client.input().read());
            assertThrows(IllegalStateException.class, () -> client.output().write(1));
            assertThrows(IllegalStateException.class, () -> client.output().flush());
            assertThrows(IllegalStateException.class, () -> client.output().close());
            client.close();
            return null;
        }));
        assertTrue(client.channel().closeFuture().await(TestPipe.SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void bothStreams_closed_closeThePipe() throws Exception {
        NamedPipeStreams client = connect(NamedPipeMode.BYTE);
        client.output().write(1);
        client.output().close();
        assertTrue(client.channel().isOpen());
        client.input().close();
        assertTrue(client.channel().closeFuture().await(TestPipe.SECONDS, TimeUnit.SECONDS));
        assertArrayEquals(new byte[] {1}, TestPipe.take(accepted).input().readAllBytes());
    }

    @Test
    void connect_toNoPipeOrWithoutALoop_failsAsTheBootstrapDoes() throws Exception {
        Bootstrap client = pipe.clientBootstrap();
        assertThrows(ConnectException.class, () -> NamedPipeStreams.connect(client, NamedPipeAddress.ephemeral()));
        pipe.group.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
        assertThrows(IOException.class, () -> NamedPipeStreams.connect(client, NamedPipeAddress.ephemeral()));
    }

    @Test
    void channel_thatFails_failsTheReader() throws Exception {
        try (NamedPipeStreams client = connect(NamedPipeMode.BYTE)) {
            Channel channel = client.channel();
            Future<Integer> reading = threads.submit(() -> client.input().read());
            channel.pipeline().fireExceptionCaught(new IllegalArgumentException("a codec's"));
            Throwable failure = assertThrows(ExecutionException.class, () -> get(reading)).getCause();
            assertInstanceOf(IOException.class, failure);
            assertInstanceOf(IllegalArgumentException.class, failure.getCause());
            assertInstanceOf(NamedPipeChannel.class, channel);
        }
    }
}
