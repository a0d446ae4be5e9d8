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
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.nettypipe.channel.PipeMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class PipeMessageDecoderTest {
    private final PipeFixture pipe = new PipeFixture(new PipeMessageDecoder());

    @AfterEach
    void nothingIsLeft() {
        pipe.assertNothingLeft();
    }

    @Test
    void singlePart_received_isTheVeryBufferWithOneReference() {
        ByteBuf content = pipe.bytes(1, 5);
        pipe.end(content);

        assertSame(content, pipe.channel.readInbound());
        assertEquals(1, content.refCnt());
        content.release();
    }

    @Test
    void severalParts_received_areOneFrameWithoutCopying() {
        ByteBuf first = pipe.bytes(0, 4);
        ByteBuf second = pipe.bytes(4, 4);
        ByteBuf third = pipe.bytes(8, 1);
        pipe.part(first).part(second).assertNoFrame();
        pipe.end(third);

        CompositeByteBuf frame = assertInstanceOf(CompositeByteBuf.class, pipe.channel.readInbound());
        assertEquals(Unpooled.wrappedBuffer(new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8}), frame);
        assertEquals(3, frame.numComponents());
        for (ByteBuf part : List.of(first, second, third)) {
            assertEquals(1, part.refCnt());
            part.setByte(0, 99);
        }
        assertEquals(99, frame.getByte(0));
        assertEquals(99, frame.getByte(4));
        assertEquals(99, frame.getByte(8));
        frame.release();
    }

    @Test
    void thousandsOfParts_received_areNeverConsolidated() {
        List<ByteBuf> parts = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            ByteBuf part = pipe.bytes((byte) i);
            parts.add(part);
            pipe.receive(new PipeMessage(part, i == 4999));
        }

        CompositeByteBuf frame = assertInstanceOf(CompositeByteBuf.class, pipe.channel.readInbound());
        assertEquals(5000, frame.numComponents());
        for (int i = 0; i < 5000; i++) {
            parts.get(i).setByte(0, ~i);
            assertEquals((byte) ~i, frame.getByte(i));
        }
        frame.release();
    }

    @Test
    void partWithReaderIndex_received_countsFromThere() {
        pipe.part(pipe.bytes(0, 4).skipBytes(2)).end(pipe.bytes(4, 3).skipBytes(1));

        pipe.assertFrame(new byte[] {2, 3, 5, 6});
    }

    @Test
    void partSharedWithAnother_received_keepsTheOthersReference() {
        ByteBuf whole = pipe.bytes(0, 4);
        pipe.part(whole.retainedSlice(0, 2)).end(whole.retainedSlice(2, 2));

        assertEquals(3, whole.refCnt());
        pipe.assertFrame(0, 4);
        assertEquals(1, whole.refCnt());
        whole.release();
    }

    @Test
    void emptyMessage_received_isAFrameOfNoBytes() {
        pipe.end(pipe.bytes()).end(pipe.bytes());

        pipe.assertFrame(0, 0);
        pipe.assertFrame(0, 0);
    }

    @Test
    void emptyParts_received_addNothing() {
        ByteBuf empty = pipe.bytes();
        pipe.part(empty);
        assertEquals(0, empty.refCnt());
        pipe.part(pipe.bytes(0, 2)).part(pipe.bytes()).part(pipe.bytes(2, 2)).end(pipe.bytes());

        CompositeByteBuf frame = assertInstanceOf(CompositeByteBuf.class, pipe.channel.readInbound());
        assertEquals(2, frame.numComponents());
        assertEquals(Unpooled.wrappedBuffer(new byte[] {0, 1, 2, 3}), frame);
        frame.release();
    }

    @Test
    void messageOfEmptyParts_received_isAFrameOfNoBytes() {
        pipe.part(pipe.bytes()).end(pipe.bytes());

        pipe.assertFrame(0, 0);
    }

    @Test
    void messagesOfOneBurst_received_areSeparateFramesInOrder() {
        pipe.receive(new PipeMessage(pipe.bytes(1, 3)),
                new PipeMessage(pipe.bytes(4, 2), false), new PipeMessage(pipe.bytes(6, 1)),
                new PipeMessage(pipe.bytes()));

        pipe.assertFrame(1, 3);
        pipe.assertFrame(4, 3);
        pipe.assertFrame(0, 0);
    }

    @Test
    void otherObjects_received_passThroughUntouched() {
        ByteBuf bytes = pipe.bytes(1, 3);
        Object other = new Object();
        pipe.part(pipe.bytes(0, 1)).receive(bytes, other).end(pipe.bytes(1, 1));

        assertSame(bytes, pipe.channel.readInbound());
        assertEquals(1, bytes.refCnt());
        assertSame(other, pipe.channel.readInbound());
        pipe.assertFrame(0, 2);
        bytes.release();
    }

    @Test
    void limitBelowOne_asked_isRefused() {
        for (int limit : new int[] {0, -1, Integer.MIN_VALUE}) {
            String text = assertThrows(IllegalArgumentException.class, () -> new PipeMessageDecoder(limit))
                    .getMessage();
            assertEquals("maxFrameLength: " + limit + " (expected: >= 1)", text);
        }
    }
}
