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
import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.WinNT;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongBinaryOperator;

/** {@link Win32Identity} on the real system, by JNA's direct mapping. */
final class JnaIdentity implements Win32Identity {
    /** The pseudo handles of this process and of this thread. */
    private static final long CURRENT_PROCESS = -1;
    private static final long CURRENT_THREAD = -2;
    private static final int TRUE = 1;
    private static final int TOKEN_USER = 1;
    private static final int TOKEN_GROUPS = 2;
    private static final int SE_GROUP_ENABLED = 0x4;
    private static final int SE_KERNEL_OBJECT = 6;
    private static final int SDDL_REVISION_1 = 1;
    private static final int SID_AND_ATTRIBUTES_SIZE = 16;

    JnaIdentity() {
        Native.register(Advapi32.class, "advapi32");
        Native.register(Kernel32.class, "kernel32");
    }

    private static void check(String call, int success) throws SystemCallException {
        if (success == 0) {
            throw new SystemCallException(call, Native.getLastError());
        }
    }

    /** Reads a string that the system allocated, and frees it. */
    private static String takeString(long address) {
        try {
            return new Pointer(address).getWideString(0);
        } finally {
            Kernel32.LocalFree(address);
        }
    }

    private static String sidText(long sid) throws SystemCallException {
        try (NativeMemory text = new NativeMemory(8, 8)) {
            check("ConvertSidToStringSid", Advapi32.ConvertSidToStringSidW(sid, text.address()));
            return takeString(text.view().getLong(0));
        }
    }

    @Override
    public String processUser() throws SystemCallException {
        long token = openProcessToken();
        try {
            return userOf(token);
        } finally {
            Kernel32.CloseHandle(token);
        }
    }

    @Override
    public List<String> processGroups() throws SystemCallException {
        long token = openProcessToken();
        try (NativeMemory groups = information(token, TOKEN_GROUPS)) {
            List<String> enabled = new ArrayList<>();
            int count = groups.view().getInt(0);
            for (int i = 0; i < count; i++) {
                int group = 8 + i * SID_AND_ATTRIBUTES_SIZE;
                if ((groups.view().getInt(group + 8) & SE_GROUP_ENABLED) != 0) {
                    enabled.add(sidText(groups.view().getLong(group)));
                }
            }
            return enabled;
        } finally {
            Kernel32.CloseHandle(token);
        }
    }

    private static long openProcessToken() throws SystemCallException {
        try (NativeMemory token = new NativeMemory(8, 8)) {
            check("OpenProcessToken", Advapi32.OpenProcessToken(CURRENT_PROCESS, WinNT.TOKEN_QUERY, token.address()));
            return token.view().getLong(0);
        }
    }

    private static NativeMemory information(long token, int informationClass) throws SystemCallException {
        int length;
        try (NativeMemory needed = new NativeMemory(4, 4)) {
            if (Advapi32.GetTokenInformation(token, informationClass, 0, 0, needed.address()) == 0
                    && Native.getLastError() != Win32Error.ERROR_INSUFFICIENT_BUFFER) {
                throw new SystemCallException("GetTokenInformation", Native.getLastError());
            }
            length = needed.view().getInt(0);
            NativeMemory answer = new NativeMemory(length, 8);
            if (Advapi32.GetTokenInformation(token, informationClass, answer.address(), length,
                    needed.address()) == 0) {
                int error = Native.getLastError();
                answer.close();
                throw new SystemCallException("GetTokenInformation", error);
            }
            return answer;
        }
    }

    @Override
    public byte[] descriptor(String sddl) throws SystemCallException {
        try (NativeMemory text = NativeMemory.wideString(sddl); NativeMemory out = new NativeMemory(16, 8)) {
            check("ConvertStringSecurityDescriptorToSecurityDescriptor",
                    Advapi32.ConvertStringSecurityDescriptorToSecurityDescriptorW(text.address(), SDDL_REVISION_1,
                            out.address(), out.address() + 8));
            long descriptor = out.view().getLong(0);
            try {
                return new Pointer(descriptor).getByteArray(0, out.view().getInt(8));
            } finally {
                Kernel32.LocalFree(descriptor);
            }
        }
    }

    @Override
    public String descriptorOf(long pipe) throws SystemCallException {
        int what = WinNT.OWNER_SECURITY_INFORMATION | WinNT.DACL_SECURITY_INFORMATION;
        try (NativeMemory out = new NativeMemory(16, 8)) {
            int error = Advapi32.GetSecurityInfo(pipe, SE_KERNEL_OBJECT, what, 0, 0, 0, 0, out.address());
            if (error != Win32Error.ERROR_SUCCESS) {
                throw new SystemCallException("GetSecurityInfo", error);
            }
            long descriptor = out.view().getLong(0);
            try {
                check("ConvertSecurityDescriptorToStringSecurityDescriptor",
                        Advapi32.ConvertSecurityDescriptorToStringSecurityDescriptorW(descriptor, SDDL_REVISION_1,
                                what, out.address() + 8, 0));
                return takeString(out.view().getLong(8));
            } finally {
                Kernel32.LocalFree(descriptor);
            }
        }
    }

