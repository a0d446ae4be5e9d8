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
import static org.junit.jupiter.api.Assertions.assertSame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.EncoderException;
import io.nettypipe.channel.PipeMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Random;

class PipeStringEncoderTest {
    @Test
    void string_written_isWhatACProgramExpects() {
        // sizeof L"hello" is 12, the NUL included.
        assertEquals("680065006c006c006f000000", encoded(PipeStringEncoder.utf16le(), "hello"));
        assertEquals("680065006c006c006f00", encoded(PipeStringEncoder.utf16le(false), "hello"));
        assertEquals("68656c6c6f", encoded(PipeStringEncoder.utf8(), "hello"));
        assertEquals("68656c6c6f00", encoded(PipeStringEncoder.utf8(true), "hello"));
    }

    @Test
    void emptyString_written_isTheNulOrNothing() {
        assertEquals("0000", encoded(PipeStringEncoder.utf16le(), ""));
        assertEquals("", encoded(PipeStringEncoder.utf16le(false), ""));
        assertEquals("", encoded(PipeStringEncoder.utf8(), ""));
        assertEquals("00", encoded(PipeStringEncoder.utf8(true), ""));
    }

    @Test
    void charactersBeyondAscii_written_areEncoded() {
        assertEquals("e9003dd800de0000", encoded(PipeStringEncoder.utf16le(), "é\uD83D\uDE00"));
        assertEquals("c3a9f09f9880", encoded(PipeStringEncoder.utf8(), "é\uD83D\uDE00"));
    }

    @Test
    void charSequence_written_isEncodedToo() {
        assertEquals("680069000000", encoded(PipeStringEncoder.utf16le(), new StringBuilder("hi")));
        assertEquals("6869", encoded(PipeStringEncoder.utf8(), new StringBuilder("hi")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ab\uD83D", "ab\uD83Dc", "ab\uDE00", "ab\uD83D\uD83D\uDE00"})
    void unpairedSurrogate_written_failsTheWriteAndSendsNothing(String text) {
        for (PipeStringEncoder encoder : List.of(PipeStringEncoder.utf16le(), PipeStringEncoder.utf8())) {
            PipeFixture pipe = new PipeFixture(new PipeMessageCodec(), encoder);
            Throwable failure = pipe.channel.writeAndFlush(text).cause();
            assertEquals(EncoderException.class, failure.getClass());
            assertEquals("String with an unpaired surrogate at index 2", failure.getMessage());
            assertNull(pipe.channel.readOutbound());
            pipe.channel.writeAndFlush("next");
            assertInstanceOf(PipeMessage.class, pipe.channel.readOutbound()).release();
            pipe.assertNothingLeft();
        }
    }

    @Test
    void otherObjects_written_passThrough() {
        PipeFixture pipe = new PipeFixture(PipeStringEncoder.utf16le());
        ByteBuf bytes = pipe.bytes(0, 3);
        pipe.channel.writeOutbound(bytes);
        assertSame(bytes, pipe.channel.readOutbound());
        assertEquals(1, bytes.refCnt());
        bytes.release();
        pipe.assertNothingLeft();
    }

    @Test
    void encoder_inTwoPipelines_isShared() {
        PipeStringEncoder encoder = PipeStringEncoder.utf16le();
        assertEquals("61000000", encoded(encoder, "a"));
        assertEquals("62000000", encoded(encoder, "b"));
    }

    @Test
    void randomStrings_encodedAndDecoded_comeBackUnchanged() {
        long seed = Long.getLong("nettypipe.seed", System.nanoTime());
        System.out.println("PipeStringEncoderTest: repeat with -Dnettypipe.seed=" + seed);
        Random random = new Random(seed);
        for (boolean nul : new boolean[] {true, false}) {
            NulTerminator terminator = nul ? NulTerminator.REQUIRED : NulTerminator.NONE;
            PipeFixture wide = new PipeFixture(new PipeMessageCodec(),
                    PipeStringDecoder.utf16le(terminator), PipeStringEncoder.utf16le(nul));
            PipeFixture narrow = new PipeFixture(new PipeMessageCodec(),
                    PipeStringDecoder.utf8(terminator), PipeStringEncoder.utf8(nul));
            for (int i = 0; i < 500; i++) {
                String text = randomText(random);
                assertRoundTrip(wide, text);
                assertRoundTrip(narrow, text);
            }
            wide.assertNothingLeft();
            narrow.assertNothingLeft();
        }
    }

    private static void assertRoundTrip(PipeFixture pipe, String text) {
        pipe.channel.writeOutbound(text);
        PipeMessage message = pipe.channel.readOutbound();
        pipe.receive(message);
        assertEquals(0, message.refCnt());
        assertEquals(text, pipe.channel.readInbound());
    }

    /** Up to 40 code points of all planes, among them NUL and U+FFFE, without surrogates. */
    private static String randomText(Random random) {
        StringBuilder text = new StringBuilder();
        int[] bounds = {1, 0x80, 0x800, 0x10000, 0x110000};
        for (int i = random.nextInt(41); i > 0; i--) {
            int point = random.nextInt(20) == 0 ? 0xFFFE : random.nextInt(bounds[random.nextInt(bounds.length)]);
            if (point < 0xD800 || point > 0xDFFF) {
                text.appendCodePoint(point);
            }
        }
        return text.toString();
    }

    private static String encoded(PipeStringEncoder encoder, CharSequence text) {
        PipeFixture pipe = new PipeFixture(encoder);
        pipe.channel.writeOutbound(text);
        ByteBuf bytes = assertInstanceOf(ByteBuf.class, pipe.channel.readOutbound());
        assertEquals(1, bytes.refCnt());
        String hex = ByteBufUtil.hexDump(bytes);
        bytes.release();
        assertEquals(0, bytes.refCnt());
        pipe.assertNothingLeft();
        return hex;
    }
}
