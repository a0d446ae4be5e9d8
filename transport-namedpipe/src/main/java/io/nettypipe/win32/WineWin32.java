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
package io.nettypipe.win32;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/** Wine, made to answer as Windows does where Wine 8 does not. */
final class WineWin32 extends JnaWin32 {
    private static final int ERROR_PIPE_LISTENING = 536;

    WineWin32() {
        Native.register(Ntdll.class, "ntdll");
    }

    static boolean isHere() {
        try {
            NativeLibrary.getInstance("ntdll").getFunction("wine_get_version");
            return true;
        } catch (UnsatisfiedLinkError windows) {
            return false;
        }
    }

    @Override
    public long createNamedPipe(long name, int openMode, int pipeMode, int maxInstances, int outBufferSize,
                                int inBufferSize, long securityAttributes) {
        if ((openMode & PipeFlags.FILE_FLAG_FIRST_PIPE_INSTANCE) != 0 && exists(name)) {
            return -WinError.ERROR_ACCESS_DENIED;
        }
        return super.createNamedPipe(name, openMode, pipeMode, maxInstances, outBufferSize, inBufferSize,
                securityAttributes);
    }

    /** Wine does not know {@code FILE_CREATE}, so the name is asked for. This can be raced, which Windows' cannot. */
    private boolean exists(long name) {
        return waitNamedPipe(name, 1) != WinError.ERROR_FILE_NOT_FOUND;
    }

    /** Wine's begins listening, and cannot be disconnected before somebody was connected; so this connects to it. */
    @Override
    public long holdNamedPipe(long name, int openMode, int pipeMode, int maxInstances, int outBufferSize,
                              int inBufferSize, long securityAttributes) {
        if (exists(name)) {
            return -WinError.ERROR_ACCESS_DENIED;
        }
        // Wine takes any other type than 0 for messages, that which rejects other machines' clients included.
        long holder = super.holdNamedPipe(name, openMode, pipeMode & ~PipeFlags.PIPE_REJECT_REMOTE_CLIENTS,
                maxInstances, outBufferSize, inBufferSize, securityAttributes);
        if (holder < 0) {
            return holder;
        }
        long client = createFile(name, PipeFlags.FILE_READ_ATTRIBUTES, 0);
        // If that was refused, somebody else was faster, whom this disconnects.
        int error = disconnectNamedPipe(holder);
        if (client >= 0) {
            closeHandle(client);
        }
        if (error != WinError.ERROR_SUCCESS) {
            closeHandle(holder);
            return error == ERROR_PIPE_LISTENING && client < 0 ? client : -error;
        }
        return holder;
    }

    /** In Wine {@code CancelIoEx} finds it by its status block. */
    @Override
    public int flushBuffersFile(long handle, long statusBlock) {
        return errorOf(Ntdll.NtFlushBuffersFile(handle, statusBlock));
    }

    private static final class Ntdll {
        static native int NtFlushBuffersFile(long file, long statusBlock);

        private Ntdll() {
        }
    }
}
