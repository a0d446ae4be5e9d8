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
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import io.nettypipe.channel.PipeMessage;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

class PipeMessageCodecTest {
    @Test
    void frames_encodedAndReceivedInRandomParts_comeBackUnchanged() {
        long seed = Long.getLong("nettypipe.seed", System.nanoTime());
        System.out.println("PipeMessageCodecTest: repeat with -Dnettypipe.seed=" + seed);
        Random random = new Random(seed);
        PipeFixture sender = new PipeFixture(new PipeMessageCodec());
        for (int round = 0; round < 300; round++) {
            int limit = 1 + random.nextInt(200);
            boolean failFast = random.nextBoolean();
            PipeFixture receiver = new PipeFixture(new PipeMessageCodec(limit, failFast));
            for (int i = random.nextInt(8); i > 0; i--) {
                byte[] frame = new byte[random.nextInt(limit * 5 / 4 + 1)];
                random.nextBytes(frame);
                sender.channel.writeOutbound(sender.bytes(frame));
                receiveInRandomParts(receiver, sender.channel.readOutbound(), random);
                if (frame.length > limit) {
                    receiver.assertOneFailure(TooLongFrameException.class);
                } else {
                    receiver.assertFrame(frame);
                }
                receiver.assertNoFrame();
                receiver.assertNoFailure();
                receiver.assertAllReleased();
            }
            receiver.assertNothingLeft();
        }
        sender.assertNothingLeft();
    }

    private static void receiveInRandomParts(PipeFixture receiver, PipeMessage message, Random random) {
        ByteBuf content = message.content();
        List<Object> parts = new ArrayList<>();
        int most = 1 + random.nextInt(content.readableBytes() + 1);
        while (content.readableBytes() > most || random.nextInt(8) == 0) {
            int length = Math.min(content.readableBytes(), random.nextInt(most + 1));
            parts.add(new PipeMessage(receiver.bytes(ByteBufUtil.getBytes(content.readSlice(length))), false));
        }
        parts.add(new PipeMessage(receiver.bytes(ByteBufUtil.getBytes(content)), true));
        message.release();
        if (random.nextBoolean()) {
            receiver.receive(parts.toArray());
        } else {
            parts.forEach(receiver::receive);
        }
    }

    @Test
    void connection_endsInsideAMessage_isReported() {
        PipeFixture pipe = new PipeFixture(new PipeMessageCodec());
        pipe.part(pipe.bytes(0, 3));
        pipe.channel.close();

        pipe.assertOneFailure(CorruptedFrameException.class);
        pipe.assertNothingLeft();
    }

    @Test
    void codec_removedInsideAMessage_handsOnWhatItHolds() {
        PipeMessageCodec codec = new PipeMessageCodec();
        PipeFixture pipe = new PipeFixture(codec);
        pipe.part(pipe.bytes(0, 3));
        pipe.channel.pipeline().remove(codec);

        PipeMessage held = pipe.channel.readInbound();
        assertEquals("000102", ByteBufUtil.hexDump(held.content()));
        held.release();
        pipe.assertNothingLeft();
    }

    @Test
    void limit_given_isTheDecodersAndNotTheEncoders() {
        PipeFixture pipe = new PipeFixture(new PipeMessageCodec(2));
        pipe.part(pipe.bytes(0, 3));
        pipe.assertOneFailure(TooLongFrameException.class);
        pipe.channel.writeOutbound(pipe.bytes(0, 3));
        PipeMessage message = pipe.channel.readOutbound();
        assertEquals(3, message.content().readableBytes());
        message.release();
        pipe.assertNothingLeft();
        assertThrows(IllegalArgumentException.class, () -> new PipeMessageCodec(0));
    }
}
