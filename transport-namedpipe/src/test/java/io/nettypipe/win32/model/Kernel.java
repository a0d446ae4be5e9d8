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

import io.nettypipe.win32.Win32Error;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;

/** What all parts of the model share: handles, operations under way, and the time they end. Guarded by its lock. */
final class Kernel {
    private static final int HANDLE_STEP = 4;

    final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    final Personality personality;
    final Schedule schedule;
    final KernelMemory memory = new KernelMemory(this::violation);
    private final Map<Long, KernelObject> handles = new LinkedHashMap<>();
    private long lastHandle;
    private final List<String> violations = new ArrayList<>();
    /** Listens that ended, whose threads have not been told. */
    private final List<Operation> procedureCalls = new ArrayList<>();
    private final ArrayDeque<Runnable> delayed = new ArrayDeque<>();
    private final List<Operation> waits = new ArrayList<>();
    private boolean neverBlocks;
    private final Map<Thread, ModelToken> impersonating = new IdentityHashMap<>();
    private int revertError = Win32Error.ERROR_SUCCESS;
    private LongSupplier clock = System::nanoTime;

    Kernel(Personality personality, Schedule schedule) {
        this.personality = personality;
        this.schedule = schedule;
    }

    /** Notes what the caller did, and where. */
    void violation(String what) {
        StringBuilder text = new StringBuilder(what);
        StackWalker.getInstance().forEach(frame -> {
            if (frame.getClassName().startsWith("io.nettypipe.")
                    && !frame.getClassName().startsWith(Kernel.class.getPackageName())) {
                text.append("\n    at ").append(frame);
            }
        });
        violations.add(text.toString());
    }

    List<String> violations() {
        return violations;
    }

    /** Makes a wait that would block answer that its time is over. */
    void neverBlock() {
        neverBlocks = true;
    }

    /** Takes the time, in nanoseconds, from something else than the system. */
    void tellTimeBy(LongSupplier newClock) {
        clock = newClock;
    }

    long nanoTime() {
        return clock.getAsLong();
    }

    // Handles

    <T extends KernelObject> T open(LongFunction<T> maker) {
        lastHandle += HANDLE_STEP;
        T object = maker.apply(lastHandle);
        handles.put(lastHandle, object);
        return object;
    }

    /** What a handle stands for, or {@code null} if the call is to answer ERROR_INVALID_HANDLE. */
    <T extends KernelObject> T object(long handle, Class<T> type) {
        KernelObject object = handles.get(handle);
        if (object == null || object.closed) {
            if (object != null) {
                violation(object + " was used after it was closed");
            }
            return null;
        }
        return type.isInstance(object) ? type.cast(object) : null;
    }

    int close(long handle) {
        KernelObject object = object(handle, KernelObject.class);
        if (object == null) {
            return Win32Error.ERROR_INVALID_HANDLE;
        }
        for (Operation op : new ArrayList<>(object.operations)) {
            violation(object + " was closed while the system has " + op);
            if (!op.ended) {
                object.abort(op, NtStatus.PIPE_BROKEN);
            }
        }
        object.closed = true;
        object.close();
        signal();
        return Win32Error.ERROR_SUCCESS;
    }

    /** What a handle stands for or, if it is closed, stood for. */
    KernelObject everOpened(long handle) {
        return handles.get(handle);
    }

    List<KernelObject> open() {
        List<KernelObject> open = new ArrayList<>(handles.values());
        open.removeIf(object -> object.closed);
        return open;
    }

    // Who acts

    /** Whom the calling thread acts as, or {@code null} for its process. */
    ModelToken threadToken() {
        return impersonating.get(Thread.currentThread());
    }

    void actAs(ModelToken token) {
        impersonating.put(Thread.currentThread(), token);
    }

    /** Ends an impersonation, or goes on with another; answers the error that a test wants. */
    int change(ModelToken token) {
        if (revertError != Win32Error.ERROR_SUCCESS) {
            return revertError;
        }
        if (token == null) {
            impersonating.remove(Thread.currentThread());
        } else {
            actAs(token);
        }
        return Win32Error.ERROR_SUCCESS;
    }

    void failReverts(int error) {
        revertError = error;
    }

    Map<Thread, ModelToken> impersonating() {
        return impersonating;
    }

    // Operations

    /** Starts an operation: {@code starter} may end it. Returns what the call answers. */
    int start(Operation op, Runnable starter) {
        memory.take(op);
        op.target.operations.add(op);
        starter.run();
        op.starting = false;
        if (!op.ended) {
            return Win32Error.ERROR_IO_PENDING;
        }
        if (op.target.port != null && !tellsAtOnce(op)) {
            announce(op);
            return Win32Error.ERROR_IO_PENDING;
        }
        if (NtStatus.isSuccessOrWarning(op.status)) {
            giveBack(op);
        } else {
            op.target.operations.remove(op);
            memory.forget(op);
        }
        return NtStatus.toError(op.status);
    }

    /**
     * Whether the call itself tells the end of an operation that is over when it returns; if not, it answers that the
     * operation is pending, and its packet is queued already. Never both.
     */
    private boolean tellsAtOnce(Operation op) {
        if (op.kind == Operation.Kind.LISTEN) {
            return true;
        }
        if (op.kind == Operation.Kind.FLUSH) {
            return personality.flushesByItself() && schedule.tellsAllAtOnce();
        }
        boolean control = op.kind == Operation.Kind.WAIT;
        if (op.status == NtStatus.BUFFER_OVERFLOW || control) {
            return personality.tellsAllAtOnce() || schedule.tellsAllAtOnce();
        }
        return !NtStatus.isSuccessOrWarning(op.status) || schedule.endsAtOnce();
    }

