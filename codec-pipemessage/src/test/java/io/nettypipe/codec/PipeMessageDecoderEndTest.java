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
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import io.nettypipe.channel.PipeMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;

class PipeMessageDecoderEndTest {
    private final PipeMessageDecoder decoder = new PipeMessageDecoder(8);
    private final PipeFixture pipe = new PipeFixture(decoder);

    @Test
    void connection_endsInsideAMessage_isReportedOnceAndThePartsReleased() {
        pipe.part(pipe.bytes(0, 3)).part(pipe.bytes(3, 2));
        pipe.channel.close();

        assertEquals("Connection ended inside a pipe message of which 5 bytes had arrived",
                pipe.assertOneFailure(CorruptedFrameException.class));
        pipe.assertNothingLeft();
    }

    @Test
    void connection_endsAfterAnEmptyPart_isReported() {
        pipe.part(pipe.bytes());
        pipe.channel.close();

        pipe.assertOneFailure(CorruptedFrameException.class);
        pipe.assertNothingLeft();
    }

    @Test
    void connection_endsBetweenMessages_isNotReported() {
        pipe.part(pipe.bytes(0, 3)).end(pipe.bytes(3, 2)).assertFrame(0, 5);
        pipe.channel.close();

        pipe.assertNothingLeft();
    }

    @Test
    void input_shutDownInsideAMessage_isReportedOnceEvenWhenTheConnectionEndsToo() {
        pipe.part(pipe.bytes(0, 3));
        pipe.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);

        pipe.assertAllReleased();
        pipe.assertOneFailure(CorruptedFrameException.class);
        pipe.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
        pipe.channel.close();
        pipe.assertNothingLeft();
    }

    @Test
    void otherEvents_insideAMessage_changeNothing() {
        pipe.part(pipe.bytes(0, 3));
        pipe.channel.pipeline().fireUserEventTriggered("event");
        pipe.end(pipe.bytes(3, 1));

        pipe.assertFrame(0, 4);
        pipe.assertNothingLeft();
    }

    @Test
    void endOfInput_insideAMessage_isReportedBeforeItIsPassedOn() {
        List<Object> seen = pipe.recordOrder();
        pipe.part(pipe.bytes(0, 3));
        pipe.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        pipe.channel.close();

        assertEquals(List.of(CorruptedFrameException.class, ChannelInputShutdownEvent.INSTANCE, "inactive"), seen);
        pipe.assertNothingLeft();
    }

    @Test
    void connection_endsInsideAMessageAlreadyReportedAsTooLong_isNotReportedAgain() {
        pipe.part(pipe.bytes(0, 9));
        pipe.assertOneFailure(TooLongFrameException.class);
        pipe.channel.close();

        pipe.assertNothingLeft();
    }

    @Test
    void connection_endsInsideATooLongMessageNotYetReported_isReportedOnce() {
        PipeFixture late = new PipeFixture(new PipeMessageDecoder(8, false));
        late.part(late.bytes(0, 9)).part(late.bytes(0, 9)).assertNoFailure();
        late.channel.close();

        assertEquals("Connection ended inside a pipe message of which 18 bytes had arrived",
                late.assertOneFailure(CorruptedFrameException.class));
        late.assertNothingLeft();
    }

    @Test
    void decoder_removedInsideAMessage_handsOnWhatItHoldsWithoutCopying() {
        ByteBuf first = pipe.bytes(0, 3);
        pipe.part(first).part(pipe.bytes(3, 2));
        pipe.channel.pipeline().remove(decoder);
        pipe.end(pipe.bytes(5, 1));

        PipeMessage held = assertInstanceOf(PipeMessage.class, pipe.channel.readInbound());
        assertFalse(held.isEndOfMessage());
        assertEquals("0001020304", ByteBufUtil.hexDump(held.content()));
        assertEquals(1, held.refCnt());
        assertEquals(1, first.refCnt());
        held.release();
        PipeMessage last = assertInstanceOf(PipeMessage.class, pipe.channel.readInbound());
        assertTrue(last.isEndOfMessage());
        last.release();
        pipe.assertNothingLeft();
    }

    @Test
    void decoder_removedInsideAMessage_completesTheReadOfWhatItHandsOn() {
        List<String> seen = new ArrayList<>();
        pipe.part(pipe.bytes(0, 3));
        pipe.channel.pipeline().addBefore("failures", "order", new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                seen.add("read");
                ctx.fireChannelRead(message);
            }

            @Override
            public void channelReadComplete(ChannelHandlerContext ctx) {
                seen.add("readComplete");
            }
        });
        pipe.channel.pipeline().remove(decoder);

        assertEquals(List.of("read", "readComplete"), seen);
        assertInstanceOf(PipeMessage.class, pipe.channel.readInbound()).release();
        pipe.assertNothingLeft();
    }

    @Test
    void decoder_removedBetweenMessages_handsOnNothing() {
        pipe.part(pipe.bytes(0, 3)).end(pipe.bytes(3, 2)).assertFrame(0, 5);
        pipe.channel.pipeline().remove(decoder);

        pipe.assertNothingLeft();
    }

    @Test
    void decoder_replacedInsideAMessage_isContinuedByItsSuccessor() {
        pipe.part(pipe.bytes(0, 3)).part(pipe.bytes(3, 2));
        pipe.channel.pipeline().replace(decoder, "successor", new PipeMessageCodec());
        pipe.assertNoFrame();
        pipe.end(pipe.bytes(5, 1));

        pipe.assertFrame(0, 6);
        pipe.assertNothingLeft();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void decoder_removedInsideATooLongMessage_hasReportedItOnce(boolean failFast) {
        PipeMessageDecoder dropping = new PipeMessageDecoder(8, failFast);
        PipeFixture late = new PipeFixture(dropping);
        late.part(late.bytes(0, 9));
        late.channel.pipeline().remove(dropping);

        late.assertOneFailure(TooLongFrameException.class);
        late.assertNothingLeft();
    }
}