    @Override
    public String ownerOf(long pipe) throws SystemCallException {
        try (NativeMemory out = new NativeMemory(16, 8)) {
            int error = Advapi32.GetSecurityInfo(pipe, SE_KERNEL_OBJECT, WinNT.OWNER_SECURITY_INFORMATION,
                    out.address(), 0, 0, 0, out.address() + 8);
            if (error != Win32Error.ERROR_SUCCESS) {
                throw new SystemCallException("GetSecurityInfo", error);
            }
            try {
                return sidText(out.view().getLong(0));
            } finally {
                Kernel32.LocalFree(out.view().getLong(8));
            }
        }
    }

    @Override
    public int processId(long pipe, boolean client) throws SystemCallException {
        return client ? id("GetNamedPipeClientProcessId", Kernel32::GetNamedPipeClientProcessId, pipe)
                : id("GetNamedPipeServerProcessId", Kernel32::GetNamedPipeServerProcessId, pipe);
    }

    @Override
    public int sessionId(long pipe, boolean client) throws SystemCallException {
        return client ? id("GetNamedPipeClientSessionId", Kernel32::GetNamedPipeClientSessionId, pipe)
                : id("GetNamedPipeServerSessionId", Kernel32::GetNamedPipeServerSessionId, pipe);
    }

    private static int id(String call, LongBinaryOperator function, long pipe) throws SystemCallException {
        try (NativeMemory id = new NativeMemory(4, 4)) {
            check(call, (int) function.applyAsLong(pipe, id.address()));
            return id.view().getInt(0);
        }
    }

    @Override
    public String accountName(String sid) throws SystemCallException {
        int capacity = 1024;
        int names = 24;
        try (NativeMemory text = NativeMemory.wideString(sid);
             NativeMemory out = new NativeMemory(names + 4 * capacity, 8)) {
            check("ConvertStringSidToSid", Advapi32.ConvertStringSidToSidW(text.address(), out.address()));
            long account = out.view().getLong(0);
            out.view().putInt(8, capacity).putInt(12, capacity);
            long name = out.address() + names;
            long domain = name + 2L * capacity;
            try {
                check("LookupAccountSid", Advapi32.LookupAccountSidW(0, account, name, out.address() + 8, domain,
                        out.address() + 12, out.address() + 16));
            } finally {
                Kernel32.LocalFree(account);
            }
            String domainName = new Pointer(domain).getWideString(0);
            String accountName = new Pointer(name).getWideString(0);
            return domainName.isEmpty() ? accountName : domainName + '\\' + accountName;
        }
    }

    @Override
    public int impersonateNamedPipeClient(long pipe) {
        return JnaWin32.error(Advapi32.ImpersonateNamedPipeClient(pipe));
    }

    @Override
    public long openThreadToken() {
        try (NativeMemory token = new NativeMemory(8, 8)) {
            // Opened as the process: who the thread acts as may not be allowed to.
            int opened = Advapi32.OpenThreadToken(CURRENT_THREAD, WinNT.TOKEN_QUERY | WinNT.TOKEN_IMPERSONATE, TRUE,
                    token.address());
            return opened == 0 ? -Native.getLastError() : token.view().getLong(0);
        }
    }

    @Override
    public String userOf(long token) throws SystemCallException {
        try (NativeMemory user = information(token, TOKEN_USER)) {
            return sidText(user.view().getLong(0));
        }
    }

    @Override
    public int setThreadToken(long token) {
        return JnaWin32.error(Advapi32.SetThreadToken(0, token));
    }

    @Override
    public int revertToSelf() {
        return JnaWin32.error(Advapi32.RevertToSelf());
    }

    private static final class Advapi32 {
        static native int OpenProcessToken(long process, int access, long token);

        static native int OpenThreadToken(long thread, int access, int openAsSelf, long token);

        static native int GetTokenInformation(long token, int informationClass, long information, int length,
                                              long returnedLength);

        static native int ConvertSidToStringSidW(long sid, long text);

        static native int ConvertStringSidToSidW(long text, long sid);

        static native int LookupAccountSidW(long system, long sid, long name, long nameLength, long domain,
                                            long domainLength, long use);

        static native int ConvertStringSecurityDescriptorToSecurityDescriptorW(long text, int revision,
                                                                               long descriptor, long size);

        static native int ConvertSecurityDescriptorToStringSecurityDescriptorW(long descriptor, int revision, int what,
                                                                               long text, long length);

        static native int GetSecurityInfo(long handle, int objectType, int what, long owner, long group, long dacl,
                                          long sacl, long descriptor);

        static native int ImpersonateNamedPipeClient(long pipe);

        static native int SetThreadToken(long thread, long token);

        static native int RevertToSelf();

        private Advapi32() {
        }
    }

    private static final class Kernel32 {
        static native int CloseHandle(long handle);

        static native long LocalFree(long memory);

        static native int GetNamedPipeClientProcessId(long pipe, long id);

        static native int GetNamedPipeServerProcessId(long pipe, long id);

        static native int GetNamedPipeClientSessionId(long pipe, long id);

        static native int GetNamedPipeServerSessionId(long pipe, long id);

        private Kernel32() {
        }
    }
}