    void end(Operation op, int status, int transferred) {
        if (op.ended) {
            throw new IllegalStateException("ended twice: " + op);
        }
        op.ended = true;
        op.status = status;
        op.transferred = transferred;
        waits.remove(op);
        if (!op.starting) {
            announce(op);
        }
    }

    private void announce(Operation op) {
        boolean early = schedule.writesEarly();
        if (early) {
            memory.write(op);
        }
        if (op.kind == Operation.Kind.LISTEN) {
            if (early) {
                giveBack(op);
            }
            procedureCalls.add(op);
        } else if (op.target.port != null && !op.target.port.closed) {
            op.target.port.add(op);
        } else {
            giveBack(op);
        }
        signal();
    }

    void giveBack(Operation op) {
        op.target.operations.remove(op);
        memory.giveBack(op);
    }

    int cancel(KernelObject target, long block) {
        int answer = Win32Error.ERROR_NOT_FOUND;
        for (Operation op : new ArrayList<>(target.operations)) {
            if ((block == 0 || op.block == block) && !op.ended) {
                cancel(op);
                answer = Win32Error.ERROR_SUCCESS;
            }
        }
        return answer;
    }

    private void cancel(Operation op) {
        if (op.cancelAsked) {
            return;
        }
        op.cancelAsked = true;
        if (schedule.delaysCancel()) {
            delayed.add(() -> cancelNow(op));
            signal();
        } else {
            cancelNow(op);
        }
    }

    private void cancelNow(Operation op) {
        if (!op.ended) {
            op.target.abort(op, NtStatus.CANCELLED);
        }
    }

    /** Ends an operation as timed out when its deadline has passed. */
    void endAtDeadline(Operation op) {
        waits.add(op);
    }

    private void endOverdue() {
        for (Operation op : new ArrayList<>(waits)) {
            if (op.deadline != Long.MAX_VALUE && op.deadline - nanoTime() <= 0) {
                op.target.abort(op, NtStatus.IO_TIMEOUT);
            }
        }
    }

    // Waiting

    void signal() {
        changed.signalAll();
    }

    int dequeue(CompletionPort port, long entries, int capacity, long removed, int timeoutMillis) {
        long deadline = nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        boolean held = schedule.holdsBack();
        for (;;) {
            if (port.closed) {
                return Win32Error.ERROR_INVALID_HANDLE;
            }
            endOverdue();
            if (!delayed.isEmpty() && schedule.runsDelayed()) {
                delayed.poll().run();
            }
            if (!held && !port.isEmpty()) {
                endListensBehindPackets();
                KernelMemory.at(removed).setInt(0, port.remove(entries, capacity));
                return Win32Error.ERROR_SUCCESS;
            }
            if (!held && callProcedures()) {
                return Win32Error.WAIT_IO_COMPLETION;
            }
            // Windows writes a count also when it fails.
            KernelMemory.at(removed).setInt(0, 1 - schedule.next(2));
            boolean timeLeft = timeoutMillis < 0 || deadline - nanoTime() > 0;
            if (timeLeft && (held || !delayed.isEmpty())) {
                held = false;
                if (!delayed.isEmpty()) {
                    delayed.poll().run();
                }
            } else if (!timeLeft || neverBlocks || !await(timeoutMillis < 0 ? Long.MAX_VALUE : deadline)) {
                return Win32Error.WAIT_TIMEOUT;
            }
        }
    }

    /**
     * A wait that finds packets calls no procedures, but the system has written the status blocks by then, if not at
     * once: it does that in the thread itself, whatever that waits for.
     */
    private void endListensBehindPackets() {
        for (Operation op : procedureCalls) {
            if (op.thread == Thread.currentThread() && op.target.operations.contains(op) && !schedule.holdsBack()) {
                giveBack(op);
            }
        }
    }

    /** Whether a dequeue by a thread has something to answer, or a delayed cancel to carry out, now. */
    boolean hasWork(CompletionPort port, Thread thread) {
        endOverdue();
        return port.closed || !port.isEmpty() || !delayed.isEmpty()
                || procedureCalls.stream().anyMatch(op -> op.thread == thread);
    }

    private boolean callProcedures() {
        boolean called = false;
        for (Operation op : new ArrayList<>(procedureCalls)) {
            if (op.thread == Thread.currentThread()) {
                procedureCalls.remove(op);
                if (op.target.operations.contains(op)) {
                    giveBack(op);
                }
                KernelMemory.at(op.signal).setLong(0, 0);
                called = true;
            }
        }
        return called;
    }

    /** Waits for a change, until an operation is overdue, or until the deadline; false if the thread is interrupted. */
    boolean await(long deadline) {
        long until = deadline;
        for (Operation op : waits) {
            until = Math.min(until, op.deadline);
        }
        try {
            if (until == Long.MAX_VALUE) {
                changed.await();
            } else {
                changed.awaitNanos(until - nanoTime());
            }
        } catch (InterruptedException e) {
            // A wait of the system knows no interrupts.
            return stayInterrupted();
        }
        return true;
    }

    private static boolean stayInterrupted() {
        Thread.currentThread().interrupt();
        return false;
    }
}
