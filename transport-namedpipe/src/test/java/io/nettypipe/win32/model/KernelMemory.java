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

import com.sun.jna.Pointer;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The caller's memory, by address, and which of it the system owns. It puts a mark into what it owns and looks for the
 * mark when it gives the memory back: what changed it was not allowed to.
 */
final class KernelMemory {
    private static final int BLOCK_SIZE = 32;
    private static final int INTERNAL_HIGH = 8;
    private static final int OFFSET = 16;
    private static final int EVENT = 24;
    private static final int MARKED = 64;
    private static final byte MARK = (byte) 0xA5;

    private final Set<Operation> owned = new LinkedHashSet<>();
    private final Consumer<String> violations;

    KernelMemory(Consumer<String> violations) {
        this.violations = violations;
    }

    static Pointer at(long address) {
        return new Pointer(address);
    }

    static String wideString(long address) {
        StringBuilder text = new StringBuilder();
        for (char c; (c = at(address).getChar(2L * text.length())) != 0;) {
            text.append(c);
        }
        return text.toString();
    }

    /** Whether the system owns any of these bytes. */
    boolean owns(long address, long length) {
        return owned.stream().anyMatch(op -> overlap(op.block, BLOCK_SIZE, address, length)
                || overlap(op.buffer, op.length, address, length));
    }

    boolean ownsNothing() {
        return owned.isEmpty();
    }

    private static boolean overlap(long a, long aLength, long b, long bLength) {
        return aLength > 0 && bLength > 0 && a < b + bLength && b < a + aLength;
    }

    /** An operation starts: its memory is the system's. */
    void take(Operation op) {
        for (Operation other : owned) {
            if (overlap(op.block, BLOCK_SIZE, other.block, BLOCK_SIZE)
                    || overlap(op.buffer, op.length, other.block, BLOCK_SIZE)
                    || overlap(op.block, BLOCK_SIZE, other.buffer, other.length)) {
                violations.accept(op + " uses an OVERLAPPED that the system owns, of " + other);
            }
            boolean bothOnlyRead = op.kind != Operation.Kind.READ && other.kind != Operation.Kind.READ;
            if (!bothOnlyRead && overlap(op.buffer, op.length, other.buffer, other.length)) {
                violations.accept(op + " uses a buffer that the system owns, of " + other);
            }
        }
        owned.add(op);
        Pointer block = at(op.block);
        // Of the others nobody but the caller puts it there. A call that blocks needs none.
        boolean ofKernel32 = op.kind == Operation.Kind.READ || op.kind == Operation.Kind.WRITE;
        if (!ofKernel32 && block.getInt(0) != NtStatus.PENDING) {
            violations.accept(op + ": its status block does not hold STATUS_PENDING");
        }
        if (op.kind != Operation.Kind.LISTEN && (block.getLong(OFFSET) != 0 || block.getLong(EVENT) != 0)) {
            violations.accept(op + ": its OVERLAPPED is not zeroed");
        }
        block.setLong(0, NtStatus.PENDING);
        block.setLong(INTERNAL_HIGH, 0);
        if (op.kind == Operation.Kind.READ) {
            int marked = Math.min(op.length, MARKED);
            at(op.buffer).setMemory(0, marked, MARK);
            at(op.buffer).setMemory(op.length - marked, marked, MARK);
        } else if (op.length > 0) {
            op.content = at(op.buffer).getByteArray(0, op.length);
        }
    }

    /** The system uses bytes of a write that has not ended yet. */
    void use(Operation op, int from, int to) {
        if (op.kind == Operation.Kind.WRITE && to > from
                && !Arrays.equals(at(op.buffer).getByteArray(from, to - from), 0, to - from, op.content, from, to)) {
            violations.accept(op + ": its bytes changed while the system owned them");
        }
    }

    /** Writes the result of an ended operation. The memory stays the system's. */
    void write(Operation op) {
        checkMarks(op);
        op.written = true;
        if (op.result.length > 0) {
            at(op.buffer).write(0, op.result, 0, op.result.length);
        }
        at(op.block).setLong(INTERNAL_HIGH, op.transferred);
        at(op.block).setInt(0, op.status);
    }

    private void checkMarks(Operation op) {
        Pointer block = at(op.block);
        if (block.getInt(0) != NtStatus.PENDING || block.getLong(INTERNAL_HIGH) != 0) {
            violations.accept(op + ": its OVERLAPPED changed while the system owned it");
        }
        if (op.kind == Operation.Kind.READ) {
            byte[] marks = new byte[Math.min(op.length, MARKED)];
            Arrays.fill(marks, MARK);
            if (!Arrays.equals(marks, at(op.buffer).getByteArray(0, marks.length))
                    || !Arrays.equals(marks, at(op.buffer).getByteArray(op.length - marks.length, marks.length))) {
                violations.accept(op + ": its buffer changed while the system owned it");
            }
        }
    }

    /** Gives the memory back to the caller, who learns the result. */
    void giveBack(Operation op) {
        if (!op.written) {
            write(op);
        } else if (at(op.block).getInt(0) != op.status || at(op.block).getInt(INTERNAL_HIGH) != op.transferred
                || !Arrays.equals(at(op.buffer).getByteArray(0, op.result.length), op.result)) {
            violations.accept(op + ": its memory changed before its packet was dequeued");
        }
        owned.remove(op);
    }

    /** The call that would have started it fails: the memory is the caller's as it is. */
    void forget(Operation op) {
        owned.remove(op);
    }
}
