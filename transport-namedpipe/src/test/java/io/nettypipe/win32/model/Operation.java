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

/** One overlapped operation, from the call that starts it until its memory is the caller's again. */
final class Operation {

    enum Kind {
        READ, WRITE, WAIT, FLUSH,
        /** A listen that calls a procedure. */
        LISTEN,
        /** A listen like any other operation of a port. */
        CONNECT
    }

    private static final byte[] NOTHING = {};

    final Kind kind;
    final KernelObject target;
    /** The address of the OVERLAPPED or the status block. */
    final long block;
    final long buffer;
    final int length;
    final Thread thread = Thread.currentThread();
    /** For a write: what the buffer held when it was given away. */
    byte[] content = NOTHING;
    /** For a wait: the {@link Kernel#nanoTime()} at which it gives up. */
    long deadline = Long.MAX_VALUE;

    /** For a listen: what its procedure call clears. */
    long signal;

    /** The call that starts it has not returned yet. */
    boolean starting = true;
    boolean cancelAsked;
    boolean ended;
    int status = NtStatus.PENDING;
    int transferred;
    /** For a read: what was read. */
    byte[] result = NOTHING;
    /** Whether the result is in the caller's memory. */
    boolean written;

    Operation(Kind kind, KernelObject target, long block, long buffer, int length) {
        this.kind = kind;
        this.target = target;
        this.block = block;
        this.buffer = buffer;
        this.length = length;
    }

    @Override
    public String toString() {
        return kind + " of " + length + " bytes on " + target + ", OVERLAPPED 0x" + Long.toHexString(block);
    }
}
