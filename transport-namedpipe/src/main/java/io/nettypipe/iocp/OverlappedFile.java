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

import io.netty.channel.EventLoop;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.nettypipe.win32.ErrorText;
import io.nettypipe.win32.NativeMemory;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.Win32Error;

/**
 * A file that does overlapped I/O, of whatever kind: its handle, the completion port that it belongs to, and the
 * operations that are outstanding. It is registered with an event loop, may have its handle before or get it later, and
 * can leave that loop for another with nothing outstanding. Methods are for the event loop's thread unless they say
 * otherwise.
 * <p>
 * A file that nobody owns is closed when its event loop ends, and by {@link #close()}: its operations are cancelled,
 * and its handle is closed when the last of them has ended.
 */
public final class OverlappedFile implements IocpIoHandle {

    /** Who decides what becomes of a file. On the event loop. */
    public interface Owner {
        /** An operation ended, after its own completion was told. */
        void operationEnded();

        /** The event loop is about to end. Called again, if the file is still registered then. */
        void loopEnds();
    }

    private Owner owner;
    private long handle;
    private IoRegistration loopRegistration;
    /** Volatile for tasks of a loop that it has left. */
    private volatile IocpIoRegistration registration;
    private EventLoop loop;
    /** The event loop to whose port the handle belongs. */
    private volatile EventLoop portLoop;
    private volatile int leaveError;
    private Win32 win32;
    private Runnable whenIdle;

    /** A file without a handle, which {@link #open} gives it. Operations of other handles can be submitted to it. */
    public OverlappedFile() {
    }

    /**
     * A file.
     *
     * @param handle was opened with {@code FILE_FLAG_OVERLAPPED}, and belongs to no port. It joins one by {@link #join}
     */
    public OverlappedFile(long handle) {
        this.handle = handle;
    }

    /** Says who decides from now on; {@code null} for nobody. */
    public void ownedBy(Owner newOwner) {
        owner = newOwner;
    }

    /** Registers with an event loop, as long as it is registered with none. Any thread. */
    public Future<Void> register(IoEventLoop eventLoop) {
        Promise<Void> promise = eventLoop.newPromise();
        eventLoop.register(this).addListener((Future<IoRegistration> future) -> {
            if (!future.isSuccess()) {
                promise.setFailure(future.cause());
                return;
            }
            loop = eventLoop;
            loopRegistration = future.getNow();
            registration = loopRegistration.attachment();
            win32 = registration().win32();
            promise.setSuccess(null);
        });
        return promise;
    }

    /** Where it is registered, or {@code null}. Any thread. */
    public IocpIoRegistration registration() {
        return registration;
    }

    /**
     * The system calls of its last event loop.
     *
     * @param type the type of what makes them
     */
    public <T> T system(Class<T> type) {
        return type.cast(win32);
    }

    /** The handle, or 0 if it has none. */
    public long handle() {
        return handle;
    }

    /**
     * Takes a handle, which joins the port.
     *
     * @param opened was opened with {@code FILE_FLAG_OVERLAPPED}
     * @return the Win32 error, 0 for success; otherwise the handle is still the caller's
     */
    public int open(long opened) {
        int error = registration.associate(opened);
        if (error == Win32Error.ERROR_SUCCESS) {
            handle = opened;
            portLoop = loop;
        }
        return error;
    }

    /** Joins the port, if there is a handle and it has not joined. Returns the Win32 error, 0 for success. */
    public int join() {
        if (hasPort()) {
            return portLoop == loop ? Win32Error.ERROR_SUCCESS : Win32Error.ERROR_INVALID_PARAMETER;
        }
        return handle == 0 ? Win32Error.ERROR_SUCCESS : open(handle);
    }

    /** Whether the handle belongs to a port. */
    public boolean hasPort() {
        return portLoop != null;
    }

