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

import java.util.function.Predicate;
import java.util.function.Supplier;

/** Looks into a model without changing it, for tests that compare what a program says with what is so. */
public final class ModelWatch {
    private final Kernel kernel;

    ModelWatch(Kernel kernel) {
        this.kernel = kernel;
    }

    private <T> T locked(Supplier<T> look) {
        kernel.lock.lock();
        try {
            return look.get();
        } finally {
            kernel.lock.unlock();
        }
    }

    /** Whether a thread that dequeues from a port has no need to block. */
    public boolean hasWork(long port, Thread thread) {
        return locked(() -> {
            KernelObject object = kernel.everOpened(port);
            return !(object instanceof CompletionPort) || kernel.hasWork((CompletionPort) object, thread);
        });
    }

    /** How many operations of a handle the system has the memory of. */
    public int outstanding(long handle) {
        return count(handle, op -> true);
    }

    /** How many of them are reads. */
    public int outstandingReads(long handle) {
        return count(handle, op -> op.kind == Operation.Kind.READ);
    }

    private int count(long handle, Predicate<Operation> counted) {
        return locked(() -> {
            KernelObject object = kernel.everOpened(handle);
            return object == null ? 0 : (int) object.operations.stream().filter(counted).count();
        });
    }

    /** The handle of a pipe's other end, which may be closed; 0 if it has none. */
    public long peerOf(long handle) {
        return locked(() -> {
            PipeEnd end = end(handle);
            PipeEnd peer = end == null ? null : end.instance.peer(end);
            return peer == null ? 0 : peer.handle;
        });
    }

    /** Whether a pipe's other end is closed, or there is none. */
    public boolean isPeerGone(long handle) {
        return locked(() -> {
            PipeEnd end = end(handle);
            PipeEnd peer = end == null ? null : end.instance.peer(end);
            return peer == null || peer.closed || end.isDetached();
        });
    }

    private PipeEnd end(long handle) {
        KernelObject object = kernel.everOpened(handle);
        return object instanceof PipeEnd ? (PipeEnd) object : null;
    }
}
