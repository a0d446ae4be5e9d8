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

import io.netty.channel.AbstractChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.concurrent.PromiseNotifier;
import io.netty.util.internal.StringUtil;
import io.nettypipe.iocp.OverlappedFile;
import io.nettypipe.win32.Win32;

import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.RejectedExecutionException;

/**
 * What both channels have in common: their life, their registration, and that neither closing nor deregistering is done
 * before the system gave back what it owned.
 * <p>
 * A close goes: refuse new operations, cancel, wait until they ended, close the handle. Writes under way are the
 * exception: the close does not wait for them, but the handle does.
 */
abstract class AbstractNamedPipeChannel extends AbstractChannel {
    private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);

    private final RegisteredTasks tasks = new RegisteredTasks(this);
    private volatile ChannelState state = ChannelState.NEW;
    private final OverlappedFile file;
    private boolean registeredBefore;
    private Win32 win32;
    private DelayedClose delayedClose;
    /** The last deregistration that was asked for, and whether it still waits for operations. */
    private ChannelPromise deregistration;
    private boolean deregistrationWaits;
    private boolean deregistering;
    /** Everything has ended for the deregistration, which Netty does in a task of its own. */
    private boolean leaving;
    private boolean inactiveOwed;

    /**
     * A channel, not registered.
     *
     * @param win32 the system calls, {@code null} to have those of its event loop
     */
    AbstractNamedPipeChannel(Channel parent, Win32 win32, OverlappedFile file) {
        super(parent);
        this.win32 = win32;
        this.file = file;
        file.ownedBy(pipeUnsafe());
    }

    /** Asks to cancel everything outstanding but writes. Called again, it does nothing. */
    abstract void cancelOperations();

    /** Asks to cancel the writes. Called again, it does nothing. */
    abstract void cancelWrites();

    /** How many writes are outstanding; a close does not wait for them. */
    abstract int writesOutstanding();

    /** Whether the closed channel's handle still has something to write. */
    abstract boolean isLingering();

    /**
     * The closed channel has nothing outstanding and nothing to write: whether its handle is waited for all the same,
     * which starts an operation.
     */
    abstract boolean keepsHandle();

    /** The event loop is about to end: goes on with what {@link #isLingering()} means, or gives it up. */
    abstract void linger();

    /** The channel is about to close; nothing can be submitted after this. */
    abstract void beforeClose();

    /**
     * Nothing is outstanding and the channel is closed: closes what handles there are. Called again, it does nothing.
     *
     * @param handle the file's, or 0
     */
    abstract void closeHandles(long handle);

    /** Joins the event loop it was registered with. */
    abstract void joinLoop() throws Exception;

    /** Leaves the event loop, open and with nothing outstanding. */
    abstract void leaveLoop();

    /** What {@code read()} asked for; {@code null} before there can be any. Any thread. */
    abstract ReadRequest readRequest();

    /** Takes up again what it was doing before it was registered anew. */
    abstract void resume();

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    public boolean isOpen() {
        return state != ChannelState.CLOSED;
    }

    @Override
    public boolean isActive() {
        return state == ChannelState.ACTIVE;
    }

    final ChannelState state() {
        return state;
    }

    final void become(ChannelState next) {
        if (!state.canBecome(next)) {
            throw new IllegalStateException("a channel that is " + state + " cannot become " + next + ": " + this);
        }
        state = next;
    }

    /** Tasks for whichever event loop the channel is registered with. */
    final RegisteredTasks tasks() {
        return tasks;
    }

    /** {@code setAutoRead(false)}, by any thread. */
    final void autoReadCleared() {
        ReadRequest request = readRequest();
        if (request != null) {
            request.takeBack();
        }
    }

    /** Where to submit operations while {@link #canSubmit()}. */
    final OverlappedFile file() {
        return file;
    }

    /** The system calls; {@code null} before it was registered. */
    final Win32 win32() {
        return win32;
    }

    private boolean hasLoop() {
        return file.registration() != null;
    }

    /**
     * Whether the calling task may start operations: neither closing nor between two event loops, nor with another than
     * the calling one, which may still have tasks of a channel that it had.
     */
    final boolean canSubmit() {
        return state != ChannelState.CLOSED && delayedClose == null && !deregistering && hasLoop()
                && eventLoop().inEventLoop();
    }

    /** Whether writes may be started: not while a deregistration waits for those that are outstanding, either. */
    final boolean canWrite() {
        return canSubmit() && !deregistrationWaits;
    }

    final boolean isClosing() {
        return delayedClose != null || state == ChannelState.CLOSED;
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return loop instanceof IoEventLoop && ((IoEventLoop) loop).isCompatible(OverlappedFile.class);
    }

    @Override
    protected final void doRegister(ChannelPromise promise) {
        file.register((IoEventLoop) eventLoop()).addListener(future -> {
            if (!future.isSuccess()) {
                promise.setFailure(future.cause());
                return;
            }
            boolean again = registeredBefore;
            registeredBefore = true;
            win32 = file.system(Win32.class);
            deregistering = false;
            try {
                joinLoop();
            } catch (Exception e) {
                file.deregister();
                promise.setFailure(e);
                return;
            }
            // Behind Netty's own listener, by which the channel counts as registered.
            promise.addListener(registered -> {
                tasks.registered();
                if (again) {
                    resume();
                }
            });
            promise.setSuccess();
        });
    }

    @Override
    protected final void doDeregister() {
        leaving = false;
        if (inactiveOwed) {
            inactiveOwed = false;
            pipeline().fireChannelInactive();
        }
        if (state != ChannelState.CLOSED && hasLoop()) {
            leaveLoop();
            file.leave();
            file.deregister();
        }
    }

    @Override
    protected final void doDisconnect() {
        doClose();
    }

    @Override
    protected final void doClose() {
        if (state != ChannelState.CLOSED) {
            become(ChannelState.CLOSED);
            if (delayedClose == null) {
                // Forcibly: nobody called beforeClose().
                cancelWrites();
            }
            try {
                cancelOperations();
                releaseIfDrained();
            } finally {
                tasks.closed();
            }
        }
    }

    /** Netty calls it when {@link #doWrite} throws, which ours does not. */
    @Override
    protected final void doShutdownOutput() {
        pipeUnsafe().close(pipeUnsafe().voidPromise());
    }

    final void releaseIfDrained() {
        if (!hasLoop() || file.isIdle() && !isLingering() && !keepsHandle()) {
            closeHandles(file.release());
        }
    }

    /** Called by Netty's constructor already, before there is any field of this class. */
    @Override
    public final Unsafe unsafe() {
        return pipeUnsafe().guard;
    }

    final PipeUnsafe pipeUnsafe() {
        return (PipeUnsafe) super.unsafe();
    }

    /** A close that waits for the operations it cancelled. */
    private static final class DelayedClose {
        final ChannelPromise promise;
        final Throwable cause;
        final ClosedChannelException closeCause;
        boolean finished;

        DelayedClose(ChannelPromise promise, Throwable cause, ClosedChannelException closeCause) {
            this.promise = promise;
            this.cause = cause;
            this.closeCause = closeCause;
        }
    }

    abstract class PipeUnsafe extends AbstractUnsafe implements OverlappedFile.Owner {
        final Unsafe guard = new RegistrationGuard(AbstractNamedPipeChannel.this, this);

        final RecvByteBufAllocator.ExtendedHandle recvHandle() {
            return (RecvByteBufAllocator.ExtendedHandle) recvBufAllocHandle();
        }

        final void flushNow() {
            flush0();
        }

        /** Closes because of a failed write, which is what the writes that were flushed fail with. */
        final void closeFor(Throwable cause) {
            ClosedChannelException closed = new ClosedChannelException();
            closed.initCause(cause);
            close(voidPromise(), cause, closed);
        }

        @Override
        public final void operationEnded() {
            if (delayedClose != null) {
                finishCloseIfDrained();
            }
            if (state == ChannelState.CLOSED) {
                releaseIfDrained();
            }
            if (deregistrationWaits) {
                deregisterIfDrained();
            }
        }

        /** One at a time: a second would take a channel from its loop that was registered anew after the first. */
        private void deregisterOnce(ChannelPromise promise) {
            if (deregistration != null && !deregistration.isDone()) {
                if (!promise.isVoid()) {
                    deregistration.addListener(new PromiseNotifier<>(false, promise));
                }
                return;
            }
            deregistration = promise.isVoid() ? newPromise() : promise;
            deregistrationWaits = true;
            deregisterIfDrained();
        }

        /** Writes end by themselves, while reading goes on; then the rest is cancelled. */
        private void deregisterIfDrained() {
            if (state != ChannelState.CLOSED && !deregistering && writesOutstanding() == 0) {
                deregistering = true;
                cancelOperations();
            }
            if (state == ChannelState.CLOSED || file.isIdle()) {
                deregistrationWaits = false;
                leaving = state != ChannelState.CLOSED;
                super.deregister(deregistration);
            }
        }

        @Override
        public final void loopEnds() {
            if (state == ChannelState.CLOSED) {
                linger();
            } else {
                close(voidPromise());
            }
        }

        @Override
        protected final void close(ChannelPromise promise, Throwable cause, ClosedChannelException closeCause) {
            if (Impersonation.isInForce()) {
                // An instance that takes the closed one's place must not be created as a client.
                eventLoop().execute(() -> close(promise, cause, closeCause));
                return;
            }
            if (!promise.setUncancellable()) {
                return;
            }
            if (delayedClose != null) {
                if (!promise.isVoid()) {
                    delayedClose.promise.addListener(new PromiseNotifier<>(false, promise));
                }
                return;
            }
            delayedClose = new DelayedClose(promise.isVoid() ? newPromise() : promise, cause, closeCause);
            try {
                beforeClose();
            } finally {
                cancelOperations();
                finishCloseIfDrained();
            }
        }

        private void finishCloseIfDrained() {
            boolean drained = file.outstanding() <= writesOutstanding();
            if (drained && !delayedClose.finished) {
                delayedClose.finished = true;
                if (leaving && isActive()) {
                    // The deregistration's task comes first. At its end the closed channel's handlers are removed, who
                    // would not hear of the close from the task that the close leaves behind.
                    inactiveOwed = true;
                    doClose();
                }
                super.close(delayedClose.promise, delayedClose.cause, delayedClose.closeCause);
                if (deregistrationWaits) {
                    deregisterIfDrained();
                }
            }
        }

        @Override
        public final void deregister(ChannelPromise promise) {
            if (state == ChannelState.CONNECTING) {
                // An attempt belongs to its event loop.
                close(voidPromise());
            }
            if (delayedClose != null && !delayedClose.finished) {
                // Behind the close's own deregistration, which fires channelInactive.
                closeFuture().addListener(closed -> {
                    try {
                        eventLoop().execute(() -> super.deregister(promise));
                    } catch (RejectedExecutionException loopIsGone) {
                        promise.tryFailure(loopIsGone);
                    }
                });
            } else if (state == ChannelState.CLOSED || !hasLoop()) {
                super.deregister(promise);
            } else if (promise.setUncancellable()) {
                deregisterOnce(promise);
            }
        }
    }

    @Override
    protected abstract PipeUnsafe newUnsafe();

    @Override
    protected abstract NamedPipeAddress localAddress0();

    @Override
    public NamedPipeAddress localAddress() {
        return (NamedPipeAddress) super.localAddress();
    }

    static NamedPipeAddress requirePipe(SocketAddress address) {
        if (address instanceof NamedPipeAddress) {
            return (NamedPipeAddress) address;
        }
        throw new IllegalArgumentException("not a NamedPipeAddress but " + StringUtil.simpleClassName(address) + " "
                + address);
    }
}
