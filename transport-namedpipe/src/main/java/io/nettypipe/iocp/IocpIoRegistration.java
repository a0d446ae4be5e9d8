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

/**
 * What an {@link IocpIoHandle} can do once it is registered. The event loop wraps it; {@link #attachment()} of the
 * wrapper answers this. Methods are for the event loop's thread unless they say otherwise.
 */
public interface IocpIoRegistration extends IoRegistration {

    /**
     * Starts an operation.
     *
     * @param ops an {@link IocpIoOps} that is not outstanding. If the operation stays outstanding, it and the memory
     *            it names belong to the system until its {@link IocpIoEvent} arrives, which it does exactly once.
     * @return an identifier other than 0 if the operation is outstanding; 0 if it has ended already, in which case
     *     {@link IocpIoOps#error()} and {@link IocpIoOps#bytesTransferred()} have the result and there is no event
     * @throws IllegalStateException if the operation is outstanding, or the caller is not the event loop
     */
    @Override
    long submit(IoOps ops);

    /**
     * Associates a handle with the event loop's completion port, so that its operations can be submitted here. Not
     * needed for {@link IocpIoOps#listen(Object)}.
     *
     * @param handle a handle opened with {@code FILE_FLAG_OVERLAPPED}
     * @return the Win32 error, 0 for success; {@code ERROR_INVALID_PARAMETER} (87) if it belongs to a port already
     */
    int associate(long handle);

    /**
     * Asks the system to cancel an operation. Its event arrives all the same: with
     * {@code ERROR_OPERATION_ABORTED}, or with the result if the operation was faster. Does nothing if it is not
     * outstanding.
     *
     * @param ops an operation that was submitted here
     */
    void cancel(IocpIoOps ops);

    /** How many operations are outstanding. */
    int outstanding();

    /**
     * Cancels the registration: nothing can be submitted any more. {@link IocpIoHandle#unregistered()} is called once
     * nothing is outstanding, at once or later. It does not cancel operations. Any thread.
     *
     * @return {@code true} the first time
     */
    @Override
    boolean cancel();

    /** The system calls that this event loop makes. Any thread. */
    Win32 win32();
}
