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
import io.nettypipe.iocp.IocpIoRegistration;
import io.nettypipe.win32.ErrorText;
import io.nettypipe.win32.NativeMemory;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.WinError;

/**
 * The event loop whose completion port a channel's handle belongs to. On Windows 8.1 and later the handle can leave it;
 * where it cannot, the channel can come back to this event loop, and to no other.
 */
final class HandleHome {
    private volatile EventLoop home;
    private volatile int leaveError;

    /** Joins the port of the event loop, if it does not belong to it already. */
    void join(IocpIoRegistration registration, EventLoop loop, long handle, NamedPipeAddress pipe)
            throws NamedPipeException {
        if (home == null) {
            int error = registration.associate(handle);
            if (error != WinError.ERROR_SUCCESS) {
                throw new NamedPipeException("CreateIoCompletionPort", pipe, error);
            }
            home = loop;
        }
    }

    boolean hasPort() {
        return home != null;
    }

    /** Leaves the port if the system can do that; nothing may be outstanding. Returns the error. */
    int leave(Win32 win32, long handle) {
        try (NativeMemory scratch = new NativeMemory(32, 8)) {
            leaveError = win32.dissociate(handle, scratch.address());
            if (leaveError == WinError.ERROR_SUCCESS) {
                home = null;
            }
            return leaveError;
        }
    }

    /** Why the handle cannot join an event loop, or {@code null}. Any thread. */
    String whyNot(EventLoop loop) {
        EventLoop first = home;
        return first == null || first == loop ? null : "its handle belongs to the completion port of its first event "
                + "loop for good, because this system cannot release it (FileReplaceCompletionInformation, Windows 8.1 "
                + "and later: " + ErrorText.of(leaveError) + "); it can be registered with that event loop again, and "
                + "with no other";
    }
}
