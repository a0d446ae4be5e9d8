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

import io.netty.channel.EventLoop;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;

/**
 * What other threads want done by the event loop that a channel is registered with: not by one that it has just left,
 * and, while it is between two, by the next.
 */
final class RegisteredTasks {
    private final AbstractNamedPipeChannel channel;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    RegisteredTasks(AbstractNamedPipeChannel channel) {
        this.channel = channel;
    }

    /** Has it done; by this thread, if the channel is closed. Any thread. */
    void execute(Runnable task) {
        tasks.add(task);
        if (!channel.isOpen()) {
            runAll();
        } else {
            passOn();
        }
    }

    /** While it has no event loop, that is left to the next one's {@link #runAll()}, or to the close's. */
    private void passOn() {
        while (channel.isRegistered()) {
            EventLoop loop = channel.eventLoop();
            try {
                loop.execute(this::run);
                return;
            } catch (RejectedExecutionException loopIsGone) {
                if (loop == channel.eventLoop()) {
                    return;
                }
            }
        }
    }

    private void run() {
        // In this order: a channel seen as registered has either this loop, which it leaves in a task of the loop's, or
        // one that it was given before it was registered.
        if (channel.isRegistered()) {
            if (channel.eventLoop().inEventLoop()) {
                runAll();
            } else {
                passOn();
            }
        }
    }

    /** Does all. The event loop that the channel is now registered with, or anyone, once it is closed. */
    void runAll() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }
}
