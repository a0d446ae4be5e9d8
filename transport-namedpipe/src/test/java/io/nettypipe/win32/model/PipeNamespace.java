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
import io.nettypipe.win32.Win32Error;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The names of pipes, and how instances and clients come to be. */
final class PipeNamespace {
    /** The only other machine: it serves this one's pipes, as this one does under its network name. */
    static final String REMOTE_SERVER = "model-remote";

    private static final String DEVICE = "\\\\.\\pipe";
    private static final String PREFIX = "\\\\.\\pipe\\";
    private static final String REMOTE_PREFIX = "\\\\" + REMOTE_SERVER + "\\pipe\\";
    private static final String FOR_ADMINISTRATORS = "ProtectedPrefix\\Administrators\\";
    private static final int ERROR_BAD_NETPATH = 53;
    private static final int ERROR_BAD_IMPERSONATION_LEVEL = 1346;
    private static final int PIPE_NOWAIT = 1;
    private static final int SECURITY_CONTEXT_TRACKING = 0x40000;
    /** Impersonation. */
    private static final int DEFAULT_LEVEL = 2;

    private final Kernel kernel;
    private final Map<String, PipeName> names = new HashMap<>();

    PipeNamespace(Kernel kernel) {
        this.kernel = kernel;
    }

    PipeName find(String name) {
        return names.get(name.toLowerCase(Locale.ROOT));
    }

    private static boolean startsWith(String path, String prefix) {
        return path.regionMatches(true, 0, prefix, 0, prefix.length());
    }

    /**
     * Whether a name begins with that of a pipe and a backslash. Windows' driver looks for the longest name that is the
     * beginning of a path, and has nothing behind a pipe.
     */
    private boolean isBehindAnother(String name) {
        boolean behind = false;
        for (int end = name.indexOf('\\'); end >= 0 && !behind; end = name.indexOf('\\', end + 1)) {
            behind = find(name.substring(0, end)) != null;
        }
        return behind && kernel.personality.hasNothingBehindAPipe();
    }

    /** Finds what a path names, or {@code null} if it is no path of a pipe that exists. */
    PipeName findPath(String path) {
        return startsWith(path, PREFIX) ? find(path.substring(PREFIX.length()))
                : startsWith(path, REMOTE_PREFIX) ? find(path.substring(REMOTE_PREFIX.length())) : null;
    }

    long create(String path, int openMode, int pipeMode, int maxInstances, int outQuota, int inQuota,
                ModelToken creator, ModelDescriptor descriptor) {
        boolean message = (pipeMode & PipeFlags.PIPE_TYPE_MESSAGE) != 0;
        boolean readsMessages = (pipeMode & PipeFlags.PIPE_READMODE_MESSAGE) != 0;
        requireModelled(openMode, pipeMode);
        int fewest = kernel.personality.refusesLimitOfNone() ? 1 : 0;
        if (maxInstances < fewest || maxInstances > PipeFlags.PIPE_UNLIMITED_INSTANCES || readsMessages && !message
                || (openMode & PipeFlags.PIPE_ACCESS_DUPLEX) == 0) {
            return -Win32Error.ERROR_INVALID_PARAMETER;
        }
        int limit = maxInstances == PipeFlags.PIPE_UNLIMITED_INSTANCES ? PipeName.UNLIMITED : maxInstances;
        return create(path, openMode, pipeMode, limit, outQuota, inQuota, creator, descriptor,
                AccessRights.ofServer(openMode));
    }

    /** An instance without access to data, which begins disconnected. Its limit counts it, too. */
    long hold(String path, int openMode, int pipeMode, int maxInstances, int outQuota, int inQuota,
              ModelToken creator, ModelDescriptor descriptor) {
        int limit = maxInstances == PipeFlags.PIPE_UNLIMITED_INSTANCES ? PipeName.UNLIMITED : maxInstances + 1;
        return create(path, openMode | PipeFlags.FILE_FLAG_FIRST_PIPE_INSTANCE | PipeFlags.FILE_FLAG_OVERLAPPED,
                pipeMode & ~PipeFlags.PIPE_READMODE_MESSAGE, limit, outQuota, inQuota, creator, descriptor,
                PipeFlags.SYNCHRONIZE);
    }

