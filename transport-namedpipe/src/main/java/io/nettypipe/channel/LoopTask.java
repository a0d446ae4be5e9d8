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
package io.nettypipe.channel;

import io.nettypipe.iocp.IocpIoRegistration;

import java.util.concurrent.TimeUnit;

/**
 * A task of a channel's event loop that goes on with what it began, perhaps for ever. Tasks that follow one another
 * keep the loop from its I/O and its timers for up to a second ({@code io.netty.eventLoop.maxTaskProcessingQuantumMs}),
 * so from time to time this comes back by a timer, which is after the I/O of the other channels.
 */
final class LoopTask {
    private static final int IN_A_ROW = 16;

    private final NamedPipeChannel channel;
    private final Runnable task;
    private final Runnable run = this::run;
    private int times;
    /** For whom it is scheduled, or {@code null}: with the next registration what this one scheduled may be in vain. */
    private IocpIoRegistration scheduled;

    LoopTask(NamedPipeChannel channel, Runnable task) {
        this.channel = channel;
        this.task = task;
    }

    /** Runs it as soon as is fair; once, however often it is called before that. */
    void soon() {
        if (channel.isClosing()) {
            return;
        }
        IocpIoRegistration current = channel.file().registration();
        if (scheduled == current) {
            return;
        }
        scheduled = current;
        if (++times < IN_A_ROW) {
            channel.eventLoop().execute(run);
        } else {
            after(0);
        }
    }

    void after(long millis) {
        times = 0;
        channel.eventLoop().schedule(run, millis, TimeUnit.MILLISECONDS);
    }

    private void run() {
        // Otherwise the channel has taken up on another loop what it was doing, or will.
        if (channel.isRegistered() && channel.eventLoop().inEventLoop()) {
            scheduled = null;
            task.run();
        }
    }
}
