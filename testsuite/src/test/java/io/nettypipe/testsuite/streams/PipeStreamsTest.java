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
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.handler.stream.ChunkedStream;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.nettypipe.channel.NamedPipeChannel;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.codec.LastPipeStreamContent;
import io.nettypipe.codec.PipeStreamAbort;
import io.nettypipe.codec.PipeStreamChunkedInput;
import io.nettypipe.codec.PipeStreamCodec;
import io.nettypipe.testing.Pattern;
import io.nettypipe.testing.PipeTest;
import io.nettypipe.testsuite.PatternInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Streams on message-type pipes, with nothing but the handlers that a program would use. */
@PipeTest
class PipeStreamsTest {
    private static final int CHUNK = 16 * 1024;
    private static final int LENGTH = 1024 * 1024 + 5;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void calls_oneAfterAnother_arePulledAndThenPushed(boolean autoRead) throws Exception {
        StreamEnd client = new StreamEnd();
        StreamEnd server = new StreamEnd(new StreamEnd.StreamEvents() {
            @Override
            public void end(StreamEnd end, long length) {
                send(end.channel, length);
            }
        });
        try (StreamsFixture pipe = new StreamsFixture(NamedPipeMode.MESSAGE, autoRead).serve(handlers(server))) {
            Channel channel = pipe.connect(handlers(client));
            for (long length : new long[] {LENGTH, 1, 0, CHUNK, LENGTH}) {
                assertDone(send(channel, length));
                server.awaitStream(length);
                client.awaitStream(length);
            }
            channel.close().sync();
            server.awaitInactive();
            client.awaitInactive();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void streams_inBothDirectionsAtOnce_allArrive(boolean autoRead) throws Exception {
        StreamEnd[] ends = {new StreamEnd(), new StreamEnd()};
        try (StreamsFixture pipe = new StreamsFixture(NamedPipeMode.MESSAGE, autoRead).serve(handlers(ends[0]))) {
            pipe.connect(handlers(ends[1]));
            for (int i = 0; i < 3; i++) {
                for (StreamEnd end : ends) {
                    send(end.awaitChannel(), LENGTH + i);
                }
            }
            for (int i = 0; i < 3; i++) {
                for (StreamEnd end : ends) {
                    end.awaitStream(LENGTH + i);
                }
            }
        }
    }

    @Test
    void longMessage_pulled_arrivesInChunksOfTheReadBuffer() throws Exception {
        StreamEnd server = new StreamEnd();
        try (StreamsFixture pipe = new StreamsFixture(NamedPipeMode.MESSAGE, false).serve(handlers(server))) {
            Channel channel = pipe.connect(handlers(new StreamEnd()));
            assertDone(channel.writeAndFlush(
                    new LastPipeStreamContent(Pattern.buffer(channel.alloc(), 0, 0, LENGTH))));
            server.awaitStream(LENGTH);
            assertEquals(StreamsFixture.READ_BUFFER, server.longestChunk());
        }
    }

    @Test
    void sender_ofAStreamThatIsPulledSlowly_isPacedByWritability() throws Exception {
        PatternInput input = new PatternInput(0, LENGTH, CHUNK);
        AtomicLong mostOnTheWay = new AtomicLong();
        CountDownLatch firstChunk = new CountDownLatch(1);
        StreamEnd server = new StreamEnd(new StreamEnd.StreamEvents() {
            @Override
            public boolean chunk(StreamEnd end, long received) {
                mostOnTheWay.accumulateAndGet(input.progress() - received, Math::max);
                boolean first = firstChunk.getCount() > 0;
                firstChunk.countDown();
                return !first;
            }
        });
        try (StreamsFixture pipe = new StreamsFixture(NamedPipeMode.MESSAGE, false).serve(handlers(server))) {
            Channel channel = pipe.connect(handlers(new StreamEnd()));
            long most = channel.config().getWriteBufferHighWaterMark();
            ChannelFuture sent = channel.writeAndFlush(new PipeStreamChunkedInput(input));
            channel.eventLoop().submit(() -> assertFalse(channel.isWritable())).sync();
            assertTrue(firstChunk.await(StreamEnd.SECONDS, TimeUnit.SECONDS));
            server.awaitChannel().eventLoop().submit(server::read).sync();
            assertDone(sent);
            server.awaitStream(LENGTH);
            // In the outbound buffer, in the pipe (65,536 bytes and the write that did not fit), and in a read buffer.
            long bound = most + CHUNK + 65_536 + CHUNK + StreamsFixture.READ_BUFFER;
            assertTrue(mostOnTheWay.get() <= bound, () -> mostOnTheWay + " bytes on the way, more than " + bound);
        }
    }

    @Test
    void ends_ofStreams_whereHalfClosureIsAllowed_areNotHalfCloses() throws Exception {
        StreamEnd server = new StreamEnd();
        try (StreamsFixture pipe = new StreamsFixture(NamedPipeMode.MESSAGE, true).allowHalfClosure()
                .serve(handlers(server))) {
            Channel channel = pipe.connect(handlers(new StreamEnd()));
            for (int length : new int[] {CHUNK, 0, LENGTH}) {
                send(channel, length);
                server.awaitStream(length);
            }
            assertDone(((NamedPipeChannel) channel).shutdownOutput());
            server.awaitStream(0);
        }
    }

    @Test
    void chunk_onAByteTypePipe_isRefused() throws Exception {
        try (StreamsFixture pipe = new StreamsFixture(NamedPipeMode.BYTE, true).serve(handlers(new StreamEnd()))) {
            Channel channel = pipe.connect(handlers(new StreamEnd()));
            for (Object chunk : new Object[] {Pattern.buffer(channel.alloc(), 0, 0, 1),
                LastPipeStreamContent.EMPTY_LAST}) {
                assertInstanceOf(UnsupportedOperationException.class,
                        channel.writeAndFlush(chunk).await().cause());
            }
        }
    }

    private enum Abort {
        CLOSE, ABORT, INPUT_FAILED
    }

    @ParameterizedTest
    @EnumSource
    void stream_abortedInTheMiddle_isAnAbortToTheOtherEndBehindWhatWasSent(Abort abort) throws Exception {
        AtomicLong arrived = new AtomicLong();
        StreamEnd server = new StreamEnd(counting(arrived));
        try (StreamsFixture pipe = new StreamsFixture(NamedPipeMode.MESSAGE, false).serve(handlers(server))) {
            Channel channel = pipe.connect(handlers(new StreamEnd()));
            assertDone(send(channel, 7));
            server.awaitStream(7);
            channel.eventLoop().submit(() -> {
                channel.writeAndFlush(Pattern.buffer(channel.alloc(), 0, 0, CHUNK));
                abort(channel, abort);
            }).sync();
            server.awaitAbort();
            assertEquals(7 + CHUNK, arrived.get());
            assertTrue(channel.closeFuture().await(StreamEnd.SECONDS, TimeUnit.SECONDS));
            assertInstanceOf(ClosedChannelException.class,
                    channel.writeAndFlush(LastPipeStreamContent.EMPTY_LAST).await().cause());
        }
    }

    private static StreamEnd.StreamEvents counting(AtomicLong arrived) {
        return new StreamEnd.StreamEvents() {
            private long before;

            @Override
            public boolean chunk(StreamEnd end, long received) {
                arrived.set(before + received);
                return true;
            }

            @Override
            public void end(StreamEnd end, long length) {
                before += length;
            }
        };
    }

    private static void abort(Channel channel, Abort abort) {
        switch (abort) {
            case CLOSE:
                channel.close();
                break;
            case ABORT:
                channel.write(new PipeStreamAbort(new IOException("test")));
                break;
            default:
                channel.writeAndFlush(new PipeStreamChunkedInput(new ChunkedStream(new BrokenStream())));
        }
    }

    private static final class BrokenStream extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("test");
        }
    }

