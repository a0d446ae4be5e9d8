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
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.nettypipe.iocp.IocpIoOps;
import io.nettypipe.iocp.OverlappedFile;
import io.nettypipe.win32.Win32;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.RejectedExecutionException;

/**
 * What both channels have in common: their life, their registration, and that neither closing nor deregistering is done
 * before the system gave back what it owned.
 * <p>
 * A close is {@link PipeClosing}, which has the file from then on. A deregistration goes through the states of {@link
 * Stay}. If it is closed meanwhile, it is deregistered by the close, and the deregistration is done behind that; unless
 * Netty has its task already, which then tells the handlers of the close, too.
 */
abstract class AbstractNamedPipeChannel extends AbstractChannel {
    private static final InternalLogger LOGGER = InternalLoggerFactory.getInstance(AbstractNamedPipeChannel.class);
    private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);

    private final RegisteredTasks tasks = new RegisteredTasks(this);
    private final ReadRequest readRequest = new ReadRequest();
    private volatile ChannelState state = ChannelState.NEW;
    private volatile OverlappedFile file;
    private boolean registeredBefore;
    private Win32 win32;
    private volatile Stay stay = Stay.AWAY;
    private ChannelPromise deregistration;
    /** Not {@code null} once it closes. */
    private volatile PipeClosing closing;
    private CloseRequest closeRequest;

    /** Where it is with its event loop. */
    private enum Stay {
        /** It has none. */
        AWAY,
        HERE,
        /** It is deregistered when what is being written is; reading goes on, or the peer's writing might not. */
        ENDING_WRITES,
        /** It is deregistered when what was cancelled has ended. */
        ENDING_ALL,
        /** Nothing is outstanding, and Netty deregisters it in a task of its own, ... */
        LEAVING,
        /** ... before which it was closed, so that this task has to tell the handlers, whom it removes. */
        LEAVING_CLOSED
    }

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

    /** Joins the event loop it was registered with. */
    abstract void joinLoop() throws Exception;

    /** Takes up again what it was doing before it was registered anew. */
    abstract void advance();

    /** The channel leaves its event loop, or closes: gives up its timers there. Operations are cancelled elsewhere. */
    abstract void stopWaiting();

    /**
     * The channel is about to close, and does not have its file any more: says what is to be done with that.
     *
     * @param forcibly not to deliver what was flushed
     */
    abstract void beginClosing(PipeClosing begun, boolean forcibly);

    /** The channel is closed, its file maybe not yet. */
    abstract void channelClosed();

    /** Begins to connect, or throws why not. */
    abstract void doConnect(SocketAddress remoteAddress, SocketAddress localAddress, ChannelPromise promise)
            throws IOException;

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

    /** What {@code read()} asked for. */
    final ReadRequest readRequest() {
        return readRequest;
    }

    /** {@code setAutoRead(false)}, by any thread. */
    final void autoReadCleared() {
        readRequest.takeBack();
    }

    /** Where to submit operations while {@link #canSubmit()}; {@code null} once the channel closes. */
    final OverlappedFile file() {
        return file;
    }

    /** Asks to cancel an operation, if it is outstanding; that of a channel that closes is cancelled anyway. */
    final void cancel(IocpIoOps ops) {
        if (file != null) {
            file.cancel(ops);
        }
    }

    /** The system calls; {@code null} before it was registered. */
    final Win32 win32() {
        return win32;
    }

    /**
     * Whether the calling task may start operations: neither closing nor between two event loops, nor with another than
     * the calling one, which may still have tasks of a channel that it had.
     */
    final boolean canSubmit() {
        Stay now = stay;
        return file != null && (now == Stay.HERE || now == Stay.ENDING_WRITES) && eventLoop().inEventLoop();
    }

    /** Whether writes may be started: not while a deregistration waits for those that are outstanding, either. */
    final boolean canWrite() {
        return stay == Stay.HERE && canSubmit();
    }

    final boolean isClosing() {
        return closing != null;
    }

    /** The close that has the file, or {@code null}. */
    final PipeClosing closing() {
        return closing;
    }

    @Override
    protected final boolean isCompatible(EventLoop loop) {
        boolean compatible = loop instanceof IoEventLoop && ((IoEventLoop) loop).isCompatible(OverlappedFile.class);
        // Any thread asks, and one may close the channel meanwhile.
        OverlappedFile current = file;
        String reason = compatible && current != null ? current.reasonAgainst(loop) : null;
        if (reason != null) {
            // Netty's refusal, which leaves the channel as it is, has no room for it.
            LOGGER.warn("{} cannot be registered with {}: {}", this, loop, reason);
        }
        return compatible && reason == null;
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
            stay = Stay.HERE;
            try {
                joinLoop();
            } catch (Exception e) {
                stay = Stay.AWAY;
                file.deregister();
                promise.setFailure(e);
                return;
            }
            // Behind Netty's own listener, by which the channel counts as registered.
            promise.addListener(registered -> {
                tasks.registered();
                if (again) {
                    advance();
                }
            });
            promise.setSuccess();
        });
    }

    @Override
    protected final void doDeregister() {
        boolean owesInactive = stay == Stay.LEAVING_CLOSED;
        stay = Stay.AWAY;
        if (owesInactive) {
            pipeline().fireChannelInactive();
        }
        if (file != null) {
            // What was cancelled may have failed otherwise, and be waiting to be tried again.
            stopWaiting();
            file.leave();
            file.deregister();
        }
    }

    /**
     * What Netty began in a loop that the channel has left is for the one that has it: Netty looks for the loop before
     * it comes here.
     */
    final void passOn(Runnable begun) {
        tasks.execute(begun, refused -> { });
    }

    @Override
    protected final void doDisconnect() {
        doClose();
    }

    @Override
    protected final void doClose() {
        if (isRegistered() && !eventLoop().inEventLoop()) {
            // Netty forbids closeForcibly() there, but forgets it unless the JVM checks assertions.
            eventLoop().execute(this::doClose);
            return;
        }
        if (state != ChannelState.CLOSED) {
            become(ChannelState.CLOSED);
            try {
                if (closing == null) {
                    beginClosing(true);
                    if (isEnding()) {
                        // Nobody asked for a close that it could be done behind.
                        pipeUnsafe().deregisterLater(deregistration);
                    }
                }
                channelClosed();
            } finally {
                closing.advance();
                tasks.closed();
            }
        }
    }

    /** Whether a deregistration waits for operations to end. */
    private boolean isEnding() {
        return stay == Stay.ENDING_WRITES || stay == Stay.ENDING_ALL;
    }

    private void beginClosing(boolean forcibly) {
        OverlappedFile taken = file;
        file = null;
        closing = new PipeClosing(this, taken);
        stopWaiting();
        beginClosing(closing, forcibly);
    }

    /** For {@link PipeClosing}: nothing that was cancelled is outstanding any more. */
    final void closeNow() {
        if (closeRequest != null) {
            pipeUnsafe().closeNow();
        }
    }

    /** Netty calls it when {@link #doWrite} throws, which ours does not. */
    @Override
    protected final void doShutdownOutput() {
        pipeUnsafe().close(pipeUnsafe().voidPromise());
    }

    final PipeUnsafe pipeUnsafe() {
        return (PipeUnsafe) super.unsafe();
    }

    /** Who wants to know of the close, which waits for the operations that it cancelled. */
    private record CloseRequest(ChannelPromise promise, Throwable cause, ClosedChannelException closeCause) { }

    final class PipeUnsafe extends AbstractUnsafe implements OverlappedFile.Owner {
        RecvByteBufAllocator.ExtendedHandle recvHandle() {
            return (RecvByteBufAllocator.ExtendedHandle) recvBufAllocHandle();
        }

        void flushNow() {
            flush0();
        }

        /** In a loop that the channel has left, or does meanwhile, nothing is written; the next may have looked. */
        @Override
        protected void flush0() {
            if (eventLoop().inEventLoop()) {
                super.flush0();
            }
            if (!eventLoop().inEventLoop()) {
                passOn(() -> super.flush0());
            }
        }

        /** Closes because of a failed write, which is what the writes that were flushed fail with. */
        void closeFor(Throwable cause) {
            ClosedChannelException closed = new ClosedChannelException();
            closed.initCause(cause);
            close(voidPromise(), cause, closed);
        }

        @Override
        public void connect(SocketAddress remoteAddress, SocketAddress localAddress, ChannelPromise promise) {
            // Not uncancellable: a connect can be cancelled until it is done.
            if (promise.isDone() || !ensureOpen(promise)) {
                return;
            }
            try {
                doConnect(remoteAddress, localAddress, promise);
            } catch (Throwable t) {
                promise.tryFailure(annotateConnectException(t, remoteAddress));
            }
        }

        @Override
        public void operationEnded() {
            deregisterIfIdle();
        }

        @Override
        public void loopEnds() {
            close(voidPromise());
        }

        /** One at a time: a second would take a channel from its loop that was registered anew after the first. */
        private void deregisterOnce(ChannelPromise promise) {
            if (deregistration != null && !deregistration.isDone()) {
                deregistration.addListener(new PromiseNotifier<>(false, promise.unvoid()));
                return;
            }
            deregistration = promise.unvoid();
            stay = Stay.ENDING_WRITES;
            deregisterIfIdle();
        }

        private void deregisterIfIdle() {
            if (stay == Stay.ENDING_WRITES && file.outstandingWrites() == 0) {
                stay = Stay.ENDING_ALL;
                stopWaiting();
                file.cancelAll();
            }
            if (stay == Stay.ENDING_ALL && file.isIdle()) {
                stay = Stay.LEAVING;
                super.deregister(deregistration);
            }
        }

        @Override
        protected void close(ChannelPromise promise, Throwable cause, ClosedChannelException closeCause) {
            if (Impersonation.isInForce() || isRegistered() && !eventLoop().inEventLoop()) {
                // An instance that takes the closed one's place must not be created as a client; nor can a loop that
                // the channel has left cancel what is outstanding.
                eventLoop().execute(() -> close(promise, cause, closeCause));
                return;
            }
            if (!promise.setUncancellable()) {
                return;
            }
            if (closeRequest != null) {
                closeRequest.promise.addListener(new PromiseNotifier<>(false, promise.unvoid()));
                return;
            }
            closeRequest = new CloseRequest(promise.unvoid(), cause, closeCause);
            if (closing == null) {
                try {
                    beginClosing(false);
                } finally {
                    if (isEnding()) {
                        deregisterBehindClose(deregistration);
                    }
                    closing.advance();
                }
            } else if (!closing.isCancelling()) {
                closeNow();
            }
        }

        private void closeNow() {
            if (stay == Stay.LEAVING && isActive()) {
                stay = Stay.LEAVING_CLOSED;
                doClose();
            }
            super.close(closeRequest.promise, closeRequest.cause, closeRequest.closeCause);
        }

        @Override
        public void deregister(ChannelPromise promise) {
            if (state == ChannelState.CONNECTING) {
                // An attempt belongs to its event loop.
                close(voidPromise());
            }
            if (closeRequest != null && closing.isCancelling()) {
                deregisterBehindClose(promise);
            } else if (isClosing() || stay == Stay.AWAY) {
                super.deregister(promise);
            } else if (promise.setUncancellable()) {
                deregisterOnce(promise);
            }
        }

        /** Behind the close's own deregistration, which fires channelInactive. */
        private void deregisterBehindClose(ChannelPromise promise) {
            closeFuture().addListener(closed -> deregisterLater(promise));
        }

        /** As a task that comes behind what the channel is about to tell its handlers. */
        private void deregisterLater(ChannelPromise promise) {
            try {
                eventLoop().execute(() -> super.deregister(promise));
            } catch (RejectedExecutionException loopIsGone) {
                promise.tryFailure(loopIsGone);
            }
        }
    }

    @Override
    protected final PipeUnsafe newUnsafe() {
        return new PipeUnsafe();
    }

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
