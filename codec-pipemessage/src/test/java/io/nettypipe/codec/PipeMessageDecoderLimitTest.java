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

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.TooLongFrameException;
import io.nettypipe.channel.PipeMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PipeMessageDecoderLimitTest {
    private static final int LIMIT = 8;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void messageAtTheLimit_received_isAFrame(boolean failFast) {
        PipeFixture pipe = fixture(failFast);
        pipe.end(pipe.bytes(0, LIMIT));
        pipe.assertFrame(0, 8);
        pipe.part(pipe.bytes(0, LIMIT - 1)).part(pipe.bytes(7, 1)).end(pipe.bytes());
        pipe.assertFrame(0, 8);
        pipe.assertNothingLeft();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void singlePartOneOver_received_failsAtOnceAndTheNextIsDecoded(boolean failFast) {
        PipeFixture pipe = fixture(failFast);
        pipe.end(pipe.bytes(0, LIMIT + 1)).assertAllReleased();

        assertEquals(failFast ? "Pipe message exceeds 8 bytes: 9 have arrived; all of it is dropped"
                : "Pipe message exceeds 8 bytes: all 9 were dropped",
                pipe.assertOneFailure(TooLongFrameException.class));
        assertNextIsDecoded(pipe);
    }

    @Test
    void firstPartOneOver_failFast_failsAtThatPartOnce() {
        PipeFixture pipe = fixture(true);
        pipe.part(pipe.bytes(0, LIMIT + 1));

        assertEquals("Pipe message exceeds 8 bytes: 9 have arrived; all of it is dropped",
                pipe.assertOneFailure(TooLongFrameException.class));
        pipe.assertAllReleased();
        pipe.part(pipe.bytes(0, 100)).part(pipe.bytes()).end(pipe.bytes(0, 1)).assertAllReleased();
        assertNextIsDecoded(pipe);
    }

    @Test
    void laterPartOneOver_failFast_failsAtThatPartOnce() {
        PipeFixture pipe = fixture(true);
        pipe.part(pipe.bytes(0, 4)).part(pipe.bytes(4, 4)).assertNoFailure();
        pipe.part(pipe.bytes(8, 1));

        pipe.assertOneFailure(TooLongFrameException.class);
        pipe.assertAllReleased();
        pipe.part(pipe.bytes(0, 4)).end(pipe.bytes(0, 4)).assertAllReleased();
        assertNextIsDecoded(pipe);
    }

    @Test
    void lastPartOneOver_failFast_failsOnceAndTheNextIsDecoded() {
        PipeFixture pipe = fixture(true);
        pipe.part(pipe.bytes(0, LIMIT)).end(pipe.bytes(8, 1)).assertAllReleased();

        pipe.assertOneFailure(TooLongFrameException.class);
        assertNextIsDecoded(pipe);
    }

    @Test
    void firstPartOneOver_failLate_failsAtTheEndOnceWithTheWholeLength() {
        PipeFixture pipe = fixture(false);
        pipe.part(pipe.bytes(0, LIMIT + 1)).assertAllReleased();
        pipe.part(pipe.bytes(0, 100)).part(pipe.bytes()).assertAllReleased();
        pipe.assertNoFailure();
        pipe.end(pipe.bytes()).assertAllReleased();

        assertEquals("Pipe message exceeds 8 bytes: all 109 were dropped",
                pipe.assertOneFailure(TooLongFrameException.class));
        assertNextIsDecoded(pipe);
    }

    @Test
    void laterPartOneOver_failLate_releasesAtOnceAndFailsAtTheEndOnce() {
        PipeFixture pipe = fixture(false);
        pipe.part(pipe.bytes(0, LIMIT)).part(pipe.bytes(8, 1)).assertAllReleased();
        pipe.assertNoFailure();
        pipe.end(pipe.bytes(9, 1)).assertAllReleased();

        assertEquals("Pipe message exceeds 8 bytes: all 10 were dropped",
                pipe.assertOneFailure(TooLongFrameException.class));
        assertNextIsDecoded(pipe);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tooLongMessagesInARow_received_failOnceEach(boolean failFast) {
        PipeFixture pipe = fixture(failFast);
        for (int i = 0; i < 3; i++) {
            pipe.part(pipe.bytes(0, LIMIT)).part(pipe.bytes(0, LIMIT)).end(pipe.bytes(0, LIMIT));
            pipe.assertOneFailure(TooLongFrameException.class);
        }
        assertNextIsDecoded(pipe);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void messageLongerThanAnInt_received_isCountedRight(boolean failFast) {
        PipeFixture pipe = new PipeFixture(new PipeMessageDecoder(Integer.MAX_VALUE, failFast));
        // Views of one block of memory are enough to have over 2 GiB pass by.
        ByteBuf block = Unpooled.wrappedBuffer(new byte[1 << 20]);
        int parts = 2048;
        for (int i = 0; i <= parts; i++) {
            pipe.receive(new PipeMessage(block.retainedDuplicate(), i == parts));
        }

        assertEquals(failFast ? "Pipe message exceeds 2147483647 bytes: 2147483648 have arrived; all of it is dropped"
                : "Pipe message exceeds 2147483647 bytes: all 2148532224 were dropped",
                pipe.assertOneFailure(TooLongFrameException.class));
        assertEquals(1, block.refCnt());
        block.release();
        assertNextIsDecoded(pipe);
    }

    @Test
    void defaultLimit_sixteenMebibytes_isKept() {
        PipeFixture pipe = new PipeFixture(new PipeMessageDecoder());
        ByteBuf block = Unpooled.wrappedBuffer(new byte[16 * 1024 * 1024]);
        pipe.end(block.retainedDuplicate());
        ByteBuf frame = pipe.channel.readInbound();
        assertEquals(16 * 1024 * 1024, frame.readableBytes());
        frame.release();
        pipe.part(block).end(pipe.bytes(0, 1));

        pipe.assertOneFailure(TooLongFrameException.class);
        assertEquals(0, block.refCnt());
        assertNextIsDecoded(pipe);
    }

    private static PipeFixture fixture(boolean failFast) {
        return new PipeFixture(new PipeMessageDecoder(LIMIT, failFast));
    }

    private static void assertNextIsDecoded(PipeFixture pipe) {
        pipe.assertNoFrame();
        pipe.end(pipe.bytes(1, 2)).part(pipe.bytes(3, 2)).end(pipe.bytes(5, 1));
        pipe.assertFrame(1, 2);
        pipe.assertFrame(3, 3);
        pipe.assertNothingLeft();
    }
}
