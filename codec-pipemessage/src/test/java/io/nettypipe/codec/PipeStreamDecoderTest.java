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
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import org.junit.jupiter.api.Test;

import java.util.List;

class PipeStreamDecoderTest {
    private final PipeFixture pipe = new PipeFixture(new PipeStreamCodec(8, 8));

    @Test
    void messages_upToAnEmptyOne_areTheChunksOfAStream() {
        ByteBuf first = pipe.bytes(0, 3);
        pipe.end(first).end(pipe.bytes(3, 2)).end(pipe.bytes());

        PipeStreamContent chunk = pipe.channel.readInbound();
        assertSame(first, chunk.content());
        chunk.release();
        assertChunk("0304");
        assertEnd();
        pipe.assertNothingLeft();
    }

    @Test
    void streams_oneAfterAnother_areToldApart() {
        pipe.end(pipe.bytes(0, 1)).end(pipe.bytes()).end(pipe.bytes()).end(pipe.bytes(1, 1)).end(pipe.bytes());

        assertChunk("00");
        assertEnd();
        assertEnd();
        assertChunk("01");
        assertEnd();
        pipe.channel.close();
        pipe.assertNothingLeft();
    }

    @Test
    void parts_ofAMessage_arePassedOnAsTheyCome() {
        pipe.part(pipe.bytes(0, 3));
        assertChunk("000102");
        pipe.part(pipe.bytes(3, 3));
        assertChunk("030405");
        pipe.end(pipe.bytes(6, 1));
        assertChunk("06");
        pipe.assertNoFrame();
        pipe.end(pipe.bytes());
        assertEnd();
        pipe.assertNothingLeft();
    }

    @Test
    void emptyParts_areNotTheEnd() {
        pipe.part(pipe.bytes()).part(pipe.bytes(0, 1)).part(pipe.bytes()).end(pipe.bytes());
        assertChunk("00");
        pipe.assertNoFrame();
        pipe.part(pipe.bytes()).end(pipe.bytes());
        pipe.assertNoFrame();
        pipe.end(pipe.bytes());
        assertEnd();
        pipe.assertNothingLeft();
    }

    @Test
    void connection_thatEndsInsideAStream_isAnAbortAndNotTheEnd() {
        List<Object> seen = pipe.recordOrder();
        pipe.end(pipe.bytes(0, 3));
        assertChunk("000102");
        pipe.channel.close();

        assertEquals(List.of(PipeStreamAbortedException.class, "inactive"), seen);
        pipe.assertNothingLeft();
    }

    @Test
    void connection_thatEndsInsideTheFirstMessage_isAnAbort() {
        pipe.part(pipe.bytes());
        pipe.channel.close();
        assertEquals("Connection ended inside a stream of which 0 bytes had arrived",
                pipe.assertOneFailure(PipeStreamAbortedException.class));
        pipe.assertNothingLeft();
    }

    @Test
    void input_shutDownInsideAStream_isOneAbortEvenWhenTheConnectionEndsToo() {
        List<Object> seen = pipe.recordOrder();
        pipe.end(pipe.bytes(0, 3));
        assertChunk("000102");
        pipe.channel.pipeline().fireUserEventTriggered("event");
        pipe.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        pipe.channel.close();

        assertEquals(List.of("event", PipeStreamAbortedException.class, ChannelInputShutdownEvent.INSTANCE, "inactive"),
                seen);
        pipe.assertNothingLeft();
    }

    @Test
    void chunk_tooLong_failsItsStreamOnceAndTheNextStreamArrives() {
        pipe.part(pipe.bytes(0, 5));
        assertChunk("0001020304");
        pipe.part(pipe.bytes(5, 4));
        assertEquals("Chunk of a stream exceeds 8 bytes: 9 have arrived; the rest of the stream is dropped",
                pipe.assertOneFailure(TooLongFrameException.class));
        pipe.end(pipe.bytes()).end(pipe.bytes(0, 20)).end(pipe.bytes(0, 1)).end(pipe.bytes());
        pipe.assertNoFrame();

        pipe.end(pipe.bytes(0, 8)).end(pipe.bytes());
        assertChunk("0001020304050607");
        assertEnd();
        pipe.assertNothingLeft();
    }

    @Test
    void connection_thatEndsInsideAStreamThatFailed_isNotReportedAgain() {
        pipe.end(pipe.bytes(0, 9));
        pipe.assertOneFailure(TooLongFrameException.class);
        pipe.channel.close();
        pipe.assertNothingLeft();
    }

    @Test
    void decoderWithoutALimit_takesMessagesOfAnyLength() {
        PipeFixture any = new PipeFixture(new PipeStreamDecoder());
        ByteBuf gibibyte = any.bytes(0, 3);
        for (int i = 0; i < 3; i++) {
            any.part(gibibyte.retainedDuplicate());
            ((PipeStreamContent) any.channel.readInbound()).release();
        }
        gibibyte.release();
        any.end(any.bytes()).end(any.bytes());
        assertSame(LastPipeStreamContent.EMPTY_LAST, any.channel.readInbound());
        any.assertNothingLeft();
    }

    @Test
    void bytes_ofAChannelInByteReadMode_areRefused() {
        pipe.receive(pipe.bytes(0, 3));
        pipe.assertOneFailure(DecoderException.class);
        pipe.receive("object");
        assertEquals("object", pipe.channel.readInbound());
        pipe.assertNothingLeft();
    }

    @Test
    void pull_eachReadThatYieldsNothing_isRepeated() {
        pipe.channel.config().setAutoRead(false);
        pipe.takeReads();

        pipe.part(pipe.bytes(0, 1));
        assertEquals(0, pipe.takeReads());
        assertChunk("00");
        pipe.end(pipe.bytes());
        assertEquals(1, pipe.takeReads());
        pipe.end(pipe.bytes());
        assertEquals(0, pipe.takeReads());
        assertEnd();

        pipe.end(pipe.bytes(0, 9));
        pipe.assertOneFailure(TooLongFrameException.class);
        pipe.end(pipe.bytes(0, 1)).end(pipe.bytes());
        assertEquals(3, pipe.takeReads());
        pipe.assertNothingLeft();
    }

    @Test
    void limit_lessThanOne_isRefused() {
        assertThrows(IllegalArgumentException.class, () -> new PipeStreamDecoder(0));
    }

    @Test
    void content_copiedOrReplaced_keepsItsKind() {
        for (PipeStreamContent content : List.of(new PipeStreamContent(pipe.bytes(0, 2)),
                new LastPipeStreamContent(pipe.bytes(0, 2)))) {
            PipeStreamContent copy = content.copy();
            assertEquals(content.getClass(), copy.getClass());
            assertEquals(content, copy);
            copy.release();
            assertEquals(content.getClass(), content.duplicate().getClass());
            PipeStreamContent duplicate = content.retainedDuplicate();
            assertEquals(content.getClass(), duplicate.getClass());
            duplicate.release();
            assertSame(content, content.retain().retain(1).touch().touch("here"));
            content.release(3);
        }
        pipe.assertNothingLeft();
    }

    private void assertChunk(String hex) {
        PipeStreamContent chunk = assertInstanceOf(PipeStreamContent.class, pipe.channel.readInbound());
        assertEquals(PipeStreamContent.class, chunk.getClass());
        assertEquals(hex, ByteBufUtil.hexDump(chunk.content()));
        assertEquals(1, chunk.refCnt());
        chunk.release();
    }

    private void assertEnd() {
        assertSame(LastPipeStreamContent.EMPTY_LAST, pipe.channel.readInbound());
    }
}
