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

import io.nettypipe.win32.PipeFlags;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A name that has instances. */
final class PipeName {
    /** As the driver has it. */
    static final int UNLIMITED = -1;

    private final Kernel kernel;
    final String name;
    private final Runnable whenGone;
    /** PIPE_ACCESS_INBOUND, PIPE_ACCESS_OUTBOUND or both, as the server sees it. */
    final int direction;
    final boolean messageType;
    final int maxInstances;
    ModelDescriptor descriptor;
    private final List<PipeInstance> instances = new ArrayList<>();
    private final List<Operation> waits = new ArrayList<>();
    private long timesFree;

    PipeName(Kernel kernel, String name, int direction, boolean messageType, int maxInstances, Runnable whenGone) {
        this.kernel = kernel;
        this.name = name;
        this.direction = direction;
        this.messageType = messageType;
        this.maxInstances = maxInstances;
        this.whenGone = whenGone;
    }

    /** What a client may not ask for, because the pipe has only the other direction. */
    int closedToClients() {
        return ((direction & PipeFlags.PIPE_ACCESS_OUTBOUND) == 0 ? AccessRights.READ_DATA : 0)
                | ((direction & PipeFlags.PIPE_ACCESS_INBOUND) == 0 ? AccessRights.WRITE_DATA : 0);
    }

    boolean isFull() {
        return maxInstances != UNLIMITED && instances.size() >= maxInstances;
    }

    int count() {
        return instances.size();
    }

    void add(PipeInstance instance) {
        instances.add(instance);
        if (instance.state == PipeInstance.State.LISTENING) {
            instanceIsFree(instance);
        }
    }

    void remove(PipeInstance instance) {
        instances.remove(instance);
        if (instances.isEmpty()) {
            whenGone.run();
            endWaits(kernel.personality.statusOfWaitForVanishedName());
        }
    }

    /** The instance that the next client gets, or {@code null} if all are busy. */
    PipeInstance freeInstance() {
        return instances.stream()
                .filter(instance -> instance.state == PipeInstance.State.LISTENING)
                .min(Comparator.comparingLong(instance -> instance.freeSince)).orElse(null);
    }

    void instanceIsFree(PipeInstance instance) {
        instance.freeSince = timesFree++;
        endWaits(NtStatus.SUCCESS);
        kernel.signal();
    }

    private void endWaits(int status) {
        List<Operation> ended = new ArrayList<>(waits);
        waits.clear();
        ended.forEach(op -> kernel.end(op, status, 0));
    }

    void await(Operation op) {
        if (freeInstance() != null) {
            kernel.end(op, NtStatus.SUCCESS, 0);
        } else {
            waits.add(op);
            kernel.endAtDeadline(op);
        }
    }

    void removeWait(Operation op) {
        waits.remove(op);
    }

    @Override
    public String toString() {
        return "pipe " + name;
    }
}
