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
package io.nettypipe.win32.model;

import java.nio.charset.StandardCharsets;

/** The device of all local pipes, {@code \\.\pipe\}, which is asked to wait for a free instance. */
final class PipeDevice extends KernelObject {
    private static final int TIMEOUT_GIVEN = 12;
    private static final int NAME_LENGTH = 8;
    private static final int NAME = 14;
    private static final long NANOS_PER_UNIT = 100;
    private static final long FOR_EVER = Long.MIN_VALUE;

    private final Kernel kernel;
    private final PipeNamespace namespace;
    /** Whether it was opened by its name with the backslash behind it. */
    private final boolean root;

    PipeDevice(Kernel kernel, PipeNamespace namespace, boolean root, long handle) {
        super(handle);
        this.root = root;
        this.kernel = kernel;
        this.namespace = namespace;
    }

    @Override
    String name() {
        return "pipe device";
    }

    /** {@code FSCTL_PIPE_WAIT}, whose input is a FILE_PIPE_WAIT_FOR_BUFFER. */
    void await(Operation op) {
        if (!root && kernel.personality.waitsAtRootOnly()) {
            kernel.end(op, NtStatus.ILLEGAL_FUNCTION, 0);
            return;
        }
        byte[] name = op.length < NAME ? null
                : KernelMemory.at(op.buffer + NAME).getByteArray(0, KernelMemory.at(op.buffer).getInt(NAME_LENGTH));
        if (name == null || name.length > op.length - NAME) {
            kernel.end(op, NtStatus.INVALID_PARAMETER, 0);
            return;
        }
        PipeName pipe = namespace.find(new String(name, StandardCharsets.UTF_16LE));
        if (pipe == null) {
            kernel.end(op, NtStatus.OBJECT_NAME_NOT_FOUND, 0);
            return;
        }
        long timeout = KernelMemory.at(op.buffer).getLong(0);
        if (KernelMemory.at(op.buffer).getByte(TIMEOUT_GIVEN) != 0 && timeout < 0 && timeout != FOR_EVER) {
            op.deadline = kernel.nanoTime() - timeout * NANOS_PER_UNIT;
        }
        pipe.await(op);
    }

    @Override
    void close() {
        // Nothing is left of it.
    }

    @Override
    void abort(Operation op, int status) {
        namespace.removeWait(op);
        kernel.end(op, status, 0);
    }
}
