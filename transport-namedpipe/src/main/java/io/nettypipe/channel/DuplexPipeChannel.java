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
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.Future;
import io.nettypipe.iocp.OverlappedFile;
import io.nettypipe.win32.Win32;

import java.nio.channels.ClosedChannelException;
import java.util.concurrent.Callable;

/** What a channel offers beyond what every channel does: each direction by itself, and who is at the other end. */
abstract class DuplexPipeChannel extends AbstractNamedPipeChannel implements DuplexChannel {

    DuplexPipeChannel(NamedPipeServerChannel parent, Win32 win32, OverlappedFile file) {
        super(parent, win32, file);
    }

    abstract HalfClosure halfClosure();

    abstract PeerLookup peerLookup();

    /** Whether nothing is received any more; of an end that only writes, and of a channel that is not active, too. */
    @Override
    public final boolean isInputShutdown() {
        return halfClosure().isInputShutdown();
    }

    /** {@link #shutdownInput(ChannelPromise)} with a new promise. */
    @Override
    public final ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    /**
     * Throws away what the peer sends from now on. Its end is still noticed. With
     * {@link ChannelOption#ALLOW_HALF_CLOSURE} the events of a half-closure are fired. Any thread.
     */
    @Override
    public final ChannelFuture shutdownInput(ChannelPromise promise) {
        return halfClosure().shutdownInput(promise);
    }

    /**
     * Whether all writes fail; of an end that only reads, and of a channel that is not active, too. As long as the
     * channel is active they fail when they are flushed, and {@code isWritable()} and {@code bytesBeforeUnwritable()}
     * tell, as ever, whether there is room for more: a handler that waits until it may write learns that it is in vain.
     */
    @Override
    public final boolean isOutputShutdown() {
        return halfClosure().isOutputShutdown();
    }

    /** {@link #shutdownOutput(ChannelPromise)} with a new promise. */
    @Override
    public final ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    /**
     * Half-closes a message-type pipe. What was flushed before is written, the peer reads it, and then an empty message
     * tells it that there is no more; the promise completes when that is written. What was not flushed, and all later
     * writes when they are flushed, fail with {@link ChannelOutputShutdownException}. Called again, it completes with
     * the first one.
     * <p>
     * A byte-type pipe has no half-closure: this fails with {@link UnsupportedOperationException} there, and changes
     * nothing. It fails with {@link ClosedChannelException} if the peer is gone or the channel is closed before it is
     * done; how long a peer takes that does not read, nothing limits. Any thread.
     */
    @Override
    public final ChannelFuture shutdownOutput(ChannelPromise promise) {
        return halfClosure().shutdownOutput(promise);
    }

    @Override
    public final boolean isShutdown() {
        return isInputShutdown() && isOutputShutdown();
    }

    /** {@link #shutdown(ChannelPromise)} with a new promise. */
    @Override
    public final ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    /**
     * Shuts down input and output, or neither where the output cannot be. The channel stays open until it is closed or
     * the peer leaves. Any thread.
     */
    @Override
    public final ChannelFuture shutdown(ChannelPromise promise) {
        return halfClosure().shutdown(promise);
    }

    /**
     * The pipe's address, as {@link #localAddress()} is, or {@code null} before there is one. On a server's channel its
     * {@code toString()}, and so the channel's, shows the client's process as well, so that logs tell clients apart; it
     * equals the pipe's all the same. The process is asked for ({@code GetNamedPipeClientProcessId}) by the first call
     * of either, and is not shown if the channel was closed before that. Any thread.
     */
    @Override
    public final NamedPipeAddress remoteAddress() {
        return (NamedPipeAddress) super.remoteAddress();
    }

    /**
     * Asks which process is at the other end, and on a client's channel who owns the pipe, as far as that is told. Any
     * thread; the system is asked by the event loop. It fails with {@link ClosedChannelException}, with {@code
     * NotYetConnectedException}, with {@link UnsupportedOperationException} of a pipe on another machine, or with
     * {@link NamedPipeException}.
     */
    public final Future<PipePeer> peer() {
        return peerLookup().peer();
    }

    /**
     * Asks, on a server's channel, which user the client is, by its token. Any thread; the system is asked by the event
     * loop, and for the name by a helper thread, because that can take long. It fails as {@link #peer()} does; on a
     * client's channel with {@link UnsupportedOperationException}; with {@link NamedPipeException} 1368 ({@code
     * ERROR_CANNOT_IMPERSONATE}) before anything was read from a client that opened the pipe without {@code
     * SECURITY_SQOS_PRESENT} or with {@code SECURITY_CONTEXT_TRACKING}, whom Windows does not know until then (this
     * transport's clients it knows); and with 1347 ({@code ERROR_CANT_OPEN_ANONYMOUS}) if the client allows {@link
     * ImpersonationLevel#ANONYMOUS} only.
     */
    public final Future<PipeUser> peerUser() {
        return peerLookup().user();
    }

    /**
     * Runs a task as the client of this server's channel ({@code ImpersonateNamedPipeClient}), on the event loop, and
     * whatever happens reverts: to the process, or within another {@code impersonate} to that one's client. If the
     * system cannot revert, the process is halted, because it must not go on under an identity that is not its own.
     * <p>
     * The client decides how much of itself it lends. Below {@link ImpersonationLevel#IMPERSONATION}, and if this
     * process lacks {@code SeImpersonatePrivilege} and the client is another user, whatever the task tries to open is
     * denied, class files that it is the first to need included. Threads that the task starts run as the process. What
     * the task asks of channels is done as the process, after it: closing, accepting, connecting; binding is refused.
     * A {@code DefaultFileRegion} of a {@code File} opens it when it is written, which may be after the task too: let
     * the task open a {@code FileChannel} for it.
     *
     * @return what the task returns
     * @throws IllegalStateException         if the caller is not the event loop
     * @throws UnsupportedOperationException on a client's channel
     * @throws ClosedChannelException        if the channel is closed or about to close
     * @throws NamedPipeException            if the client cannot be impersonated: 1368 as with {@link #peerUser()}
     * @throws Exception                     what the task throws
     */
    public final <V> V impersonate(Callable<V> task) throws Exception {
        return peerLookup().impersonate(task);
    }
}
