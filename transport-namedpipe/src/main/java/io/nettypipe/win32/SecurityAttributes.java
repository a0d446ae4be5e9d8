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

import com.sun.jna.Pointer;

/**
 * A SECURITY_ATTRIBUTES and the descriptor that it names, in memory of its own. The system copies the descriptor when
 * something is created with it, so the memory has to live until the last such call and no longer.
 */
public final class SecurityAttributes implements AutoCloseable {
    private static final int SIZE = 24;
    private static final int DESCRIPTOR = 8;

    private final NativeMemory memory;

    /**
     * Copies a descriptor. Handles that are created with it are not inherited.
     *
     * @param descriptor a self-relative SECURITY_DESCRIPTOR, as of {@link Win32Identity#descriptor}
     */
    public SecurityAttributes(byte[] descriptor) {
        memory = new NativeMemory(SIZE + descriptor.length, 8);
        memory.view().putInt(0, SIZE).putLong(DESCRIPTOR, memory.address() + SIZE).put(SIZE, descriptor);
    }

    /** What {@link Win32#createNamedPipe} and {@link Win32#holdNamedPipe} are given. */
    public long address() {
        return memory.address();
    }

    /** The address of the descriptor that a SECURITY_ATTRIBUTES has. */
    static long descriptor(long securityAttributes) {
        return new Pointer(securityAttributes).getLong(DESCRIPTOR);
    }

    /** Frees the memory. */
    @Override
    public void close() {
        memory.close();
    }
}
