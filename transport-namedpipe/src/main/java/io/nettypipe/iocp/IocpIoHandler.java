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

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import io.netty.util.concurrent.ThreadAwareExecutor;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.nettypipe.win32.ErrorText;
import io.nettypipe.win32.SystemWin32;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.Win32Error;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An {@link IoHandler} over one I/O completion port. It drives any handle that does overlapped I/O and knows nothing of
 * pipes: it starts operations ({@link IocpIoOps}) and tells the {@link IocpIoHandle} of each one's end.
 * <p>
 * It keeps the memory law: an operation's OVERLAPPED is not reused, and {@link #destroy()} frees nothing, before the
 * operation's own completion was dequeued.
 */
public final class IocpIoHandler implements IoHandler {
    private static final InternalLogger LOGGER = InternalLoggerFactory.getInstance(IocpIoHandler.class);
    private static final int BATCH = 128;
    private static final int FOR_EVER = -1;
    private static final int WAKEUP_KEY = 0;

    private final ThreadAwareExecutor executor;
    private final Win32 win32;
    private final long port;
    private final CompletionBatch batch = new CompletionBatch(BATCH);
    private final OverlappedSlab slab = new OverlappedSlab();
    private final ListenQueue listens = new ListenQueue();
    private final IntObjectHashMap<IocpIoRegistration> registrations = new IntObjectHashMap<>();
    private final Runnable shutdownHook = this::prepareToDestroy;
    private final IocpIoMetrics metrics = new IocpIoMetrics();
    private final List<IocpIoMetrics> allMetrics;

    /** Whether the loop is about to block, so that a wakeup must post a packet. Whoever clears it has that to do. */
    private final AtomicBoolean blocking = new AtomicBoolean();
    private int wakeupsUnderWay;
    private int cancelsUnderWay;
    private int lastId = WAKEUP_KEY;
    private boolean packetIgnored;
    private boolean shuttingDown;
    private boolean destroying;
    private boolean destroyed;

    IocpIoHandler(ThreadAwareExecutor executor, Win32 win32, List<IocpIoMetrics> allMetrics) {
        this.executor = Objects.requireNonNull(executor, "executor");
        this.win32 = win32;
        this.allMetrics = allMetrics;
        port = win32.createCompletionPort();
        if (port < 0) {
            batch.close();
            listens.close();
            throw new IllegalStateException("cannot create a completion port: " + ErrorText.of((int) -port));
        }
        allMetrics.add(metrics);
    }

    /**
     * A factory for {@code MultiThreadIoEventLoopGroup} and {@code SingleThreadIoEventLoop}. Their threads may be
     * suspended and replaced. A {@code ManualIoEventLoop} must be run by one thread, which a virtual one that moves is
     * not, as long as a server's channel is registered with it: a client that comes wakes the thread that began to
     * listen, so that on another it would be accepted with one of the loop's next other events only.
     *
     * @throws UnsatisfiedLinkError if this is not Windows or its libraries cannot be called; the cause says why
     */
    public static IocpIoHandlerFactory newFactory() {
        return newFactory(SystemWin32.get());
    }

    /** A factory whose handlers make other system calls than the process's own: for tests. */
    static IocpIoHandlerFactory newFactory(Win32 win32) {
        return new IocpIoHandlerFactory(win32);
    }

    Win32 win32() {
        return win32;
    }

    InternalLogger logger() {
        return LOGGER;
    }

    void executeOnLoop(Runnable task) {
        if (executor.isExecutorThread(Thread.currentThread())) {
            task.run();
        } else {
            executor.execute(task);
        }
    }

    @Override
    public void initialize() {
        if (executor instanceof SingleThreadEventExecutor) {
            // Without a quiet period a loop may skip prepareToDestroy() and come to destroy() at once, when it takes no
            // more tasks and so no channel could tell its handlers that it closed. Its hooks it runs before.
            ((SingleThreadEventExecutor) executor).addShutdownHook(shutdownHook);
        }
    }

    @Override
    public int run(IoHandlerContext context) {
        if (destroyed) {
            return 0;
        }
        int packets = context.canBlock() ? block(context) : poll(0);
        boolean report = context.shouldReportActiveIoTime();
        long start = report ? System.nanoTime() : 0;
        int handled = dispatch(packets);
        if (report) {
            context.reportActiveIoTime(System.nanoTime() - start);
        }
        return handled;
    }