    private long create(String path, int openMode, int pipeMode, int maxInstances, int outQuota, int inQuota,
                        ModelToken creator, ModelDescriptor descriptor, int rights) {
        if (!startsWith(path, PREFIX) || path.length() == PREFIX.length()) {
            return -Win32Error.ERROR_INVALID_NAME;
        }
        String name = path.substring(PREFIX.length());
        if (isBehindAnother(name)) {
            return -Win32Error.ERROR_INVALID_NAME;
        }
        PipeName pipe = find(name);
        if (kernel.personality.checksAccess()) {
            if (startsWith(name, FOR_ADMINISTRATORS) && !creator.is(ModelToken.ADMINISTRATORS)) {
                return -Win32Error.ERROR_ACCESS_DENIED;
            }
            if (pipe == null && descriptor != null && descriptor.owner != null && !creator.mayOwn(descriptor.owner)) {
                return -Win32Error.ERROR_INVALID_OWNER;
            }
            if (pipe == null && descriptor != null && descriptor.label > creator.integrity()) {
                return -Win32Error.ERROR_PRIVILEGE_NOT_HELD;
            }
        }
        if (pipe != null) {
            if (!mayOpen(pipe, creator, rights | AccessRights.CREATE_PIPE_INSTANCE)) {
                return -Win32Error.ERROR_ACCESS_DENIED;
            }
            boolean first = (openMode & PipeFlags.FILE_FLAG_FIRST_PIPE_INSTANCE) != 0;
            if (first && kernel.personality.looksForTheFirstBeforeAll()) {
                return -Win32Error.ERROR_ACCESS_DENIED;
            }
            // What the first instance said of type and number holds for all.
            if (pipe.isFull()) {
                return -Win32Error.ERROR_PIPE_BUSY;
            }
            if (first || (openMode & PipeFlags.PIPE_ACCESS_DUPLEX) != pipe.direction) {
                return -Win32Error.ERROR_ACCESS_DENIED;
            }
        } else {
            String key = name.toLowerCase(Locale.ROOT);
            pipe = new PipeName(kernel, name, openMode & PipeFlags.PIPE_ACCESS_DUPLEX,
                    (pipeMode & PipeFlags.PIPE_TYPE_MESSAGE) != 0, maxInstances, () -> names.remove(key));
            pipe.descriptor = ModelDescriptor.complete(descriptor, creator);
            names.put(key, pipe);
        }
        PipeInstance instance =
                new PipeInstance(kernel, pipe, (pipeMode & PipeFlags.PIPE_REJECT_REMOTE_CLIENTS) != 0, outQuota);
        instance.server = kernel.open(handle -> new PipeEnd(instance, true, rights, inQuota,
                (pipeMode & PipeFlags.PIPE_READMODE_MESSAGE) != 0, handle));
        if ((rights & (AccessRights.READ_DATA | AccessRights.WRITE_DATA)) == 0) {
            instance.state = PipeInstance.State.DISCONNECTED;
        }
        instance.server.synchronous = (openMode & PipeFlags.FILE_FLAG_OVERLAPPED) == 0;
        instance.server.opener = creator;
        pipe.add(instance);
        return instance.server.handle;
    }

    private void requireModelled(int openMode, int pipeMode) {
        int known = PipeFlags.PIPE_ACCESS_DUPLEX | PipeFlags.FILE_FLAG_OVERLAPPED
                | PipeFlags.FILE_FLAG_FIRST_PIPE_INSTANCE | AccessRights.WRITE_DAC;
        if ((openMode & ~known) != 0 || (pipeMode & PIPE_NOWAIT) != 0) {
            throw new IllegalArgumentException("the model has no pipes of mode 0x" + Integer.toHexString(openMode)
                    + ", 0x" + Integer.toHexString(pipeMode));
        }
    }

    private boolean mayOpen(PipeName pipe, ModelToken opener, int access) {
        return !kernel.personality.checksAccess() || pipe.descriptor.allows(opener, access);
    }

    long open(String path, int access, int flags, ModelToken process) {
        if (path.equalsIgnoreCase(PREFIX) || path.equalsIgnoreCase(DEVICE)) {
            boolean root = path.equalsIgnoreCase(PREFIX);
            return kernel.open(handle -> new PipeDevice(kernel, this, root, handle)).handle;
        }
        boolean remote = startsWith(path, REMOTE_PREFIX);
        if (!remote && !startsWith(path, PREFIX)) {
            return -ERROR_BAD_NETPATH;
        }
        PipeName pipe = findPath(path);
        if (!remote && isBehindAnother(path.substring(PREFIX.length()))) {
            return -Win32Error.ERROR_INVALID_NAME;
        }
        if (pipe == null) {
            return -Win32Error.ERROR_FILE_NOT_FOUND;
        }
        if (process.level < DEFAULT_LEVEL && kernel.personality.checksAccess()) {
            return -ERROR_BAD_IMPERSONATION_LEVEL;
        }
        ModelToken opener = remote ? process.throughNetwork() : process;
        int rights = AccessRights.ofClient(access);
        boolean denied = (rights & pipe.closedToClients()) != 0
                || !mayOpen(pipe, opener, AccessRights.askedOfClient(rights));
        PipeInstance instance = pipe.freeInstance();
        if (denied && (instance != null || kernel.personality.deniesBeforeItIsBusy())) {
            return -Win32Error.ERROR_ACCESS_DENIED;
        }
        if (instance == null) {
            return -Win32Error.ERROR_PIPE_BUSY;
        }
        if (remote && instance.rejectsRemote) {
            return -Win32Error.ERROR_ACCESS_DENIED;
        }
        PipeEnd client = kernel.open(handle -> new PipeEnd(instance, false, rights, instance.outQuota, false,
                handle));
        client.synchronous = (flags & PipeFlags.FILE_FLAG_OVERLAPPED) == 0;
        boolean says = (flags & PipeFlags.SECURITY_SQOS_PRESENT) != 0;
        client.opener = opener.atLevel(says ? flags >>> 16 & 3 : DEFAULT_LEVEL);
        client.staysWhoItWas = says && (flags & SECURITY_CONTEXT_TRACKING) == 0;
        instance.connect(client);
        return client.handle;
    }

    int waitForInstance(String path, long deadline) {
        for (;;) {
            PipeName pipe = findPath(path);
            if (pipe == null) {
                return Win32Error.ERROR_FILE_NOT_FOUND;
            }
            if (pipe.freeInstance() != null) {
                return Win32Error.ERROR_SUCCESS;
            }
            if (deadline - kernel.nanoTime() <= 0 || !kernel.await(deadline)) {
                return Win32Error.ERROR_SEM_TIMEOUT;
            }
        }
    }

    void removeWait(Operation op) {
        names.values().forEach(pipe -> pipe.removeWait(op));
    }
}
