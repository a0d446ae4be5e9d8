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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * What other threads want done by the event loop that a channel is registered with: not by one that it has just left,
 * and, while it is between two, by the next. What a close overtakes is done all the same, and finds the channel closed.
 */
final class RegisteredTasks {
    private final AbstractNamedPipeChannel channel;
    private final Queue<Task> tasks = new ConcurrentLinkedQueue<>();

    RegisteredTasks(AbstractNamedPipeChannel channel) {
        this.channel = channel;
    }

    /** Has it done: at once, if this is a task of the event loop, and as by {@link #execute} if not. Any thread. */
    void run(Runnable action, Consumer<RejectedExecutionException> refused) {
        if (isOnLoop()) {
            action.run();
        } else {
            execute(action, refused);
        }
    }

    /**
     * Has it done later, in order with what the event loop itself is given; by this thread, if the channel is closed.
     * Any thread.
     *
     * @param refused is called instead, on this thread, if the event loop takes no more tasks
     */
    void execute(Runnable action, Consumer<RejectedExecutionException> refused) {
        Task task = new Task(action, refused);
        tasks.add(task);
        if (channel.isOpen()) {
            passOn(task);
        } else if (tasks.remove(task)) {
            action.run();
        }
    }

    /** While it has no event loop, that is left to {@link #registered()}, or to {@link #closed()}. */
    private void passOn(Task task) {
        while (channel.isRegistered() && task.underWay.compareAndSet(false, true)) {
            EventLoop loop = channel.eventLoop();
            try {
                loop.execute(() -> arrived(task));
                return;
            } catch (RejectedExecutionException e) {
                task.underWay.set(false);
                if (channel.isRegistered() && loop == channel.eventLoop()) {
                    if (tasks.remove(task)) {
                        task.refused.accept(e);
                    }
                    return;
                }
            }
        }
    }

    private void arrived(Task task) {
        if (!isOnLoop() && channel.isOpen()) {
            // By this way, behind the writes that were made before it, which go the same.
            task.underWay.set(false);
            passOn(task);
        } else if (tasks.remove(task)) {
            task.action.run();
        }
    }

    /**
     * In this order: a channel seen as registered has either this loop, which it leaves in a task of the loop's, or one
     * that it was given before it was registered.
     */
    private boolean isOnLoop() {
        return channel.isRegistered() && channel.eventLoop().inEventLoop();
    }

    /** The channel has an event loop, for those that are not under way by another. */
    void registered() {
        tasks.forEach(this::passOn);
    }

    /** There is nothing left to be done in order with anything. */
    void closed() {
        for (Task task = tasks.poll(); task != null; task = tasks.poll()) {
            task.action.run();
        }
    }

    private static final class Task {
        final Runnable action;
        final Consumer<RejectedExecutionException> refused;
        /** Whether a loop has it, which passes it on if it is the wrong one. */
        final AtomicBoolean underWay = new AtomicBoolean();

        Task(Runnable action, Consumer<RejectedExecutionException> refused) {
            this.action = action;
            this.refused = refused;
        }
    }
}
