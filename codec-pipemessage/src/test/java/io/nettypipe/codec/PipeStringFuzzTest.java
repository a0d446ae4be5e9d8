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

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.EncoderException;
import io.nettypipe.channel.PipeMessage;
import io.nettypipe.testing.RandomCases;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

class PipeStringFuzzTest {

    @Test
    void anyBytes_received_areAStringOfJustThoseBytesOrOneCorruptedFrame() {
        RandomCases.run(5000, random -> {
            boolean wide = random.nextBoolean();
            NulTerminator terminator = NulTerminator.values()[random.nextInt(3)];
            PipeFixture pipe = new PipeFixture(decoder(wide, terminator));
            for (int i = 0; i < 4; i++) {
                byte[] bytes = bytes(random, wide);
                String strict = strict(bytes, wide, terminator);
                pipe.receive(pipe.bytes(bytes));
                assertEquals(strict, pipe.channel.readInbound());
                if (strict == null) {
                    pipe.assertOneFailure(CorruptedFrameException.class);
                }
                pipe.assertNoFailure();
            }
            pipe.assertNothingLeft();
        });
    }

    /** What the bytes are by the documentation, {@code null} for corrupted: a string that gives the same bytes. */
    private static String strict(byte[] bytes, boolean wide, NulTerminator terminator) {
        int unit = wide ? 2 : 1;
        if (bytes.length % unit != 0) {
            return null;
        }
        boolean nul = bytes.length > 0 && bytes[bytes.length - 1] == 0 && bytes[bytes.length - unit] == 0;
        if (terminator == NulTerminator.REQUIRED && !nul) {
            return null;
        }
        byte[] text = nul && terminator != NulTerminator.NONE ? Arrays.copyOf(bytes, bytes.length - unit) : bytes;
        var charset = wide ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_8;
        String lenient = new String(text, charset);
        return Arrays.equals(text, lenient.getBytes(charset)) ? lenient : null;
    }

    /** Bytes that often are text, because random ones hardly ever are. */
    private static byte[] bytes(Random random, boolean wide) {
        byte[] bytes = text(random).getBytes(wide ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_8);
        if (random.nextBoolean()) {
            bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(4));
        }
        for (int i = random.nextInt(3); i > 0 && bytes.length > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    @Test
    void anyString_encodedSplitAndDecoded_isTheSameOrCannotBeEncoded() {
        RandomCases.run(3000, random -> {
            boolean wide = random.nextBoolean();
            boolean nul = random.nextBoolean();
            PipeFixture pipe = new PipeFixture(new PipeMessageCodec(4096),
                    decoder(wide, nul ? NulTerminator.REQUIRED : NulTerminator.NONE),
                    wide ? PipeStringEncoder.utf16le(nul) : PipeStringEncoder.utf8(nul));
            for (int i = 0; i < 4; i++) {
                String text = text(random);
                Throwable failure = pipe.channel.writeAndFlush(new StringBuilder(text)).cause();
                if (StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
                    assertNull(failure);
                    splitAndReceive(pipe, random, pipe.channel.readOutbound());
                    assertEquals(text, pipe.channel.readInbound());
                } else {
                    assertEquals(EncoderException.class, failure.getClass());
                    assertNull(pipe.channel.readOutbound());
                }
            }
            pipe.assertNothingLeft();
        });
    }

    private static void splitAndReceive(PipeFixture pipe, Random random, PipeMessage message) {
        ByteBuf content = message.content();
        while (random.nextInt(3) > 0) {
            pipe.part(content.readRetainedSlice(random.nextInt(content.readableBytes() + 1)));
        }
        pipe.receive(message);
        assertEquals(0, message.refCnt());
    }

    /** Code points of all planes, with unpaired surrogates now and then. */
    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        int[] bounds = {1, 0x80, 0x800, 0xD800, 0x110000};
        for (int i = random.nextInt(20); i > 0; i--) {
            int point = random.nextInt(bounds[random.nextInt(bounds.length)]);
            if (random.nextInt(40) == 0) {
                text.append((char) (0xD800 + random.nextInt(0x800)));
            } else if (point < 0xD800 || point > 0xDFFF) {
                text.appendCodePoint(point);
            }
        }
        return text.toString();
    }

    private static PipeStringDecoder decoder(boolean wide, NulTerminator terminator) {
        return wide ? PipeStringDecoder.utf16le(terminator) : PipeStringDecoder.utf8(terminator);
    }
}