    /**
     * Leaves the port, if the handle belongs to one and the system can do that; nothing may be outstanding.
     *
     * @return the Win32 error, 0 for success
     */
    public int leave() {
        if (!hasPort()) {
            return Win32Error.ERROR_SUCCESS;
        }
        try (NativeMemory scratch = new NativeMemory(32, 8)) {
            leaveError = win32.dissociate(handle, scratch.address());
        }
        if (leaveError == Win32Error.ERROR_SUCCESS) {
            portLoop = null;
        }
        return leaveError;
    }

    /** Why it cannot be registered with an event loop, {@code null} if it can. Any thread. */
    public String reasonAgainst(EventLoop wanted) {
        EventLoop first = portLoop;
        return first == null || first == wanted ? null : "its handle belongs to the completion port of its first event "
                + "loop for good, because this system cannot release it (FileReplaceCompletionInformation, Windows 8.1 "
                + "and later: " + ErrorText.of(leaveError) + "); it can be registered with that event loop again, and "
                + "with no other";
    }

    /**
     * Starts an operation of the file.
     *
     * @param ops     an operation that is not outstanding
     * @param address the address of its buffer, or of its input
     * @param length  the size of that in bytes
     * @return whether it is outstanding, so that its completion is still to be told; if not, it has ended already
     */
    public boolean submit(IocpIoOps ops, long address, int length) {
        return submit(ops.on(handle, address, length));
    }

    /** Starts an operation as {@link #submit(IocpIoOps, long, int)} does, of the handle that it is set on. */
    public boolean submit(IocpIoOps ops) {
        return registration.submit(ops) != 0;
    }

    /** Asks to cancel an operation, if it is outstanding; it is told of as ever. */
    public void cancel(IocpIoOps ops) {
        if (registration != null) {
            registration.cancel(ops);
        }
    }

    /** Asks to cancel everything outstanding. */
    public void cancelAll() {
        if (registration != null) {
            registration.cancelAll(true);
        }
    }

    /** Asks to cancel everything outstanding but writes. */
    public void cancelAllButWrites() {
        if (registration != null) {
            registration.cancelAll(false);
        }
    }

    /** How many operations are outstanding. */
    public int outstanding() {
        return registration == null ? 0 : registration.outstanding();
    }

    /** How many writes are outstanding. */
    public int outstandingWrites() {
        return registration == null ? 0 : registration.outstandingWrites();
    }

    /** Whether nothing is outstanding. */
    public boolean isIdle() {
        return outstanding() == 0;
    }

    /** Has something done once nothing is outstanding, maybe now; in place of what was to be done before. */
    public void whenIdle(Runnable action) {
        whenIdle = action;
        runIfIdle();
    }

    private void runIfIdle() {
        Runnable action = whenIdle;
        if (action != null && isIdle()) {
            whenIdle = null;
            action.run();
        }
    }

    /** For the handler: tells the operation's {@link IocpIoCompletion} of its end, and then the owner. */
    @Override
    public void handle(IoRegistration ignored, IoEvent event) {
        IocpIoOps ops = (IocpIoOps) event;
        try {
            ops.completion().completed(ops);
        } finally {
            if (owner != null) {
                owner.operationEnded();
            }
            runIfIdle();
        }
    }

    /** Ends the registration, so that there can be another; nothing is outstanding, and the handle is kept. */
    public void deregister() {
        if (registration != null) {
            loopRegistration.cancel();
            registration = null;
        }
    }

    /** Ends the registration for good, with nothing outstanding, and returns the handle, which is the caller's now. */
    public long release() {
        long released = handle;
        handle = 0;
        deregister();
        return released;
    }

    /** Closes the file, or if it is owned leaves that to its owner. The event loop calls this when it ends. */
    @Override
    public void close() {
        if (owner != null) {
            owner.loopEnds();
            return;
        }
        cancelAll();
        whenIdle(() -> {
            long released = release();
            if (released != 0) {
                win32.closeHandle(released);
            }
        });
    }
}
