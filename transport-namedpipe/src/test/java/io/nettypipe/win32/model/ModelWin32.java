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
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.Win32Error;
import io.nettypipe.win32.Win32Identity;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

/**
 * A system of named pipes in memory. Each instance is a system of its own, with nothing in it. Safe for use by several
 * threads.
 * <p>
 * {@link #verify()} says whether its caller kept the rules: it fails if memory was used that the system owned, if a
 * handle was closed twice, used after that, closed with operations outstanding, or never closed.
 */
public final class ModelWin32 implements Win32 {
    /** The name of the only other machine that the model knows. It is this one, come to from outside. */
    public static final String REMOTE_SERVER = PipeNamespace.REMOTE_SERVER;

    private final Kernel kernel;
    private final PipeNamespace namespace;
    private final ModelToken process;
    private final Win32Identity identity;
    private boolean verified = true;

    /** A system like Windows that makes the plainest choices. */
    public ModelWin32() {
        this(Personality.WINDOWS, Schedule.PLAIN);
    }

    /**
     * A system.
     *
     * @param personality which system it is like
     * @param schedule    what chooses where the system may do one thing or another
     */
    public ModelWin32(Personality personality, Schedule schedule) {
        this(new Kernel(personality, schedule), ModelToken.of("S-1-5-21-1-2-3-1001"));
    }

    private ModelWin32(Kernel kernel, ModelToken process) {
        this(kernel, new PipeNamespace(kernel), process);
    }

    private ModelWin32(Kernel kernel, PipeNamespace namespace, ModelToken process) {
        this.kernel = kernel;
        this.namespace = namespace;
        this.process = process;
        identity = new ModelIdentity(kernel, process);
    }

    /** The same system as another process sees it. */
    public ModelWin32 as(ModelToken token) {
        return new ModelWin32(kernel, namespace, token);
    }

    /** Leaves {@link #verify()} to the other processes: what they still have open is not this one's fault. */
    public ModelWin32 notVerified() {
        verified = false;
        return this;
    }

    /** Who this process runs as. */
    public ModelToken process() {
        return process;
    }

    /** The user that the calling thread acts as. */
    public String actingUser() {
        return locked(() -> acting().user());
    }

    private ModelToken acting() {
        ModelToken token = kernel.threadToken();
        return token == null ? process : token;
    }

    /** From now on no thread can end an impersonation, but gets this error; 0 for the usual again. */
    public void failReverts(int error) {
        locked(() -> {
            kernel.failReverts(error);
            return null;
        });
    }

    /** From now on a wait that would block answers that its time is over: for tests that run on one thread. */
    public ModelWin32 neverBlocking() {
        return locked(() -> {
            kernel.neverBlock();
            return this;
        });
    }

    /** Takes the time, in nanoseconds, from something else than {@link System#nanoTime()}. */
    public ModelWin32 tellingTimeBy(LongSupplier clock) {
        return locked(() -> {
            kernel.tellTimeBy(clock);
            return this;
        });
    }

    /** What can be known of it without a call. */
    public ModelWatch watch() {
        return new ModelWatch(kernel);
    }

    private <T> T locked(Supplier<T> call) {
        kernel.lock.lock();
        try {
            return call.get();
        } finally {
            kernel.lock.unlock();
        }
    }

    // What tests ask and do

    /** What was done against the rules so far, without what is merely still open. */
    public List<String> violations() {
        return locked(() -> new ArrayList<>(kernel.violations()));
    }

    /** The handles that are open. */
    public List<String> openHandles() {
        return locked(() -> {
            List<String> open = new ArrayList<>();
            kernel.open().forEach(object -> open.add(object.toString()));
            return open;
        });
    }

    /** How many operations the system has the memory of. */
    public int outstanding() {
        return locked(() -> kernel.open().stream().mapToInt(object -> object.operations.size()).sum());
    }

    /** Whether the system owns any of these bytes. */
    public boolean owns(long address, long length) {
        return locked(() -> kernel.memory.owns(address, length));
    }

    /**
     * Fails if a rule was broken or a handle is still open.
     *
     * @throws AssertionError saying what
     */
    public void verify() {
        if (!verified) {
            return;
        }
        List<String> wrong = locked(() -> {
            List<String> all = new ArrayList<>(kernel.violations());
            kernel.open().forEach(object -> all.add(object + " was never closed; " + trace(object.opened)));
            kernel.impersonating().forEach((thread, token) -> all.add(thread + " still acts as " + token));
            return all;
        });
        if (!wrong.isEmpty()) {
            throw new AssertionError(wrong.size() + " rules of the system were broken, under " + kernel.schedule
                    + ":\n" + String.join("\n", wrong));
        }
    }

