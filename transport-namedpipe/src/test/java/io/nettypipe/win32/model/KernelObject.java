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

import java.util.LinkedHashSet;
import java.util.Set;

/** What a handle stands for. */
abstract class KernelObject {
    final long handle;
    final Throwable opened = new Throwable("opened here");
    boolean closed;
    CompletionPort port;
    long key;
    /** Those that the system has the memory of. */
    final Set<Operation> operations = new LinkedHashSet<>();

    KernelObject(long handle) {
        this.handle = handle;
    }

    /** Its handle was closed. */
    abstract void close();

    /** Ends an operation before its time. */
    abstract void abort(Operation op, int status);

    abstract String name();

    @Override
    public String toString() {
        return name() + " (handle 0x" + Long.toHexString(handle) + ')';
    }
}
