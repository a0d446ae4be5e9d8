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
package io.nettypipe.iocp;

import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.nettypipe.win32.Win32;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What an {@link IocpIoHandle} can do once it is registered. The event loop wraps it; {@link #attachment()} of the
 * wrapper answers this. It knows what is outstanding, and leaves the handler only when nothing is. Methods are for the
 * event loop's thread unless they say otherwise.
 */
public final class IocpIoRegistration implements IoRegistration {
    final IocpIoHandle handle;
    final int id;
    private final IocpIoHandler handler;
    private final AtomicBoolean cancelled = new AtomicBoolean();
    /** The outstanding operations, each of which knows its neighbours. */
    private IocpIoOps last;
    private int outstanding;
    private int outstandingWrites;
    /** All writes are to be cancelled. */
    private boolean cancellingWrites;
    private boolean removed;

    IocpIoRegistration(IocpIoHandler handler, IocpIoHandle handle, int id) {
        this.handler = handler;
        this.handle = handle;
        this.id = id;
    }

    /**
     * Starts an operation.
     *
     * @param ops an {@link IocpIoOps} that is not outstanding. If the operation stays outstanding, it and the memory
     *            it names belong to the system until the handle is told of its end, which it is exactly once.
     * @return an identifier other than 0 if the operation is outstanding; 0 if it has ended already, in which case
     *     {@link IocpIoOps#error()} and {@link IocpIoOps#bytesTransferred()} have the result and nobody is told
     * @throws IllegalStateException if the operation is outstanding, or the caller is not the event loop
     */
    @Override
    public long submit(IoOps ops) {
        return handler.submit(this, (IocpIoOps) ops);
    }

    /**
     * Associates a handle with the event loop's completion port, so that its operations can be submitted here. Not
     * needed for {@link IocpIoOps#listen}.
     *
     * @param fileHandle a handle opened with {@code FILE_FLAG_OVERLAPPED}
     * @return the Win32 error, 0 for success; {@code ERROR_INVALID_PARAMETER} (87) if it belongs to a port already
     */
    public int associate(long fileHandle) {
        return handler.associate(this, fileHandle);
    }

    /**
     * Asks the system to cancel an operation. Of its end the handle is told all the same: with
     * {@code ERROR_OPERATION_ABORTED}, or with the result if the operation was faster. Does nothing if it is not
     * outstanding.
     *
     * @param ops an operation that was submitted here
     */
    public void cancel(IocpIoOps ops) {
        if (ops.registration == this) {
            handler.cancel(ops);
        }
    }

    /**
     * Asks to cancel all that is outstanding, with or without the writes. Of those the latest is cancelled first, and
     * each of the others once the next one has ended: a later one that is not cancelled in time would otherwise follow
     * an earlier one that is, and what is written would have a gap.
     */
    void cancelAll(boolean writesToo) {
        for (IocpIoOps ops = last; ops != null; ops = ops.previous) {
            if (ops.kind != IocpIoOps.Kind.WRITE) {
                handler.cancel(ops);
            }
        }
        cancellingWrites |= writesToo && outstandingWrites > 0;
        cancelLatestWrite();
    }

    private void cancelLatestWrite() {
        for (IocpIoOps ops = last; ops != null && cancellingWrites; ops = ops.previous) {
            if (ops.kind == IocpIoOps.Kind.WRITE) {
                handler.cancel(ops);
                return;
            }
        }
    }

    /** How many operations are outstanding. */
    public int outstanding() {
        return outstanding;
    }

    int outstandingWrites() {
        return outstandingWrites;
    }

    @Override
    public boolean isValid() {
        return !cancelled.get();
    }

    /**
     * Cancels the registration: nothing can be submitted any more. {@link IocpIoHandle#unregistered()} is called once
     * nothing is outstanding, at once or later. It does not cancel operations. Any thread.
     *
     * @return {@code true} the first time
     */
    @Override
    public boolean cancel() {
        if (!cancelled.compareAndSet(false, true)) {
            return false;
        }
        handler.executeOnLoop(this::removeIfDone);
        return true;
    }

    Win32 win32() {
        return handler.win32();
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T attachment() {
        return (T) this;
    }

    void started(IocpIoOps ops) {
        ops.registration = this;
        ops.previous = last;
        if (last != null) {
            last.next = ops;
        }
        last = ops;
        outstanding++;
        if (ops.kind == IocpIoOps.Kind.WRITE) {
            outstandingWrites++;
        }
    }

    /** Tells the handle of an ended operation. An exception of it stays here, so that the other handles get theirs. */
    void ended(IocpIoOps ops) {
        unlink(ops);
        outstanding--;
        if (ops.kind == IocpIoOps.Kind.WRITE) {
            outstandingWrites--;
            cancelLatestWrite();
            cancellingWrites &= outstandingWrites > 0;
        }
        try {
            handle.handle(this, ops);
        } catch (Throwable t) {
            handler.logger().warn("A handle failed on the completion of {}", ops, t);
        } finally {
            removeIfDone();
        }
    }

    private void unlink(IocpIoOps ops) {
        if (ops.next == null) {
            last = ops.previous;
        } else {
            ops.next.previous = ops.previous;
        }
        if (ops.previous != null) {
            ops.previous.next = ops.next;
        }
        ops.previous = null;
        ops.next = null;
        ops.registration = null;
    }

    private void removeIfDone() {
        if (outstanding == 0 && !isValid() && !removed) {
            removed = true;
            handler.remove(this);
        }
    }
}
