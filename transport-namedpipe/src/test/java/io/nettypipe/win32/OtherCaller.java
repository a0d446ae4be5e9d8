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

import com.sun.jna.Function;
import io.nettypipe.win32.model.ModelToken;
import io.nettypipe.win32.model.ModelWin32;

import java.util.List;
import java.util.function.ToLongFunction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

/**
 * Somebody else who makes calls on the same system, with fewer rights than this process. On the real one it is the
 * calling thread, which acts for the time of a call by a token that is made from that of the process: a second account
 * would need a password.
 */
public enum OtherCaller {
    /** This user in a sandbox. */
    OF_LOW_INTEGRITY {
        @Override
        ModelToken model(ModelToken process) {
            return process.ofLowIntegrity();
        }

        @Override
        long token(long process, String user) {
            long token = duplicate(process);
            try (NativeMemory label = new NativeMemory(16, 8)) {
                int integrity = 0x20;
                label.view().putLong(0, sid("S-1-16-4096")).putInt(8, integrity);
                invoke("SetTokenInformation", token, 25, label.address(), 16 + 12);
            }
            return token;
        }
    },

    /** Somebody who is neither this user nor an administrator: an authenticated user like others. */
    OF_ANOTHER_USER {
        @Override
        ModelToken model(ModelToken process) {
            return ModelToken.of("S-1-5-21-1-2-3-1999");
        }

        @Override
        long token(long process, String user) {
            List<String> disabled = List.of(user, "S-1-5-32-544");
            try (NativeMemory sids = new NativeMemory(16 * disabled.size(), 8);
                 NativeMemory out = new NativeMemory(8, 8)) {
                for (int i = 0; i < disabled.size(); i++) {
                    sids.view().putLong(16 * i, sid(disabled.get(i)));
                }
                invoke("CreateRestrictedToken", process, 0, disabled.size(), sids.address(), 0, 0L, 0, 0L,
                        out.address());
                long restricted = out.view().getLong(0);
                long token = duplicate(restricted);
                SystemWin32.get().closeHandle(restricted);
                return token;
            }
        }
    };

    private static final long CURRENT_PROCESS = -1;
    private static final int TOKEN_RIGHTS = 0x1 | 0x2 | 0x4 | 0x8 | 0x80;

    abstract ModelToken model(ModelToken process);

    abstract long token(long process, String user);

    /** Makes a call of the system as somebody else. The calling thread. */
    public long call(Win32 win32, ToLongFunction<Win32> call) throws SystemCallException {
        if (win32 instanceof ModelWin32) {
            ModelWin32 model = (ModelWin32) win32;
            return call.applyAsLong(model.as(model(model.process())).notVerified());
        }
        begin(win32);
        try {
            return call.applyAsLong(win32);
        } finally {
            assertEquals(Win32Error.ERROR_SUCCESS, win32.identity().revertToSelf());
        }
    }

    /** From now on the calling thread acts as somebody else, until it reverts. The real system. */
    public void begin(Win32 win32) throws SystemCallException {
        try (NativeMemory process = new NativeMemory(8, 8)) {
            invoke("OpenProcessToken", CURRENT_PROCESS, TOKEN_RIGHTS, process.address());
            long token = token(process.view().getLong(0), win32.identity().processUser());
            assertEquals(Win32Error.ERROR_SUCCESS, win32.identity().setThreadToken(token));
            win32.closeHandle(token);
            win32.closeHandle(process.view().getLong(0));
        }
    }

    private static long duplicate(long token) {
        try (NativeMemory out = new NativeMemory(8, 8)) {
            int securityImpersonation = 2;
            int tokenImpersonation = 2;
            invoke("DuplicateTokenEx", token, TOKEN_RIGHTS, 0L, securityImpersonation, tokenImpersonation,
                    out.address());
            return out.view().getLong(0);
        }
    }

    /** Never freed: there are a handful. */
    private static long sid(String text) {
        try (NativeMemory name = NativeMemory.wideString(text); NativeMemory out = new NativeMemory(8, 8)) {
            invoke("ConvertStringSidToSidW", name.address(), out.address());
            return out.view().getLong(0);
        }
    }

    private static void invoke(String name, Object... arguments) {
        assertNotEquals(0, Function.getFunction("advapi32", name).invokeInt(arguments), name);
    }
}
