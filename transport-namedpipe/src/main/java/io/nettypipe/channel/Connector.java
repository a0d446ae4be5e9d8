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

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.nettypipe.iocp.IocpIoCompletion;
import io.nettypipe.iocp.IocpIoOps;
import io.nettypipe.win32.ErrorText;
import io.nettypipe.win32.NativeMemory;
import io.nettypipe.win32.PipeFlags;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.Win32Error;

import java.net.SocketAddress;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Connects without blocking the event loop. While all instances are busy it waits for a free one with an overlapped
 * {@code FSCTL_PIPE_WAIT}; another client may still be faster, so it tries and waits in turn. For a name that does not
 * exist, or not to who waits, there is nothing that could be waited for, so it tries again after a while. The connect
 * timeout is of all that together.
 * <p>
 * Pipes of other machines are opened on helper threads, because {@code CreateFile} and {@code WaitNamedPipe} block
 * there. One that does not answer can hold a {@code CreateFile} for a minute, and nothing ends that sooner; so each
 * host has its share of the threads, and beyond it an attempt waits for its turn, while its connect timeout runs.
 * Nobody else waits: an attempt that is given up is over at once, and what its call opens later is closed.
 */
final class Connector implements IocpIoCompletion {
    private static final InternalLogger LOGGER = InternalLoggerFactory.getInstance(Connector.class);

    /** Every local pipe's device: what a wait is asked of. */
    private static final String PIPE_DEVICE = "\\\\.\\pipe\\";
    /** What {@code WaitNamedPipe} makes of {@code NMPWAIT_WAIT_FOREVER}: the end of the attempt cancels the wait. */
    private static final long FOR_EVER = Long.MIN_VALUE;
    static final int THREADS = 64;
    static final int THREADS_PER_HOST = 8;
    /** How long a wait for an instance of a remote pipe has the helper thread to itself. Then it is another's turn. */
    private static final int REMOTE_WAIT_MILLIS = 250;
    private static final HelperThreads REMOTE =
            new HelperThreads("nettypipe-remote-connect", THREADS, THREADS_PER_HOST);
    private static final int MAX_GAPS = 5;
    private static final long RACE_MILLIS = 1;
    private static final long GAP_MILLIS = 20;
    private static final long FIRST_POLL_MILLIS = 20;
    private static final long LAST_POLL_MILLIS = 250;

    private final NamedPipeChannel channel;
    private final NamedPipeAddress pipe;
    private final ChannelPromise promise;
    private final ConnectPolicy policy;
    private final NamedPipeOwner owner;
    /** Of the pipe that was opened. Handed with its handle from the thread that opened it to the event loop. */
    private NamedPipeMode pipeType;
    /** Whether the last wait for an instance of a remote pipe was one. Handed over with what was opened, too. */
    private boolean waited = true;
    private final IocpIoOps wait = IocpIoOps.control(PipeFlags.FSCTL_PIPE_WAIT, this);
    private Future<?> timeout;
    private Future<?> nextAttempt;
    private long pollMillis = FIRST_POLL_MILLIS;
    /** Why the last attempt came to nothing, 0 before it did. */
    private int lastError;
    /** How often a pipe that was busy a moment ago may be absent: a server that has one instance may replace it. */
    private int gapsLeft;
    private long device;
    private NativeMemory waitInput;
    /** Volatile for the helper thread of a remote pipe, which gives up then. */
    private volatile boolean done;

    Connector(NamedPipeChannel channel, NamedPipeAddress pipe, ChannelPromise promise) {
        this.channel = channel;
        this.pipe = pipe;
        this.promise = promise;
        policy = channel.config().getOption(NamedPipeChannelOption.CONNECT_POLICY);
        owner = channel.config().getOption(NamedPipeChannelOption.SERVER_OWNER);
    }

    /** Answers the pipe to connect to, or throws why the channel cannot. */
    static NamedPipeAddress check(NamedPipeChannel channel, SocketAddress remoteAddress, SocketAddress localAddress)
            throws ClosedChannelException {
        if (channel.isClosing()) {
            throw new ClosedChannelException();
        }
        if (channel.state() == ChannelState.CONNECTING) {
            throw new ConnectionPendingException();
        }
        if (channel.state() == ChannelState.ACTIVE) {
            throw new AlreadyConnectedException();
        }
        if (localAddress != null) {
            throw new UnsupportedOperationException(
                    "a pipe's client has no address of its own to bind: " + localAddress);
        }
        return AbstractNamedPipeChannel.requirePipe(remoteAddress);
    }