    private int block(IoHandlerContext context) {
        blocking.set(true);
        // A task that came before the line above had no reason to post, so look again: none is lost.
        // So may some other alertable wait of this thread have taken the call of a listen that ended.
        int packets = poll(context.canBlock() && !listens.hasEnded() ? timeoutMillis(context) : 0);
        if (!blocking.getAndSet(false)) {
            wakeupsUnderWay++;
        }
        return packets;
    }

    /** Rounded up, because a timer must never be early. */
    private static int timeoutMillis(IoHandlerContext context) {
        if (context.deadlineNanos() == -1) {
            return FOR_EVER;
        }
        long nanos = context.delayNanos(System.nanoTime());
        long nanosPerMilli = TimeUnit.MILLISECONDS.toNanos(1);
        return (int) Math.min((Math.max(nanos, 0) + nanosPerMilli - 1) / nanosPerMilli, Integer.MAX_VALUE);
    }

    private int poll(int timeoutMillis) {
        int packets = batch.dequeue(win32, port, timeoutMillis);
        metrics.dequeued(Math.max(packets, 0));
        if (packets >= 0) {
            return packets;
        }
        if (packets == -Win32Error.WAIT_IO_COMPLETION) {
            listens.hasEnded();
            return 0;
        }
        if (packets == -Win32Error.WAIT_TIMEOUT) {
            return 0;
        }
        throw new IllegalStateException("the completion port failed: " + ErrorText.of(-packets));
    }

    private int dispatch(int packets) {
        int handled = 0;
        for (int i = 0; i < packets; i++) {
            if (batch.key(i) == WAKEUP_KEY) {
                wakeupsUnderWay--;
                continue;
            }
            IocpIoOps ops = slab.find(batch.overlapped(i));
            if (ops == null || OverlappedSlab.status(ops) == Win32Error.STATUS_PENDING) {
                // The system still owns what a pending operation names, whatever this packet is of.
                ignoredPacket();
                continue;
            }
            end(ops);
            handled++;
        }
        return handled + dispatchListens();
    }

    /** Where the system queues such packets at all it does so often, so one warning is all there is. */
    private void ignoredPacket() {
        String text = "Ignoring the completion of an operation that has ended already";
        if (packetIgnored) {
            LOGGER.debug(text);
        } else {
            packetIgnored = true;
            LOGGER.warn("{}; what there is more of it is logged at debug level", text);
        }
    }

    private int dispatchListens() {
        int handled = 0;
        listens.look();
        for (IocpIoOps ops = listens.pollEnded(); ops != null; ops = listens.pollEnded()) {
            end(ops);
            handled++;
        }
        return handled;
    }

    private void end(IocpIoOps ops) {
        int status = OverlappedSlab.status(ops);
        int error = status == Win32Error.STATUS_SUCCESS ? Win32Error.ERROR_SUCCESS
                : status == Win32Error.STATUS_BUFFER_OVERFLOW ? Win32Error.ERROR_MORE_DATA : win32.errorOf(status);
        ops.ended(error, OverlappedSlab.bytesTransferred(ops));
        slab.release(ops);
        metrics.outstanding(-1);
        metrics.moved(ops);
        trace(ops, "ended");
        if (ops.cancelRequested) {
            ops.cancelRequested = false;
            cancelsUnderWay--;
        }
        ops.registration.ended(ops);
    }

    long submit(IocpIoRegistration registration, IocpIoOps ops) {
        requireLoop();
        if (ops.isOutstanding()) {
            throw new IllegalStateException("outstanding already: " + ops);
        }
        if (destroying || !registration.isValid()) {
            ops.ended(Win32Error.ERROR_OPERATION_ABORTED, 0);
            return 0;
        }
        slab.acquire(ops);
        metrics.submitted();
        int error = start(ops);
        if (error == Win32Error.ERROR_IO_PENDING) {
            registration.started(ops);
            metrics.outstanding(1);
            if (LOGGER.isTraceEnabled()) {
                LOGGER.trace("{} is outstanding on port 0x{}", ops, Long.toHexString(port));
            }
            if (ops.kind == IocpIoOps.Kind.LISTEN) {
                listens.add(ops);
            }
            return ops.overlapped;
        }
        // An answer other than pending is the end, and no packet follows (FILE_SKIP_COMPLETION_PORT_ON_SUCCESS); what
        // Windows would rather tell by a packet, as a part of a message, it has answered as pending.
        boolean moved = error == Win32Error.ERROR_SUCCESS || error == Win32Error.ERROR_MORE_DATA;
        ops.ended(error, moved ? OverlappedSlab.bytesTransferred(ops) : 0);
        slab.release(ops);
        metrics.moved(ops);
        trace(ops, "ended at once");
        return 0;
    }

