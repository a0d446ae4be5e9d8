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
package io.nettypipe.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.nettypipe.channel.PipeMessage;

import java.util.ArrayList;
import java.util.List;

/**
 * An {@link EmbeddedChannel} with handlers under test that keeps every exception (the channel itself would keep only
 * the first), counts reads, and remembers every buffer sent through it.
 */
final class PipeFixture {
    final EmbeddedChannel channel;
    final List<Throwable> failures = new ArrayList<>();
    private final List<ByteBuf> buffers = new ArrayList<>();
    private int reads;

    PipeFixture(ChannelHandler... handlers) {
        channel = new EmbeddedChannel();
        channel.pipeline().addLast(new ReadCounter()).addLast(handlers).addLast("failures", new FailureKeeper());
        reads = 0;
    }

    /** A buffer of the given bytes that {@link #assertAllReleased()} looks at; direct, as a transport's are. */
    ByteBuf bytes(byte... bytes) {
        ByteBuf buffer = Unpooled.directBuffer(Math.max(bytes.length, 1)).writeBytes(bytes);
        buffers.add(buffer);
        return buffer;
    }

    /** A buffer of {@code length} bytes: {@code first}, {@code first + 1} and so on. */
    ByteBuf bytes(int first, int length) {
        return bytes(count(first, length));
    }

    private static byte[] count(int first, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (first + i);
        }
        return bytes;
    }

    /** Receives a part that does not end its message. */
    PipeFixture part(ByteBuf content) {
        return receive(new PipeMessage(content, false));
    }

    /** Receives a whole message, or the last part of one. */
    PipeFixture end(ByteBuf content) {
        return receive(new PipeMessage(content, true));
    }

    PipeFixture receive(Object... messages) {
        channel.writeInbound(messages);
        return this;
    }

    /** Takes the next frame, which must hold {@code first}, {@code first + 1} and so on, and releases it. */
    void assertFrame(int first, int length) {
        assertFrame(count(first, length));
    }

    /** Takes the next frame, which must hold these bytes, and releases it. */
    void assertFrame(byte[] expected) {
        ByteBuf frame = assertInstanceOf(ByteBuf.class, channel.readInbound());
        assertEquals(ByteBufUtil.hexDump(expected), ByteBufUtil.hexDump(frame));
        assertEquals(1, frame.refCnt());
        frame.release();
    }

    void assertNoFrame() {
        assertNull(channel.readInbound());
    }

    /** Exactly one exception has been reported since the last call, of this type; returns its text. */
    String assertOneFailure(Class<? extends Throwable> type) {
        assertEquals(1, failures.size(), failures::toString);
        Throwable failure = failures.remove(0);
        assertEquals(type, failure.getClass());
        return failure.getMessage();
    }

    void assertNoFailure() {
        assertEquals(List.of(), failures);
    }

    /** The reads that have reached the transport since the last call. */
    int takeReads() {
        int taken = reads;
        reads = 0;
        return taken;
    }

    void assertAllReleased() {
        for (ByteBuf buffer : buffers) {
            assertEquals(0, buffer.refCnt(), () -> "not released: " + buffer);
        }
    }

    /** Nothing is left: no frame, no exception, no buffer. */
    void assertNothingLeft() {
        assertNoFrame();
        assertNoFailure();
        channel.finishAndReleaseAll();
        assertNoFailure();
        assertAllReleased();
    }

    private final class ReadCounter extends ChannelOutboundHandlerAdapter {
        @Override
        public void read(ChannelHandlerContext ctx) {
            reads++;
            ctx.read();
        }
    }

    private final class FailureKeeper extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            failures.add(cause);
        }
    }

    /** What the pipeline is told of failures, events and the end from now on, in order. */
    List<Object> recordOrder() {
        List<Object> seen = new ArrayList<>();
        channel.pipeline().addBefore("failures", "order", new ChannelInboundHandlerAdapter() {
            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                seen.add(cause.getClass());
            }

            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                seen.add(event);
            }

            @Override
            public void channelInactive(ChannelHandlerContext ctx) {
                seen.add("inactive");
            }
        });
        return seen;
    }
}
