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

import java.util.ArrayList;
import java.util.List;

/** A completion port: packets in the order in which they came. */
final class CompletionPort extends KernelObject {
    private static final int ENTRY_SIZE = 32;
    private static final int OVERLAPPED = 8;
    private static final int INTERNAL = 16;
    private static final int BYTES = 24;

    private final Kernel kernel;
    private final List<Packet> packets = new ArrayList<>();

    CompletionPort(Kernel kernel, long handle) {
        super(handle);
        this.kernel = kernel;
    }

    @Override
    String name() {
        return "completion port";
    }

    /** Queues the end of an operation. */
    void add(Operation op) {
        packets.add(new Packet(op.target.key, op));
    }

    /** Queues a packet without an operation. */
    void post(long postedKey) {
        packets.add(new Packet(postedKey, null));
    }

    boolean isEmpty() {
        return packets.isEmpty();
    }

    /** Moves packets, one at least, into an array of OVERLAPPED_ENTRY. Returns how many. */
    int remove(long entries, int capacity) {
        int count = 0;
        while (count < capacity && !packets.isEmpty() && (count == 0 || !kernel.schedule.holdsBack())) {
            Packet packet = packets.remove(kernel.schedule.next(packets.size()));
            Pointer entry = KernelMemory.at(entries + (long) count * ENTRY_SIZE);
            entry.setLong(0, packet.key);
            entry.setLong(OVERLAPPED, packet.op == null ? 0 : packet.op.block);
            entry.setLong(INTERNAL, packet.op == null ? 0 : packet.op.status);
            entry.setInt(BYTES, packet.op == null ? 0 : packet.op.transferred);
            if (packet.op != null) {
                kernel.giveBack(packet.op);
            }
            count++;
        }
        return count;
    }

    @Override
    void close() {
        for (Packet packet : packets) {
            if (packet.op != null) {
                kernel.violation(this + " was closed with the packet of " + packet.op + " in it");
                kernel.giveBack(packet.op);
            }
        }
        packets.clear();
    }

    @Override
    void abort(Operation op, int status) {
        throw new IllegalStateException("a port has no operations");
    }

    private static final class Packet {
        final long key;
        final Operation op;

        Packet(long key, Operation op) {
            this.key = key;
            this.op = op;
        }
    }
}