    private void trace(IocpIoOps ops, String what) {
        if (LOGGER.isTraceEnabled()) {
            LOGGER.trace("{} {} on port 0x{}: {} bytes, {}", ops, what, Long.toHexString(port), ops.bytesTransferred(),
                    ops.error() == Win32Error.ERROR_SUCCESS ? "success" : ErrorText.of(ops.error()));
        }
    }

    private int start(IocpIoOps ops) {
        switch (ops.kind) {
            case READ:
                return win32.readFile(ops.handle, ops.address, ops.length, ops.overlapped);
            case WRITE:
                return win32.writeFile(ops.handle, ops.address, ops.length, ops.overlapped);
            case CONTROL:
                OverlappedSlab.markPending(ops);
                return win32.fsControlFile(ops.handle, ops.controlCode, ops.address, ops.length, ops.overlapped);
            case LISTEN:
                OverlappedSlab.markPending(ops);
                return win32.listen(ops.handle, ops.overlapped, listens.signal());
            default:
                throw new IllegalArgumentException("unknown operation: " + ops);
        }
    }

    void cancel(IocpIoOps ops) {
        requireLoop();
        if (!ops.cancelRequested) {
            ops.cancelRequested = true;
            cancelsUnderWay++;
            LOGGER.trace("Cancelling {}", ops);
            // ERROR_NOT_FOUND says that it has ended; its completion is on the way then.
            win32.cancelIoEx(ops.handle, ops.overlapped);
        }
    }

    int associate(IocpIoRegistration registration, long handle) {
        requireLoop();
        return win32.associate(handle, port, registration.id);
    }

    private void requireLoop() {
        if (!executor.isExecutorThread(Thread.currentThread())) {
            throw new IllegalStateException("not the event loop's thread: " + Thread.currentThread());
        }
    }

    @Override
    public IoRegistration register(IoHandle handle) {
        if (!(handle instanceof IocpIoHandle)) {
            throw new IllegalArgumentException("not an IocpIoHandle: " + handle);
        }
        if (shuttingDown) {
            throw new IllegalStateException("the event loop is shutting down");
        }
        do {
            lastId = lastId == Integer.MAX_VALUE ? WAKEUP_KEY + 1 : lastId + 1;
        } while (registrations.containsKey(lastId));
        IocpIoRegistration registration =
                new IocpIoRegistration(this, (IocpIoHandle) handle, lastId);
        registrations.put(lastId, registration);
        metrics.registered(1);
        handle.registered();
        return registration;
    }

    void remove(IocpIoRegistration registration) {
        registrations.remove(registration.id);
        metrics.registered(-1);
        registration.handle.unregistered();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return IocpIoHandle.class.isAssignableFrom(handleType);
    }

    @Override
    public void wakeup() {
        if (blocking.get() && blocking.compareAndSet(true, false)) {
            // The loop counts on this packet. It fails for want of resources only, which others give back.
            while (win32.postQueuedCompletionStatus(port, WAKEUP_KEY) != Win32Error.ERROR_SUCCESS) {
                Thread.yield();
            }
        }
    }

    /** Closes every handle, and waits for what they cancelled, so that their channels are closed when this returns. */
    @Override
    public void prepareToDestroy() {
        shuttingDown = true;
        closeHandles();
        while (cancelsUnderWay > 0) {
            dispatchNext();
        }
    }

    private void closeHandles() {
        for (IocpIoRegistration registration : new ArrayList<>(registrations.values())) {
            try {
                registration.handle.close();
            } catch (Throwable t) {
                LOGGER.warn("Cannot close {}", registration.handle, t);
            }
        }
    }

    /** Cancels what is still outstanding, waits for all of it, and only then frees the memory and closes the port. */
    @Override
    public void destroy() {
        if (destroyed) {
            return;
        }
        // A loop that is shut down without a quiet period may come here at once.
        prepareToDestroy();
        destroying = true;
        registrations.values().forEach(registration -> registration.cancelAll(true));
        while (slab.inUse() > 0 || wakeupsUnderWay > 0) {
            dispatchNext();
        }
        // What could still have been submitted a moment ago is refused now, and its handle gives up.
        closeHandles();
        destroyed = true;
        allMetrics.remove(metrics);
        win32.closeHandle(port);
        slab.close();
        batch.close();
        listens.close();
    }

    private void dispatchNext() {
        // Listens first: the call that would have woken the wait below may have been made already.
        dispatch(poll(listens.hasEnded() ? 0 : FOR_EVER));
    }
}
