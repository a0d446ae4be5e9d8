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
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.SimpleChannelInboundHandler;
import io.nettypipe.channel.NamedPipeChannel;
import io.nettypipe.channel.NamedPipeChannelOption;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.channel.PipeMessage;
import io.nettypipe.codec.PipeMessageCodec;
import io.nettypipe.codec.PipeStreamCodec;
import io.nettypipe.codec.PipeStringEncoder;
import io.nettypipe.testing.PipeTest;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Who means an empty message by a frame or a string without a byte, sends one. */
@PipeTest
class EmptyFramesTest {
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

    private StreamsFixture serve(StreamsFixture pipe) throws InterruptedException {
        return pipe.serve(new PipeMessageCodec(), new SimpleChannelInboundHandler<ByteBuf>() {
            @Override
            protected void channelRead0(ChannelHandlerContext ctx, ByteBuf frame) {
                received.add(frame.toString(StandardCharsets.UTF_8));
            }
        });
    }

    private void assertReceived(String expected) throws InterruptedException {
        assertEquals(expected, received.poll(StreamEnd.SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void emptyString_writtenWithTheEncoderAlone_isAMessage() throws Exception {
        try (StreamsFixture pipe = serve(new StreamsFixture(NamedPipeMode.MESSAGE, true))) {
            Channel channel = pipe.connect(PipeStringEncoder.utf8());
            channel.writeAndFlush("one");
            channel.writeAndFlush("");
            channel.writeAndFlush("three");
            assertReceived("one");
            assertReceived("");
            assertReceived("three");
        }
    }

    @Test
    void emptyFrame_writtenThroughTheCodec_isAMessageAndWithoutItNothing() throws Exception {
        try (StreamsFixture pipe = serve(new StreamsFixture(NamedPipeMode.MESSAGE, true))) {
            Channel channel = pipe.connect(new PipeMessageCodec());
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).sync();
            channel.pipeline().remove(PipeMessageCodec.class);
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).sync();
            channel.writeAndFlush(Unpooled.copiedBuffer("end", StandardCharsets.UTF_8)).sync();
            assertReceived("");
            assertReceived("end");
        }
    }

    @Test
    void frame_writtenThroughTheCodec_isAPipeMessageToWhoeverIsBetweenItAndTheChannel() throws Exception {
        BlockingQueue<Object> seen = new LinkedBlockingQueue<>();
        try (StreamsFixture pipe = serve(new StreamsFixture(NamedPipeMode.MESSAGE, true))) {
            Channel channel = pipe.connect(new ChannelOutboundHandlerAdapter() {
                @Override
                public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
                    seen.add(msg);
                    ctx.write(msg, promise);
                }
            }, new PipeMessageCodec());
            channel.writeAndFlush(Unpooled.copiedBuffer("one", StandardCharsets.UTF_8)).sync();
            assertReceived("one");
            assertInstanceOf(PipeMessage.class, seen.poll());
        }
    }

    @Test
    void streamCodec_replacedAndRemoved_leavesHalfClosureAsItWas() throws Exception {
        try (StreamsFixture pipe = new StreamsFixture(NamedPipeMode.MESSAGE, true).allowHalfClosure().serve()) {
            for (boolean before : new boolean[] {false, true}) {
                NamedPipeChannel channel = (NamedPipeChannel) pipe.connect();
                channel.config().setOption(NamedPipeChannelOption.EMPTY_MESSAGE_AS_DATA, before);
                PipeStreamCodec first = new PipeStreamCodec();
                PipeStreamCodec second = new PipeStreamCodec();
                channel.eventLoop().submit(() -> {
                    channel.pipeline().addLast(first);
                    assertTrue(channel.config().isEmptyMessageAsData());
                    channel.pipeline().replace(first, null, second);
                    assertTrue(channel.config().isEmptyMessageAsData());
                    channel.pipeline().remove(second);
                    assertEquals(before, channel.config().isEmptyMessageAsData());
                }).sync();
                assertFalse(channel.pipeline().iterator().hasNext());
                channel.close().sync();
            }
        }
    }
}
