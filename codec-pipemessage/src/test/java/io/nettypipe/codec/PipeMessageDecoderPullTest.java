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

import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import io.nettypipe.channel.PipeMessage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With {@code autoRead} off the transport gives one part for each read: who does not ask again, stalls. */
class PipeMessageDecoderPullTest {
    private final PipeFixture pipe = new PipeFixture(new PipeMessageCodec(8), PipeStringDecoder.utf8());

    @BeforeEach
    void pull() {
        pipe.channel.config().setAutoRead(false);
        pipe.takeReads();
    }

    @Test
    void partThatCompletesNothing_received_readsOnce() {
        pipe.part(pipe.bytes((byte) 'a'));
        assertEquals(1, pipe.takeReads());
        pipe.part(pipe.bytes());
        assertEquals(1, pipe.takeReads());
        pipe.end(pipe.bytes((byte) 'b'));
        assertEquals(0, pipe.takeReads());

        assertEquals("ab", pipe.channel.readInbound());
        pipe.assertNothingLeft();
    }

    @Test
    void messageAndPartOfTheNext_received_leaveReadingToTheUser() {
        pipe.receive(new PipeMessage(pipe.bytes((byte) 'a')), new PipeMessage(pipe.bytes((byte) 'b'), false));
        assertEquals(0, pipe.takeReads());

        assertEquals("a", pipe.channel.readInbound());
        pipe.end(pipe.bytes());
        assertEquals("b", pipe.channel.readInbound());
        pipe.assertNothingLeft();
    }

    @Test
    void emptyMessage_received_leavesReadingToTheUser() {
        pipe.end(pipe.bytes());
        assertEquals(0, pipe.takeReads());

        assertEquals("", pipe.channel.readInbound());
        pipe.assertNothingLeft();
    }

    @Test
    void tooLongMessage_dropped_readsUntilTheNextOne() {
        pipe.part(pipe.bytes(0, 9));
        assertEquals(1, pipe.takeReads());
        pipe.assertOneFailure(TooLongFrameException.class);
        pipe.part(pipe.bytes(0, 9));
        assertEquals(1, pipe.takeReads());
        pipe.end(pipe.bytes(0, 9));
        assertEquals(1, pipe.takeReads());
        pipe.assertNothingLeft();
    }

    @Test
    void malformedString_dropped_readsOnce() {
        pipe.end(pipe.bytes((byte) 0xff));
        assertEquals(1, pipe.takeReads());
        pipe.assertOneFailure(CorruptedFrameException.class);
        pipe.assertNothingLeft();
    }

    @Test
    void autoReadOn_partReceived_leavesReadingToTheTransport() {
        pipe.channel.config().setAutoRead(true);
        pipe.takeReads();
        pipe.channel.pipeline().fireChannelRead(new PipeMessage(pipe.bytes((byte) 'a'), false));
        assertEquals(0, pipe.takeReads());
        pipe.end(pipe.bytes());

        assertEquals("a", pipe.channel.readInbound());
        pipe.assertNothingLeft();
    }
}
