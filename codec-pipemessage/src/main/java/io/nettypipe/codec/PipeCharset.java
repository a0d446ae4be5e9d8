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

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** The encodings of the string codec. */
enum PipeCharset {
    /** {@code wchar_t} on Windows, and {@code TCHAR} in a program built with {@code UNICODE}. */
    UTF_16LE(StandardCharsets.UTF_16LE, 2),
    UTF_8(StandardCharsets.UTF_8, 1);

    private final Charset charset;
    private final int unit;

    PipeCharset(Charset charset, int unit) {
        this.charset = charset;
        this.unit = unit;
    }

    Charset charset() {
        return charset;
    }

    /** The bytes of one code unit, and so of a NUL. */
    int unit() {
        return unit;
    }

    /** Whether the last code unit is a NUL. The readable bytes must be whole code units. */
    boolean endsWithNul(ByteBuf text) {
        if (!text.isReadable()) {
            return false;
        }
        int last = text.writerIndex() - unit;
        return unit == 2 ? text.getShort(last) == 0 : text.getByte(last) == 0;
    }

    @Override
    public String toString() {
        return charset.name();
    }
}
