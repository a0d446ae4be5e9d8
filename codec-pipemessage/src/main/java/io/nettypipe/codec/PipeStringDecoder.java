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
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.MessageToMessageDecoder;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.util.List;
import java.util.Objects;

/**
 * Makes each {@link ByteBuf}, which must be a whole message, a {@link String}: place it after a
 * {@link PipeMessageDecoder}. It reads what C and C++ programs on Windows send with
 * <pre>
 * WriteFile(pipe, text, (wcslen(text) + 1) * sizeof(wchar_t), ...)   // utf16le()
 * WriteFile(pipe, text, strlen(text), ...)                           // utf8()
 * </pre>
 * whether or not they count the terminating NUL: by default ({@link NulTerminator#OPTIONAL}) one NUL at the end is
 * taken off if there is one. No byte order mark is looked for; one that is sent is the string's first character.
 * <p>
 * Unlike Netty's {@code StringDecoder}, it replaces nothing: {@link CorruptedFrameException} says what is wrong with a
 * message (an odd number of bytes, an unpaired surrogate, bytes that are not UTF-8, a missing NUL) and where. That
 * message is dropped and the next one is decoded.
 * <p>
 * Use a new one for each connection. All methods run on the channel's executor.
 */
public final class PipeStringDecoder extends MessageToMessageDecoder<ByteBuf> {
    private final PipeCharset encoding;
    private final NulTerminator terminator;
    private final CharsetDecoder strict;

    private PipeStringDecoder(PipeCharset encoding, NulTerminator terminator) {
        super(ByteBuf.class);
        this.encoding = encoding;
        this.terminator = Objects.requireNonNull(terminator, "terminator");
        strict = encoding.charset().newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    /** Creates a decoder of UTF-16LE ({@code wchar_t}, {@code TCHAR}) that takes a NUL off the end if there is one. */
    public static PipeStringDecoder utf16le() {
        return utf16le(NulTerminator.OPTIONAL);
    }

    /**
     * Creates a decoder of UTF-16LE ({@code wchar_t}, {@code TCHAR}).
     *
     * @param terminator what to do about a NUL at the end of a message
     */
    public static PipeStringDecoder utf16le(NulTerminator terminator) {
        return new PipeStringDecoder(PipeCharset.UTF_16LE, terminator);
    }

    /** Creates a decoder of UTF-8 that takes a NUL off the end if there is one. */
    public static PipeStringDecoder utf8() {
        return utf8(NulTerminator.OPTIONAL);
    }

    /**
     * Creates a decoder of UTF-8.
     *
     * @param terminator what to do about a NUL at the end of a message
     */
    public static PipeStringDecoder utf8(NulTerminator terminator) {
        return new PipeStringDecoder(PipeCharset.UTF_8, terminator);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf message, List<Object> out) {
        int length = message.readableBytes();
        if (length % encoding.unit() != 0) {
            throw new CorruptedFrameException(encoding + " string of an odd number of bytes: " + length);
        }
        if (terminator != NulTerminator.NONE) {
            if (encoding.endsWithNul(message)) {
                length -= encoding.unit();
            } else if (terminator == NulTerminator.REQUIRED) {
                throw new CorruptedFrameException(
                        encoding + " string of " + length + " bytes without a NUL at its end");
            }
        }
        out.add(decode(message.nioBuffer(message.readerIndex(), length)));
    }

    private String decode(ByteBuffer text) {
        int start = text.position();
        try {
            return strict.decode(text).toString();
        } catch (CharacterCodingException e) {
            // Of whole code units of UTF-16 nothing else can be malformed.
            String what = encoding == PipeCharset.UTF_16LE ? "an unpaired surrogate" : "malformed bytes";
            throw new CorruptedFrameException(
                    encoding + " string with " + what + " at byte " + (text.position() - start), e);
        }
    }
}