    private static String trace(Throwable opened) {
        StringWriter text = new StringWriter();
        opened.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    // Win32

    @Override
    public long createCompletionPort() {
        return locked(() -> kernel.open(handle -> new CompletionPort(kernel, handle)).handle);
    }

    @Override
    public int associate(long handle, long port, long key) {
        return locked(() -> {
            KernelObject object = kernel.object(handle, KernelObject.class);
            CompletionPort joined = kernel.object(port, CompletionPort.class);
            if (object == null || joined == null || object instanceof CompletionPort) {
                return Win32Error.ERROR_INVALID_HANDLE;
            }
            if (object.port != null || object instanceof PipeEnd && ((PipeEnd) object).synchronous) {
                return Win32Error.ERROR_INVALID_PARAMETER;
            }
            object.port = joined;
            object.key = key;
            return Win32Error.ERROR_SUCCESS;
        });
    }

    @Override
    public int dissociate(long handle, long scratch) {
        return locked(() -> {
            KernelObject object = kernel.object(handle, KernelObject.class);
            if (object == null) {
                return Win32Error.ERROR_INVALID_HANDLE;
            }
            if (!object.operations.isEmpty()) {
                kernel.violation(object + " was to leave its port with operations outstanding");
                return Win32Error.ERROR_INVALID_PARAMETER;
            }
            if (!kernel.personality.canDissociate()) {
                return NtStatus.toError(NtStatus.NOT_IMPLEMENTED);
            }
            object.port = null;
            return Win32Error.ERROR_SUCCESS;
        });
    }

    @Override
    public int getQueuedCompletionStatusEx(long port, long entries, int capacity, long removed, int timeoutMillis) {
        return locked(() -> {
            CompletionPort queue = kernel.object(port, CompletionPort.class);
            return queue == null ? Win32Error.ERROR_INVALID_HANDLE
                    : kernel.dequeue(queue, entries, capacity, removed, timeoutMillis);
        });
    }

    @Override
    public int postQueuedCompletionStatus(long port, long key) {
        return locked(() -> {
            CompletionPort queue = kernel.object(port, CompletionPort.class);
            if (queue == null) {
                return Win32Error.ERROR_INVALID_HANDLE;
            }
            queue.post(key);
            kernel.signal();
            return Win32Error.ERROR_SUCCESS;
        });
    }

    @Override
    public int closeHandle(long handle) {
        return locked(() -> kernel.close(handle));
    }

    private int onEnd(long handle, ToIntFunction<PipeEnd> call) {
        return onEnd(handle, 0, call);
    }

    private int onEnd(long handle, int rights, ToIntFunction<PipeEnd> call) {
        return locked(() -> {
            PipeEnd end = kernel.object(handle, PipeEnd.class);
            return end == null ? Win32Error.ERROR_INVALID_HANDLE
                    : end.grants(rights) ? call.applyAsInt(end) : Win32Error.ERROR_ACCESS_DENIED;
        });
    }

    /**
     * A call that has nothing to say of an end which the server disconnected.
     *
     * @param rights what the call asks of the handle
     */
    private int onAttachedEnd(long handle, int rights, ToIntFunction<PipeEnd> call) {
        return onEnd(handle, rights,
                end -> end.isDetached() ? Win32Error.ERROR_PIPE_NOT_CONNECTED : call.applyAsInt(end));
    }

    @Override
    public int readFile(long handle, long buffer, int length, long overlapped) {
        return onEnd(handle, AccessRights.READ_DATA, end -> {
            Operation op = new Operation(Operation.Kind.READ, end, overlapped, buffer, length);
            return kernel.start(op, () -> end.read(op));
        });
    }

    @Override
    public int writeFile(long handle, long buffer, int length, long overlapped) {
        return onEnd(handle, AccessRights.WRITE_DATA, end -> {
            Operation op = new Operation(Operation.Kind.WRITE, end, overlapped, buffer, length);
            return kernel.start(op, () -> end.write(op));
        });
    }

    @Override
    public int fsControlFile(long handle, int controlCode, long input, int inputLength, long overlapped) {
        return locked(() -> {
            PipeEnd end = kernel.object(handle, PipeEnd.class);
            if (end != null && controlCode == PipeFlags.FSCTL_PIPE_FLUSH) {
                if (!end.grants(AccessRights.WRITE_DATA)) {
                    return Win32Error.ERROR_ACCESS_DENIED;
                }
                Operation op = new Operation(Operation.Kind.FLUSH, end, overlapped, input, inputLength);
                return kernel.start(op, () -> end.flush(op));
            }
            PipeDevice device = kernel.object(handle, PipeDevice.class);
            if (device == null && end == null) {
                return Win32Error.ERROR_INVALID_HANDLE;
            }
            if (end != null && end == end.instance.server && controlCode == PipeFlags.FSCTL_PIPE_LISTEN) {
                Operation op = new Operation(Operation.Kind.CONNECT, end, overlapped, 0, 0);
                return kernel.start(op, () -> end.instance.listen(op));
            }
            if (device == null || controlCode != PipeFlags.FSCTL_PIPE_WAIT) {
                return Win32Error.ERROR_INVALID_FUNCTION;
            }
            Operation op = new Operation(Operation.Kind.WAIT, device, overlapped, input, inputLength);
            return kernel.start(op, () -> device.await(op));
        });
    }

    @Override
    public int listen(long handle, long statusBlock, long signal) {
        return onEnd(handle, end -> {
            if (end.port != null) {
                kernel.violation(end + " belongs to a port, so that its listen could call no procedure");
                return Win32Error.ERROR_INVALID_PARAMETER;
            }
            if (end != end.instance.server) {
                return Win32Error.ERROR_INVALID_FUNCTION;
            }
            if (signal % 16 != 0) {
                kernel.violation("the signal of " + end + " is not aligned");
            }
            Operation op = new Operation(Operation.Kind.LISTEN, end, statusBlock, 0, 0);
            op.signal = signal;
            return kernel.start(op, () -> end.instance.listen(op));
        });
    }

    @Override
    public int cancelIoEx(long handle, long overlapped) {
        return locked(() -> {
            KernelObject object = kernel.object(handle, KernelObject.class);
            return object == null ? Win32Error.ERROR_INVALID_HANDLE : kernel.cancel(object, overlapped);
        });
    }

    @Override
    public long createNamedPipe(long name, int openMode, int pipeMode, int maxInstances, int outBufferSize,
                                int inBufferSize, long securityAttributes) {
        String path = KernelMemory.wideString(name);
        return locked(() -> withDescriptor(securityAttributes, descriptor -> namespace.create(path, openMode, pipeMode,
                maxInstances, outBufferSize, inBufferSize, acting(), descriptor)));
    }

    private long withDescriptor(long securityAttributes, ToLongFunction<ModelDescriptor> call) {
        ModelDescriptor descriptor = securityAttributes == 0 ? null : ModelDescriptor.at(securityAttributes);
        if (securityAttributes != 0 && descriptor == null) {
            kernel.violation("the SECURITY_ATTRIBUTES are none");
            return -Win32Error.ERROR_INVALID_SECURITY_DESCR;
        }
        return call.applyAsLong(descriptor);
    }

    @Override
    public long holdNamedPipe(long name, int openMode, int pipeMode, int maxInstances, int outBufferSize,
                              int inBufferSize, long securityAttributes) {
        String path = KernelMemory.wideString(name);
        return locked(() -> withDescriptor(securityAttributes, descriptor -> namespace.hold(path, openMode, pipeMode,
                maxInstances, outBufferSize, inBufferSize, acting(), descriptor)));
    }

    @Override
    public long createFile(long name, int access, int flags) {
        String path = KernelMemory.wideString(name);
        return locked(() -> namespace.open(path, access, flags, acting()));
    }

    @Override
    public int setNamedPipeHandleState(long handle, long mode) {
        return onAttachedEnd(handle, kernel.personality.checksRightToSetMode() ? AccessRights.WRITE_ATTRIBUTES : 0,
                end -> end.setReadMode(KernelMemory.at(mode).getInt(0)));
    }

    @Override
    public int getNamedPipeInfo(long handle, long flags) {
        return onAttachedEnd(handle, AccessRights.READ_ATTRIBUTES, end -> {
            KernelMemory.at(flags).setInt(0, end.info());
            return Win32Error.ERROR_SUCCESS;
        });
    }

    @Override
    public int disconnectNamedPipe(long handle) {
        return onEnd(handle, end -> {
            if (end != end.instance.server) {
                return NtStatus.toError(kernel.personality.refusalToClients(end.isDetached()));
            }
            return NtStatus.toError(end.instance.disconnect());
        });
    }

    @Override
    public int queryInformationFile(long handle, int informationClass, long scratch, int length) {
        return locked(() -> FileInformation.query(kernel, kernel.object(handle, KernelObject.class), informationClass,
                KernelMemory.at(scratch + 16), length));
    }

    @Override
    public int waitNamedPipe(long name, int timeoutMillis) {
        String path = KernelMemory.wideString(name);
        long deadline = kernel.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        return locked(() -> namespace.waitForInstance(path, deadline));
    }

    @Override
    public Win32Identity identity() {
        return identity;
    }

    @Override
    public int errorOf(int ntStatus) {
        return NtStatus.toError(ntStatus);
    }
}