    void start() {
        int timeoutMillis = channel.config().getConnectTimeoutMillis();
        if (timeoutMillis > 0) {
            timeout = channel.eventLoop().schedule(() -> timedOut(timeoutMillis), timeoutMillis, TimeUnit.MILLISECONDS);
        }
        promise.addListener((ChannelFuture future) -> {
            if (future.isCancelled()) {
                channel.unsafe().close(channel.unsafe().voidPromise());
            }
        });
        attempt();
    }

    private void timedOut(int timeoutMillis) {
        fail(PipeErrors.connectTimeout(pipe, timeoutMillis, lastError));
    }

    NamedPipeAddress pipe() {
        return pipe;
    }

    /**
     * Opens the pipe, asks whether it is one and whose before anything else is done with it, and sets its mode.
     *
     * @return the handle, or the negated error
     * @throws Exception why the handle was closed again
     */
    private long open(Win32 win32) throws Exception {
        NamedPipeChannelConfig config = channel.config();
        int access = config.getDirection().access(config.getReadMode());
        if (!owner.isAnyone()) {
            access |= PipeFlags.READ_CONTROL;
        }
        long handle;
        try (NativeMemory name = NativeMemory.wideString(pipe.path())) {
            handle = win32.createFile(name.address(), access, PipeFlags.FILE_FLAG_OVERLAPPED
                    | config.getOption(NamedPipeChannelOption.IMPERSONATION_LEVEL).flags());
        }
        if (handle >= 0) {
            try {
                // Before anything else: a path may lead to a file, of a machine's WebDAV server for one.
                pipeType = NamedPipeMode.ofPipe(win32, handle, pipe);
                owner.require(pipe, win32, handle);
                if (config.getReadMode() == NamedPipeMode.MESSAGE) {
                    PipeErrors.check("SetNamedPipeHandleState to message-read mode", pipe,
                            NamedPipeMode.MESSAGE.setOn(win32, handle));
                }
            } catch (Throwable t) {
                win32.closeHandle(handle);
                throw t;
            }
        }
        return handle;
    }

    private void attempt() {
        if (done || !channel.canSubmit()) {
            return;
        }
        EventLoop loop = channel.eventLoop();
        if (Impersonation.isInForce()) {
            loop.execute(this::attempt);
            return;
        }
        Win32 win32 = channel.win32();
        long handle;
        try {
            if (!pipe.isLocal()) {
                REMOTE.execute(pipe.server(), () -> openRemotely(win32, loop));
                return;
            }
            handle = open(win32);
        } catch (Throwable t) {
            fail(t);
            return;
        }
        opened(handle);
    }

    /** On a helper thread. */
    private void openRemotely(Win32 win32, EventLoop loop) {
        long handle = -Win32Error.ERROR_OPERATION_ABORTED;
        Runnable outcome;
        try {
            if (!done) {
                // Whatever came of the wait, an attempt tells what is so now.
                waited = lastError != Win32Error.ERROR_PIPE_BUSY || awaitRemoteInstance(win32);
                handle = done ? handle : open(win32);
            }
            long opened = handle;
            outcome = () -> {
                if (!opened(opened)) {
                    discard(win32, opened);
                }
            };
        } catch (Throwable t) {
            outcome = () -> fail(t);
        }
        try {
            loop.execute(outcome);
        } catch (RejectedExecutionException loopIsGone) {
            discard(win32, handle);
        }
    }

    private static void discard(Win32 win32, long handle) {
        if (handle >= 0) {
            win32.closeHandle(handle);
        }
    }

    /** Waits for a free instance, for a while; blocks. Returns whether it could be waited for. */
    private boolean awaitRemoteInstance(Win32 win32) {
        try (NativeMemory name = NativeMemory.wideString(pipe.path())) {
            int error = win32.waitNamedPipe(name.address(), REMOTE_WAIT_MILLIS);
            return error == Win32Error.ERROR_SUCCESS || error == Win32Error.ERROR_SEM_TIMEOUT;
        }
    }

    private void attemptIn(long millis) {
        if (LOGGER.isDebugEnabled()) {
            LOGGER.debug("{}: connecting to {} is tried again in {} ms: {}", channel, pipe, millis,
                    ErrorText.of(lastError));
        }
        nextAttempt = channel.eventLoop().schedule(this::attempt, millis, TimeUnit.MILLISECONDS);
    }

    /** Where there is nothing that could be waited for: less and less often. */
    private void attemptLater() {
        attemptIn(pollMillis);
        pollMillis = Math.min(2 * pollMillis, LAST_POLL_MILLIS);
    }

