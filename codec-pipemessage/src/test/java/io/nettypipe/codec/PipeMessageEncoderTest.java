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
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.nettypipe.channel.PipeMessage;
import org.junit.jupiter.api.Test;

import java.nio.channels.ClosedChannelException;

class PipeMessageEncoderTest {
    private final PipeMessageEncoder encoder = new PipeMessageEncoder();
    private final PipeFixture pipe = new PipeFixture(encoder);

    @Test
    void buffer_written_isAWholeMessageOfTheVeryBuffer() {
        ByteBuf frame = pipe.bytes(1, 3);
        pipe.channel.writeOutbound(frame);

        PipeMessage message = assertInstanceOf(PipeMessage.class, pipe.channel.readOutbound());
        assertSame(frame, message.content());
        assertTrue(message.isEndOfMessage());
        assertEquals(1, frame.refCnt());
        message.release();
        pipe.assertNothingLeft();
    }

    @Test
    void emptyBuffer_written_isAnEmptyMessage() {
        pipe.channel.writeOutbound(pipe.bytes());

        PipeMessage message = assertInstanceOf(PipeMessage.class, pipe.channel.readOutbound());
        assertEquals(0, message.content().readableBytes());
        message.release();
        pipe.assertNothingLeft();
    }

    @Test
    void otherObjects_written_passThroughUntouched() {
        PipeMessage message = new PipeMessage(pipe.bytes(1, 3), false);
        Object other = new Object();
        pipe.channel.writeOutbound(message, other);

        assertSame(message, pipe.channel.readOutbound());
        assertEquals(1, message.refCnt());
        assertSame(other, pipe.channel.readOutbound());
        message.release();
        pipe.assertNothingLeft();
    }

    @Test
    void buffer_writtenAfterClose_isReleasedAndTheWriteFails() {
        pipe.channel.close();
        ByteBuf frame = pipe.bytes(1, 3);
        assertInstanceOf(ClosedChannelException.class, pipe.channel.writeAndFlush(frame).cause());
        pipe.assertNothingLeft();
    }

    @Test
    void encoder_inTwoPipelines_isShared() {
        PipeFixture other = new PipeFixture(encoder);
        EmbeddedChannel[] channels = {pipe.channel, other.channel};
        for (EmbeddedChannel channel : channels) {
            ByteBuf frame = pipe.bytes(1, 3);
            channel.writeOutbound(frame);
            PipeMessage message = channel.readOutbound();
            assertSame(frame, message.content());
            message.release();
        }
        other.assertNothingLeft();
        pipe.assertNothingLeft();
    }
}
