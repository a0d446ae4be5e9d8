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
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.EncoderException;
import io.netty.handler.codec.MessageToMessageEncoder;
import io.nettypipe.channel.NamedPipeChannel;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.channel.PipeMessage;

import java.util.List;

/**
 * Makes each {@link CharSequence} that is written a {@link ByteBuf} as C and C++ programs on Windows expect it:
 * {@code L"hello"} with its NUL by {@link #utf16le()}, the bytes alone by {@link #utf8()}. No byte order mark is sent.
 * <p>
 * A string without a byte, which is the empty one without a NUL, is an empty message on a message-type pipe.
 * <p>
 * A NUL inside the string is sent as it is; a C program sees the string end there. A string with an unpaired
 * surrogate has no encoding: writing it fails with {@link EncoderException}, and nothing is sent.
 * <p>
 * One instance may be shared by any number of pipelines.
 */
@Sharable
public final class PipeStringEncoder extends MessageToMessageEncoder<CharSequence> {
    private final PipeCharset encoding;
    private final boolean nulTerminated;

    private PipeStringEncoder(PipeCharset encoding, boolean nulTerminated) {
        super(CharSequence.class);
        this.encoding = encoding;
        this.nulTerminated = nulTerminated;
    }

    /** Creates an encoder to UTF-16LE ({@code wchar_t}, {@code TCHAR}) with a NUL at the end. */
    public static PipeStringEncoder utf16le() {
        return utf16le(true);
    }

    /**
     * Creates an encoder to UTF-16LE ({@code wchar_t}, {@code TCHAR}).
     *
     * @param nulTerminated whether a NUL (two bytes) is added to each string
     */
    public static PipeStringEncoder utf16le(boolean nulTerminated) {
        return new PipeStringEncoder(PipeCharset.UTF_16LE, nulTerminated);
    }

    /** Creates an encoder to UTF-8 without a NUL at the end, as most programs other than C ones expect it. */
    public static PipeStringEncoder utf8() {
        return utf8(false);
    }

    /**
     * Creates an encoder to UTF-8.
     *
     * @param nulTerminated whether a NUL (one byte) is added to each string
     */
    public static PipeStringEncoder utf8(boolean nulTerminated) {
        return new PipeStringEncoder(PipeCharset.UTF_8, nulTerminated);
    }

    @Override
    protected void encode(ChannelHandlerContext ctx, CharSequence text, List<Object> out) {
        // Netty's own writers would put a question mark in its place.
        rejectUnpairedSurrogate(text);
        boolean utf8 = encoding == PipeCharset.UTF_8;
        int length = utf8 ? ByteBufUtil.utf8Bytes(text) : Math.multiplyExact(text.length(), encoding.unit());
        ByteBuf message = ctx.alloc().ioBuffer(Math.addExact(length, encoding.unit()));
        if (utf8) {
            ByteBufUtil.reserveAndWriteUtf8(message, text, length);
        } else {
            message.writeCharSequence(text, encoding.charset());
        }
        if (nulTerminated) {
            message.writeZero(encoding.unit());
        }
        out.add(!message.isReadable() && isMessageType(ctx.channel()) ? new PipeMessage(message) : message);
    }

    /** There an empty buffer would be nothing, if no {@link PipeMessageEncoder} comes before this. */
    private static boolean isMessageType(Channel channel) {
        return channel instanceof NamedPipeChannel && ((NamedPipeChannel) channel).pipeType() == NamedPipeMode.MESSAGE;
    }

    private static void rejectUnpairedSurrogate(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new EncoderException("String with an unpaired surrogate at index " + i);
            }
        }
    }
}
