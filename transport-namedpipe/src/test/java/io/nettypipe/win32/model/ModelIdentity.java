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

import io.nettypipe.win32.PipeFlags;
import io.nettypipe.win32.SystemCallException;
import io.nettypipe.win32.Win32Error;
import io.nettypipe.win32.Win32Identity;

import java.util.List;
import java.util.Set;
import java.util.function.IntSupplier;

/** Who is who in the model, as one of its processes sees it. */
final class ModelIdentity implements Win32Identity {
    private static final int ANONYMOUS = 0;
    private static final String ACCOUNTS = "MODEL\\user";

    private final Kernel kernel;
    private final ModelToken process;

    ModelIdentity(Kernel kernel, ModelToken process) {
        this.kernel = kernel;
        this.process = process;
    }

    private interface Call<T> {
        T answer() throws SystemCallException;
    }

    private <T> T locked(Call<T> call) throws SystemCallException {
        kernel.lock.lock();
        try {
            return call.answer();
        } finally {
            kernel.lock.unlock();
        }
    }

    private int lockedError(IntSupplier call) {
        kernel.lock.lock();
        try {
            return call.getAsInt();
        } finally {
            kernel.lock.unlock();
        }
    }

    private PipeEnd end(String call, long pipe) throws SystemCallException {
        PipeEnd end = kernel.object(pipe, PipeEnd.class);
        if (end == null) {
            throw new SystemCallException(call, Win32Error.ERROR_INVALID_HANDLE);
        }
        return end;
    }

    /** An end, of which something is asked that the system does not know of one which the server disconnected. */
    private PipeEnd attachedEnd(String call, long pipe) throws SystemCallException {
        PipeEnd end = end(call, pipe);
        if (end.isDetached()) {
            throw new SystemCallException(call, Win32Error.ERROR_PIPE_NOT_CONNECTED);
        }
        return end;
    }

    @Override
    public String processUser() {
        return process.user();
    }

    @Override
    public List<String> processGroups() {
        return process.groups();
    }

    @Override
    public byte[] descriptor(String sddl) throws SystemCallException {
        try {
            ModelDescriptor.of(sddl);
        } catch (IllegalArgumentException bad) {
            throw new SystemCallException("ConvertStringSecurityDescriptorToSecurityDescriptor",
                    Win32Error.ERROR_INVALID_PARAMETER);
        }
        return ModelDescriptor.bytes(sddl);
    }

    @Override
    public String descriptorOf(long pipe) throws SystemCallException {
        return locked(() -> readable(pipe).text());
    }

    @Override
    public String ownerOf(long pipe) throws SystemCallException {
        return locked(() -> readable(pipe).owner);
    }

    @Override
    public Set<String> grantees(long pipe, int rights) throws SystemCallException {
        return locked(() -> readable(pipe).grantees(rights));
    }

    @Override
    public int integrityOf(long pipe) throws SystemCallException {
        return locked(() -> readable(pipe).integrity());
    }

    private ModelDescriptor readable(long pipe) throws SystemCallException {
        PipeEnd end = attachedEnd("GetSecurityInfo", pipe);
        if (!end.grants(PipeFlags.READ_CONTROL)) {
            throw new SystemCallException("GetSecurityInfo", Win32Error.ERROR_ACCESS_DENIED);
        }
        return end.instance.pipe.descriptor;
    }

    private PipeEnd asked(String call, long pipe) throws SystemCallException {
        return kernel.personality.forgetsWhoIsDisconnected() ? attachedEnd(call, pipe) : end(call, pipe);
    }

    @Override
    public int processId(long pipe, boolean client) throws SystemCallException {
        return locked(() -> side("GetNamedPipeProcessId", pipe, client).processId());
    }

    @Override
    public int sessionId(long pipe, boolean client) throws SystemCallException {
        return locked(() -> side("GetNamedPipeSessionId", pipe, client).sessionId());
    }

    private ModelToken side(String call, long pipe, boolean client) throws SystemCallException {
        PipeInstance instance = asked(call, pipe).instance;
        PipeEnd last = kernel.personality.forgetsWhoIsDisconnected() ? instance.client : instance.lastClient;
        PipeEnd side = client ? last : instance.server;
        if (side == null) {
            throw new SystemCallException(call, Win32Error.ERROR_NOT_FOUND);
        }
        return side.opener;
    }

    @Override
    public String accountName(String sid) throws SystemCallException {
        if (!sid.startsWith("S-1-5-")) {
            throw new SystemCallException("LookupAccountSid", Win32Error.ERROR_NONE_MAPPED);
        }
        return ACCOUNTS + sid.substring(sid.lastIndexOf('-') + 1);
    }

    @Override
    public String accountSid(String name) throws SystemCallException {
        if (!name.startsWith(ACCOUNTS)) {
            throw new SystemCallException("LookupAccountName", Win32Error.ERROR_NONE_MAPPED);
        }
        return "S-1-5-21-1-2-3-" + name.substring(ACCOUNTS.length());
    }

    @Override
    public int impersonateNamedPipeClient(long pipe) {
        return lockedError(() -> {
            PipeEnd end = kernel.object(pipe, PipeEnd.class);
            if (end == null) {
                return Win32Error.ERROR_INVALID_HANDLE;
            }
            if (end != end.instance.server) {
                return NtStatus.toError(kernel.personality.refusalToClients(end.isDetached()));
            }
            PipeEnd client = end.instance.client;
            boolean known = client != null && (client.staysWhoItWas || end.everRead
                    || !kernel.personality.impersonatesOnlyAfterRead());
            if (!known || end.instance.state == PipeInstance.State.DISCONNECTED) {
                return Win32Error.ERROR_CANNOT_IMPERSONATE;
            }
            kernel.actAs(client.opener);
            return Win32Error.ERROR_SUCCESS;
        });
    }

    @Override
    public long openThreadToken() {
        kernel.lock.lock();
        try {
            ModelToken token = kernel.threadToken();
            if (token == null) {
                return -Win32Error.ERROR_NO_TOKEN;
            }
            boolean hidden = token.level == ANONYMOUS && kernel.personality.hidesAnonymous();
            return hidden ? -Win32Error.ERROR_CANT_OPEN_ANONYMOUS
                    : kernel.open(handle -> new TokenObject(token, handle)).handle;
        } finally {
            kernel.lock.unlock();
        }
    }

    @Override
    public String userOf(long token) throws SystemCallException {
        return locked(() -> {
            TokenObject object = kernel.object(token, TokenObject.class);
            if (object == null) {
                throw new SystemCallException("GetTokenInformation", Win32Error.ERROR_INVALID_HANDLE);
            }
            return object.token.user();
        });
    }

    @Override
    public int setThreadToken(long token) {
        return lockedError(() -> {
            TokenObject object = kernel.object(token, TokenObject.class);
            return object == null ? Win32Error.ERROR_INVALID_HANDLE : kernel.change(object.token);
        });
    }

    @Override
    public int revertToSelf() {
        return lockedError(() -> kernel.change(null));
    }
}