    @Test
    void receiver_thatCloses_failsTheSendersWriteAndStreamInTheOtherDirectionIsAborted() throws Exception {
        StreamEnd client = new StreamEnd();
        StreamEnd server = new StreamEnd(new StreamEnd.StreamEvents() {
            @Override
            public boolean chunk(StreamEnd end, long received) {
                end.channel.writeAndFlush(Pattern.buffer(end.channel.alloc(), 0, 0, 10));
                end.channel.close();
                return true;
            }
        });
        try (StreamsFixture pipe = new StreamsFixture(NamedPipeMode.MESSAGE, true).serve(handlers(server))) {
            Channel channel = pipe.connect(handlers(client));
            ChannelFuture sent = send(channel, LENGTH);
            client.awaitAbort();
            server.awaitAbort();
            assertTrue(sent.await(StreamEnd.SECONDS, TimeUnit.SECONDS));
            assertInstanceOf(ClosedChannelException.class, sent.cause());
        }
    }

    private static ChannelHandler[] handlers(StreamEnd end) {
        return new ChannelHandler[] {new PipeStreamCodec(), new ChunkedWriteHandler(), end};
    }

    private static ChannelFuture send(Channel channel, long length) {
        return channel.writeAndFlush(new PipeStreamChunkedInput(new PatternInput(0, length, CHUNK)));
    }

    private static void assertDone(ChannelFuture future) throws InterruptedException {
        assertTrue(future.await(StreamEnd.SECONDS, TimeUnit.SECONDS), "not done");
        assertNull(future.cause());
    }
}
