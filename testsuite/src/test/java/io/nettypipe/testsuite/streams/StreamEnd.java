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
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.nettypipe.codec.LastPipeStreamContent;
import io.nettypipe.codec.PipeStreamAbortedException;
import io.nettypipe.codec.PipeStreamContent;
import io.nettypipe.testing.Pattern;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One end of a connection: checks the bytes of what it receives, and reads the next chunk when it has one. */
final class StreamEnd extends ChannelInboundHandlerAdapter {
    static final long SECONDS = 30;

    volatile Channel channel;
    /** The length of each stream of which the end has come, and every exception. */
    final BlockingQueue<Object> seen = new LinkedBlockingQueue<>();
    private final CountDownLatch active = new CountDownLatch(1);
    private final CountDownLatch inactive = new CountDownLatch(1);
    private final StreamEvents events;
    private ChannelHandlerContext context;
    private int reads;
    private int answers;
    private long received;
    private int longestChunk;

    /** What a test does when something is received; on the event loop. */
    interface StreamEvents {
        /** A chunk has come, {@code received} bytes of its stream by now. Answers whether to read the next one now. */
        default boolean chunk(StreamEnd end, long received) {
            return true;
        }

        /** The end of a stream of {@code length} bytes has come. */
        default void end(StreamEnd end, long length) {
        }
    }

    StreamEnd() {
        this(new StreamEvents() { });
    }

    StreamEnd(StreamEvents events) {
        this.events = events;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
        context = ctx;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        active.countDown();
        read();
    }

    /** Pulls a chunk. */
    void read() {
        if (!channel.config().isAutoRead()) {
            reads++;
            context.read();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        PipeStreamContent chunk = (PipeStreamContent) msg;
        answers++;
        if (!channel.config().isAutoRead() && answers != reads) {
            seen.add(new AssertionError(answers + " chunks for " + reads + " reads"));
        }
        check(chunk.content());
        chunk.release();
        if (chunk instanceof LastPipeStreamContent) {
            long length = received;
            received = 0;
            seen.add(length);
            events.end(this, length);
            read();
        } else if (events.chunk(this, received)) {
            read();
        }
    }

    private void check(ByteBuf bytes) {
        longestChunk = Math.max(longestChunk, bytes.readableBytes());
        int length = bytes.readableBytes();
        if (!Pattern.takes(0, received, bytes)) {
            seen.add(new AssertionError("a wrong byte at " + received + " or the " + length + " after it"));
        }
        received += length;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        seen.add(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        inactive.countDown();
    }

    Channel awaitChannel() throws InterruptedException {
        assertTrue(active.await(SECONDS, TimeUnit.SECONDS), "not active");
        return channel;
    }

    int longestChunk() {
        return longestChunk;
    }

    Object next() throws InterruptedException {
        Object next = seen.poll(SECONDS, TimeUnit.SECONDS);
        assertNotNull(next, "nothing has come");
        return next;
    }

    void awaitStream(long length) throws InterruptedException {
        assertEquals(length, next());
    }

    /** The stream is aborted, and nothing else happens before the channel is inactive. */
    void awaitAbort() throws InterruptedException {
        Object next = next();
        assertTrue(next instanceof PipeStreamAbortedException, next::toString);
        awaitInactive();
    }

    void awaitInactive() throws InterruptedException {
        assertTrue(inactive.await(SECONDS, TimeUnit.SECONDS), "still active");
        assertTrue(seen.isEmpty(), seen::toString);
    }
}
