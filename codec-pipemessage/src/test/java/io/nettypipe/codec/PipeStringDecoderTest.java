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

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.CorruptedFrameException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.ByteBuffer;
import java.util.HexFormat;

class PipeStringDecoderTest {
    @Test
    void wideStringWithItsNul_received_isTheString() {
        // What WriteFile(pipe, L"hello", sizeof L"hello", ...) sends.
        assertDecoded("hello", PipeStringDecoder.utf16le(), "680065006c006c006f000000");
    }

    @Test
    void narrowStringWithItsNul_received_isTheString() {
        // What WriteFile(pipe, u8"h\u00e9", sizeof u8"h\u00e9", ...) sends.
        assertDecoded("hé", PipeStringDecoder.utf8(), "68c3a900");
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            # terminator, UTF-16LE, UTF-8, characters; or - if it is refused
            OPTIONAL, 61000000,     6100,   'a'
            OPTIONAL, 6100,         61,     'a'
            OPTIONAL, 6100_0000_0000, 610000, 'a0'
            OPTIONAL, 0000,         00,     ''
            OPTIONAL, '',           '',     ''
            OPTIONAL, 0000_6100,    0061,   '0a'
            REQUIRED, 61000000,     6100,   'a'
            REQUIRED, 6100_0000_0000, 610000, 'a0'
            REQUIRED, 0000,         00,     ''
            REQUIRED, 6100,         61,     -
            REQUIRED, '',           '',     -
            NONE,     61000000,     6100,   'a0'
            NONE,     6100,         61,     'a'
            NONE,     '',           '',     ''
            """)
    void nulAtTheEnd_received_isTreatedAsAsked(NulTerminator terminator, String utf16, String utf8, String expected) {
        if (expected == null) {
            assertEquals("UTF-16LE string of " + hex(utf16).length + " bytes without a NUL at its end",
                    failureOf(PipeStringDecoder.utf16le(terminator), utf16));
            assertEquals("UTF-8 string of " + hex(utf8).length + " bytes without a NUL at its end",
                    failureOf(PipeStringDecoder.utf8(terminator), utf8));
        } else {
            String characters = expected.replace('0', '\0');
            assertDecoded(characters, PipeStringDecoder.utf16le(terminator), utf16);
            assertDecoded(characters, PipeStringDecoder.utf8(terminator), utf8);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "61,             UTF-16LE string of an odd number of bytes: 1",
        "610000,         UTF-16LE string of an odd number of bytes: 3",
        "3dd8,           UTF-16LE string with an unpaired surrogate at byte 0",
        "61003dd80000,   UTF-16LE string with an unpaired surrogate at byte 2",
        "610062003dd86300, UTF-16LE string with an unpaired surrogate at byte 4",
        "610000de,       UTF-16LE string with an unpaired surrogate at byte 2",
        "00de3dd8,       UTF-16LE string with an unpaired surrogate at byte 0",
    })
    void malformedUtf16_received_saysWhatAndWhere(String bytes, String expected) {
        assertEquals(expected, failureOf(PipeStringDecoder.utf16le(), bytes));
    }

    @ParameterizedTest
    @CsvSource({
        "ff,           0",
        "6180,         1",
        "6162c3,       2",
        "6162c300,     2",
        "c080,         0",
        "61eda0bd,     1",
        "61f09f98,     1",
        "f4908080,     0",
    })
    void malformedUtf8_received_saysWhere(String bytes, int at) {
        assertEquals("UTF-8 string with malformed bytes at byte " + at, failureOf(PipeStringDecoder.utf8(), bytes));
    }

    @Test
    void byteOrderMark_received_isACharacter() {
        assertDecoded("\uFEFFa", PipeStringDecoder.utf16le(), "fffe6100");
        assertDecoded("\uFEFFa", PipeStringDecoder.utf8(), "efbbbf61");
    }

    @Test
    void stringInParts_cutInsideACharacter_isDecodedWhole() {
        PipeFixture wide = new PipeFixture(new PipeMessageDecoder(), PipeStringDecoder.utf16le());
        wide.part(wide.bytes(hex("3d"))).part(wide.bytes(hex("d800"))).part(wide.bytes(hex("de00")));
        wide.end(wide.bytes(hex("00")));
        assertEquals("\uD83D\uDE00", wide.channel.readInbound());
        wide.assertNothingLeft();

        PipeFixture narrow = new PipeFixture(new PipeMessageDecoder(), PipeStringDecoder.utf8());
        narrow.part(narrow.bytes(hex("f0"))).part(narrow.bytes(hex("9f98"))).end(narrow.bytes(hex("80")));
        assertEquals("\uD83D\uDE00", narrow.channel.readInbound());
        narrow.assertNothingLeft();
    }

    @Test
    void bufferWithReaderIndex_received_countsFromThere() {
        PipeFixture pipe = new PipeFixture(PipeStringDecoder.utf8());
        pipe.receive(pipe.bytes(hex("00006100")).skipBytes(2));
        assertEquals("a", pipe.channel.readInbound());
        // The NIO view of this one does not start at position 0.
        pipe.receive(Unpooled.wrappedBuffer(ByteBuffer.wrap(hex("000061ff")).asReadOnlyBuffer()).skipBytes(2));
        assertEquals("UTF-8 string with malformed bytes at byte 1",
                pipe.assertOneFailure(CorruptedFrameException.class));
        pipe.assertNothingLeft();
    }

    @Test
    void otherObjects_received_passThrough() {
        PipeFixture pipe = new PipeFixture(PipeStringDecoder.utf8());
        pipe.receive(42);
        assertEquals((Object) 42, pipe.channel.readInbound());
        pipe.assertNothingLeft();
    }

    @Test
    void noTerminatorGiven_asked_isRefused() {
        assertThrows(NullPointerException.class, () -> PipeStringDecoder.utf8(null));
        assertThrows(NullPointerException.class, () -> PipeStringDecoder.utf16le(null));
    }

    private static void assertDecoded(String expected, PipeStringDecoder decoder, String bytes) {
        PipeFixture pipe = new PipeFixture(decoder);
        pipe.receive(pipe.bytes(hex(bytes)));
        assertEquals(expected, pipe.channel.readInbound());
        pipe.assertNothingLeft();
    }

    /** The text of the one failure these bytes give; a message after them must be decoded. */
    private static String failureOf(PipeStringDecoder decoder, String bytes) {
        PipeFixture pipe = new PipeFixture(decoder);
        pipe.receive(pipe.bytes(hex(bytes)));
        pipe.assertAllReleased();
        String failure = pipe.assertOneFailure(CorruptedFrameException.class);
        // U+7A7A as UTF-16LE, "zz" as UTF-8, each with its NUL.
        pipe.receive(pipe.bytes(hex(failure.startsWith("UTF-16LE") ? "7a7a0000" : "7a7a00")));
        assertEquals(failure.startsWith("UTF-16LE") ? "\u7a7a" : "zz", pipe.channel.readInbound());
        pipe.assertNothingLeft();
        return failure;
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace("_", ""));
    }
}