    /** Goes on with a handle, or with a negated error. */
    private boolean opened(long handleOrError) {
        if (done || !channel.canSubmit()) {
            return false;
        }
        if (handleOrError >= 0) {
            connected(handleOrError);
            return true;
        }
        int error = (int) -handleOrError;
        if (error != lastError) {
            pollMillis = FIRST_POLL_MILLIS;
        }
        lastError = error;
        if (lastError == Win32Error.ERROR_PIPE_BUSY) {
            busy();
        } else if (lastError == Win32Error.ERROR_FILE_NOT_FOUND) {
            absent();
        } else {
            fail(PipeErrors.onConnect("CreateFile", pipe, lastError));
        }
        return true;
    }

    private void busy() {
        gapsLeft = MAX_GAPS;
        if (policy == ConnectPolicy.FAIL) {
            fail(PipeErrors.onConnect("CreateFile", pipe, Win32Error.ERROR_PIPE_BUSY));
        } else if (pipe.isLocal()) {
            awaitInstance();
        } else if (waited) {
            attempt();
        } else {
            attemptLater();
        }
    }

    private void absent() {
        if (policy == ConnectPolicy.WAIT) {
            attemptLater();
        } else if (gapsLeft-- > 0) {
            attemptIn(GAP_MILLIS);
        } else {
            fail(PipeErrors.onConnect("CreateFile", pipe, Win32Error.ERROR_FILE_NOT_FOUND));
        }
    }

    private void connected(long handle) {
        try {
            channel.adopt(handle, pipeType);
        } catch (Throwable t) {
            channel.win32().closeHandle(handle);
            fail(t);
            return;
        }
        finish();
        channel.connected(promise);
    }

    private void awaitInstance() {
        boolean atOnce;
        try {
            if (!openDevice()) {
                attemptLater();
                return;
            }
            int length = waitInput.view().capacity();
            atOnce = !channel.file().submit(wait.on(device, waitInput.address(), length));
        } catch (Throwable t) {
            fail(t);
            return;
        }
        if (atOnce) {
            waitEnded(true);
        }
    }

    /** Returns whether it is open. */
    private boolean openDevice() {
        if (device != 0) {
            return true;
        }
        Win32 win32 = channel.win32();
        try (NativeMemory name = NativeMemory.wideString(PIPE_DEVICE)) {
            long opened = win32.createFile(name.address(), PipeFlags.FILE_READ_ATTRIBUTES | PipeFlags.SYNCHRONIZE,
                    PipeFlags.FILE_FLAG_OVERLAPPED);
            if (opened < 0) {
                return false;
            }
            try {
                if (channel.file().registration().associate(opened) == Win32Error.ERROR_SUCCESS) {
                    waitInput = waitForBuffer(pipe.name());
                    device = opened;
                }
            } finally {
                if (device == 0) {
                    win32.closeHandle(opened);
                }
            }
            return device != 0;
        }
    }

    /**
     * A FILE_PIPE_WAIT_FOR_BUFFER: timeout, name length in bytes, whether there is a timeout, the name at offset 14.
     */
    private static NativeMemory waitForBuffer(String name) {
        NativeMemory input = new NativeMemory(14 + name.length() * 2, 8);
        input.view().putLong(0, FOR_EVER).putInt(8, name.length() * 2).put(12, (byte) 1);
        for (int i = 0; i < name.length(); i++) {
            input.view().putChar(14 + i * 2, name.charAt(i));
        }
        return input;
    }

    @Override
    public void completed(IocpIoOps ops) {
        if (!done && !channel.isClosing()) {
            waitEnded(false);
        }
    }

    /**
     * However it ended, another try tells what is so now. It comes at once only if this was a wait: not every pipe that
     * can be opened is one that the device can wait for, as in containers.
     */
    private void waitEnded(boolean atOnce) {
        if (wait.error() != Win32Error.ERROR_SUCCESS) {
            attemptLater();
            return;
        }
        pollMillis = FIRST_POLL_MILLIS;
        if (atOnce) {
            // Not as a task of now: if the pipe is free and taken again all the time, tasks that follow one another
            // would keep the loop from its I/O and from its timers.
            attemptIn(RACE_MILLIS);
        } else {
            attempt();
        }
    }

    private void fail(Throwable cause) {
        if (!done) {
            finish();
            channel.connectFailed(promise, cause);
        }
    }

    private void finish() {
        done = true;
        if (timeout != null) {
            timeout.cancel(false);
        }
        if (nextAttempt != null) {
            nextAttempt.cancel(false);
        }
    }

    /** Asks to cancel the wait. */
    void cancel() {
        channel.cancel(wait);
    }

    /** The channel closes before it was connected. */
    void abandon(Throwable cause) {
        if (!done) {
            finish();
            promise.tryFailure(cause);
        }
    }

    /** Frees what the waits needed, if the system has none of it. */
    void release(Win32 win32) {
        if (device != 0 && !wait.isOutstanding()) {
            win32.closeHandle(device);
            waitInput.close();
            device = 0;
        }
    }
}
