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
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private static final int SID_TYPE_DOMAIN = 3;
    private static final int SID_TYPE_WELL_KNOWN_GROUP = 5;
    private static final int SYSTEM_MANDATORY_LABEL_NO_WRITE_UP = 1;
    private static final int SECURITY_MANDATORY_MEDIUM_RID = 0x2000;
    private static final String EVERYONE = "S-1-1-0";

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

    /** What is made of a part of a pipe's descriptor: the owner's SID, or an ACL, 0 if there is none. */
    private interface Part<T> {
        T read(long address) throws SystemCallException;
    }

    private static <T> T security(long pipe, int what, Part<T> part) throws SystemCallException {
        try (NativeMemory out = new NativeMemory(16, 8)) {
            long address = out.address();
            int error = Advapi32.GetSecurityInfo(pipe, SE_KERNEL_OBJECT, what,
                    what == WinNT.OWNER_SECURITY_INFORMATION ? address : 0, 0,
                    what == WinNT.DACL_SECURITY_INFORMATION ? address : 0,
                    what == WinNT.LABEL_SECURITY_INFORMATION ? address : 0, address + 8);
            if (error != Win32Error.ERROR_SUCCESS) {
                throw new SystemCallException("GetSecurityInfo", error);
            }
            try {
                return part.read(out.view().getLong(0));
            } finally {
                Kernel32.LocalFree(out.view().getLong(8));
            }
        }
    }

    @Override
    public String ownerOf(long pipe) throws SystemCallException {
        return security(pipe, WinNT.OWNER_SECURITY_INFORMATION, JnaIdentity::sidText);
    }

    /** The addresses of the entries of an ACL ("ACL structure", "ACE_HEADER structure"). */
    private static List<Pointer> entries(long acl) {
        List<Pointer> entries = new ArrayList<>();
        long entry = acl + 8;
        for (int left = acl == 0 ? 0 : new Pointer(acl).getShort(4) & 0xffff; left > 0; left--) {
            entries.add(new Pointer(entry));
            entry += new Pointer(entry).getShort(2) & 0xffff;
        }
        return entries;
    }

    @Override
    public Set<String> grantees(long pipe, int rights) throws SystemCallException {
        return security(pipe, WinNT.DACL_SECURITY_INFORMATION, acl -> {
            Map<String, Integer> denied = new HashMap<>();
            Set<String> granted = new LinkedHashSet<>();
            for (Pointer entry : entries(acl)) {
                int type = entry.getByte(0);
                if ((entry.getByte(1) & WinNT.INHERIT_ONLY_ACE) != 0) {
                    continue;
                }
                boolean simple = type == WinNT.ACCESS_ALLOWED_ACE_TYPE || type == WinNT.ACCESS_DENIED_ACE_TYPE;
                String sid = simple ? sidText(Pointer.nativeValue(entry) + 8) : "an entry of type " + type;
                int left = rightsOf(entry) & rights & ~denied.getOrDefault(sid, 0);
                if (type == WinNT.ACCESS_DENIED_ACE_TYPE) {
                    denied.merge(sid, rightsOf(entry), (one, other) -> one | other);
                } else if (left != 0) {
                    granted.add(sid);
                }
            }
            return acl == 0 ? Set.of(EVERYONE) : granted;
        });
    }

    /** Generic rights count, too: Windows maps them when a pipe is created, another system need not. */
    private static int rightsOf(Pointer entry) {
        int mask = entry.getInt(4);
        return mask | ((mask & WinNT.GENERIC_ALL) != 0 ? WinNT.FILE_ALL_ACCESS : 0)
                | ((mask & WinNT.GENERIC_WRITE) != 0 ? WinNT.FILE_GENERIC_WRITE : 0);
    }

    @Override
    public int integrityOf(long pipe) throws SystemCallException {
        return security(pipe, WinNT.LABEL_SECURITY_INFORMATION, acl -> {
            int level = SECURITY_MANDATORY_MEDIUM_RID;
            for (Pointer entry : entries(acl)) {
                if (entry.getByte(0) == WinNT.SYSTEM_MANDATORY_LABEL_ACE_TYPE) {
                    int its = levelOf(entry);
                    if ((entry.getByte(1) & WinNT.INHERIT_ONLY_ACE) == 0) {
                        return its;
                    }
                    // Whether it counts no page says. It does not raise the level, which anybody might claim by it.
                    level = Math.min(level, its);
                }
            }
            return level;
        });
    }

    private static int levelOf(Pointer label) throws SystemCallException {
        String sid = sidText(Pointer.nativeValue(label) + 8);
        return (label.getInt(4) & SYSTEM_MANDATORY_LABEL_NO_WRITE_UP) == 0 ? 0
                : Integer.parseInt(sid.substring(sid.lastIndexOf('-') + 1));
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
    public String accountSid(String account) throws SystemCallException {
        int longestSid = 68;
        int capacity = 1024;
        int sid = 16;
        try (NativeMemory text = NativeMemory.wideString(account);
             NativeMemory out = new NativeMemory(sid + longestSid + 2 * capacity, 8)) {
            out.view().putInt(0, longestSid).putInt(4, capacity);
            check("LookupAccountName", Advapi32.LookupAccountNameW(0, text.address(), out.address() + sid,
                    out.address(), out.address() + sid + longestSid, out.address() + 4, out.address() + 8));
            int type = out.view().getInt(8);
            if (type == SID_TYPE_DOMAIN || type > SID_TYPE_WELL_KNOWN_GROUP) {
                throw new SystemCallException("LookupAccountName", Win32Error.ERROR_NONE_MAPPED);
            }
            return sidText(out.address() + sid);
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

        static native int LookupAccountNameW(long system, long name, long sid, long sidLength, long domain,
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
