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

import io.netty.channel.IoEvent;
import io.netty.channel.IoOps;
import io.nettypipe.win32.Win32Error;

/**
 * One overlapped operation. It is made once and submitted as often as wanted, one time after another, so that nothing
 * is allocated for a message: set what it is to work on, {@linkplain IocpIoRegistration#submit submit} it, and take the
 * result from it when it has ended. For the event loop's thread only.
 */
public final class IocpIoOps implements IoOps, IoEvent {

    enum Kind { READ, WRITE, CONTROL, LISTEN }

    final Kind kind;
    private final IocpIoCompletion completion;
    long handle;
    long address;
    int length;
    int controlCode;

    // What the handler knows of it while it is outstanding.
    IocpIoRegistration registration;
    IocpIoOps previous;
    IocpIoOps next;
    OverlappedSlab.Chunk chunk;
    int record;
    long overlapped;
    boolean cancelRequested;

    private int error;
    private int bytesTransferred;

    private IocpIoOps(Kind kind, IocpIoCompletion completion) {
        this.kind = kind;
        this.completion = completion;
    }

    /**
     * A {@code ReadFile}.
     *
     * @param completion is told when it ends, if it stayed outstanding
     */
    public static IocpIoOps read(IocpIoCompletion completion) {
        return new IocpIoOps(Kind.READ, completion);
    }

    /**
     * A {@code WriteFile}.
     *
     * @param completion is told when it ends, if it stayed outstanding
     */
    public static IocpIoOps write(IocpIoCompletion completion) {
        return new IocpIoOps(Kind.WRITE, completion);
    }

    /**
     * A file system control, {@code NtFsControlFile}, without output.
     *
     * @param controlCode the FSCTL
     * @param completion  is told when it ends, if it stayed outstanding
     */
    public static IocpIoOps control(int controlCode, IocpIoCompletion completion) {
        IocpIoOps ops = new IocpIoOps(Kind.CONTROL, completion);
        ops.controlCode = controlCode;
        return ops;
    }

    /**
     * A wait for a client on an instance of a pipe, {@code FSCTL_PIPE_LISTEN}. The handle stays free to join the
     * completion port of another event loop afterwards.
     *
     * @param completion is told when it ends, if it stayed outstanding
     */
    public static IocpIoOps listen(IocpIoCompletion completion) {
        return new IocpIoOps(Kind.LISTEN, completion);
    }

    /**
     * Sets what the next submission works on.
     *
     * @param handle  the handle
     * @param address the address of the buffer, or of the input; ignored for a listen
     * @param length  its size in bytes
     * @return this
     * @throws IllegalStateException if the operation is outstanding
     */
    public IocpIoOps on(long handle, long address, int length) {
        if (isOutstanding()) {
            throw new IllegalStateException("still outstanding: " + this);
        }
        this.handle = handle;
        this.address = address;
        this.length = length;
        return this;
    }

    /** Whether the system has it, so that its event is still to come. */
    public boolean isOutstanding() {
        return registration != null;
    }

    /** The Win32 error of the last submission, 0 for success; defined once that ended. */
    public int error() {
        return error;
    }

    /** The bytes that the last submission moved; defined once that ended. */
    public int bytesTransferred() {
        return bytesTransferred;
    }

    /** Whether the last submission filled its buffer from a message of which more is to come. */
    public boolean isMoreData() {
        return error == Win32Error.ERROR_MORE_DATA;
    }

    IocpIoCompletion completion() {
        return completion;
    }

    void ended(int error, int bytesTransferred) {
        this.error = error;
        this.bytesTransferred = bytesTransferred;
    }

    @Override
    public String toString() {
        return kind + (kind == Kind.CONTROL ? "(0x" + Integer.toHexString(controlCode) + ", " : "(") + "handle 0x"
                + Long.toHexString(handle) + ", " + length + " bytes)";
    }
}
