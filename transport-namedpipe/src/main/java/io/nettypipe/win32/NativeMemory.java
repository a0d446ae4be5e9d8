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
package io.nettypipe.win32;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A zeroed block of memory outside the Java heap, at an address that the system can be given. It is freed by
 * {@link #close()}, once. Not safe for use by several threads at a time.
 */
public final class NativeMemory implements AutoCloseable {
    private final ByteBuf memory;
    private final ByteBuffer view;
    private final long address;

    /**
     * Allocates.
     *
     * @param size      in bytes
     * @param alignment what the address is a multiple of, a power of two
     */
    public NativeMemory(int size, int alignment) {
        memory = UnpooledByteBufAllocator.DEFAULT.directBuffer(size + alignment - 1);
        memory.setZero(0, memory.capacity());
        long base = address(memory, 0);
        int skip = (int) (-base & alignment - 1);
        view = memory.nioBuffer(skip, size).order(ByteOrder.nativeOrder());
        address = base + skip;
    }

    /**
     * A NUL-terminated UTF-16LE string.
     *
     * @param text the text
     */
    public static NativeMemory wideString(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_16LE);
        NativeMemory memory = new NativeMemory(bytes.length + 2, 8);
        memory.view.put(0, bytes);
        return memory;
    }

    /** The bytes, in the machine's order, from index 0. Not to be used after {@link #close()}. */
    public ByteBuffer view() {
        return view;
    }

    /** Where the block begins. */
    public long address() {
        return address;
    }

    /** Frees the block. The system must not own any of it any more. */
    @Override
    public void close() {
        memory.release();
    }

    /**
     * The address of a byte in a direct buffer that is one piece. It stays valid while the buffer is retained. Works
     * with {@code -Dio.netty.noUnsafe=true} as well, where Netty itself may know no address; it allocates only then.
     *
     * @param buffer a direct buffer of one piece ({@code nioBufferCount() == 1})
     * @param index  the index of the byte
     */
    public static long address(ByteBuf buffer, int index) {
        if (buffer.hasMemoryAddress()) {
            return buffer.memoryAddress() + index;
        }
        return address(buffer.internalNioBuffer(index, buffer.capacity() - index));
    }

    /**
     * The address of the first remaining byte of a direct buffer. It allocates.
     *
     * @param buffer a direct buffer
     */
    public static long address(ByteBuffer buffer) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(buffer)) + buffer.position();
    }
}
