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

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.PromiseNotifier;
import io.nettypipe.iocp.OverlappedFile;
import io.nettypipe.win32.SystemWin32;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.Win32Error;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/**
 * One end of a named pipe: a client's, one that a {@link NamedPipeServerChannel} accepted, or one of a handle that
 * somebody else opened.
 * <p>
 * Writing takes {@link ByteBuf} and {@link PipeMessage}. On a message-type pipe each write is one message; on a
 * byte-type pipe the small ones of a flush go out together. A {@code ByteBuf} of no bytes is nothing, as on every
 * channel: its promise succeeds in its turn, and nothing is sent. An empty message is written as an empty {@code
 * PipeMessage}. Reading delivers what {@link
 * NamedPipeChannelOption#READ_MODE} says. Both addresses are the pipe's, because a client's end has no name of its
 * own.
 * <p>
 * The end of the stream is {@code channelInactive} without an exception. Everything that the other end had written was
 * read before, unless a {@link NamedPipeDisconnectedEvent} came first: then the server threw away what was not read. A
 * message-type pipe can be half-closed: {@link #shutdownOutput()} sends an empty message, and with
 * {@link io.netty.channel.ChannelOption#ALLOW_HALF_CLOSURE} an empty message received is the peer's half-close. Without
 * it, that ends the stream of who reads bytes, and is a message like others to who reads messages.
 */
public final class NamedPipeChannel extends AbstractNamedPipeChannel implements DuplexChannel {
    private final NamedPipeChannelConfig config = new NamedPipeChannelConfig(this);
    private final ReadLoop readLoop = new ReadLoop(this);
    private final WriteLoop writeLoop = new WriteLoop(this);
    private final Drains drains = new Drains(this, writeLoop);
    private final PeerLookup peerLookup = new PeerLookup(this);

    /** Somebody else's handle, until it is this channel's. */
    private volatile AdoptedHandle adopted;
    private volatile NamedPipeAddress address;
    /** Of a server's end. */
    private final PeerAddress client;
    private volatile NamedPipeMode pipeType;
    /** How the handle is read, which may not be what the configuration says since the last read. */
    private NamedPipeMode readMode;
    private Connector connector;
    /** Whether the other end is a client's: the system may not be asked by a server's handle that only writes. */
    final boolean serversEnd;
    private final boolean openedByOthers;

    /** Creates a client's end, not connected. */
    public NamedPipeChannel() {
        super(null, null, new OverlappedFile());
        client = null;
        serversEnd = false;
        openedByOthers = false;
    }

    /**
     * Makes a channel of a connected end of a pipe, a server's or a client's, which somebody else opened with {@code
     * FILE_FLAG_OVERLAPPED}: another library, or the process that this one inherited it from. The channel is active
     * once it is registered with an event loop ({@code EventLoopGroup.register}). Any thread.
     * <p>
     * The handle is the caller's until then, and remains so if this constructor or the registration fails; from then on
     * it is the channel's, which closes it. Nobody else may use it, and nothing may be outstanding on it. It must not
     * belong to a completion port: the registration fails with {@link IllegalStateException} if it does, in whichever
     * process.
     * <p>
     * The direction is what the handle allows. The read mode is the one that it has, unless {@link
     * NamedPipeChannelOption#READ_MODE} is set before the channel is registered. The addresses are what the system says
     * the pipe is called, or {@code null} if that is no {@link NamedPipeAddress}. They are those of a pipe of this
     * machine even if the handle is of another's, which cannot be told: there {@link #peer()} would block the event
     * loop.
     *
     * @param handle the HANDLE; to ask about a synchronous one that somebody reads with, which is refused, blocks until
     *               that read is over, and nothing that does not block would tell
     * @throws IllegalArgumentException if it is not an open handle of a named pipe, or one that is synchronous, not
     *                                  connected, in {@code PIPE_NOWAIT} mode, or may neither read nor write, nor be
     *                                  asked about ({@code FILE_READ_ATTRIBUTES}); the message says which
     * @throws UnsatisfiedLinkError     if this is not Windows
     */
    public NamedPipeChannel(long handle) {
        this(SystemWin32.get(), handle);
    }

    NamedPipeChannel(Win32 win32, long handle) {
        super(null, win32, new OverlappedFile());
        adopted = new AdoptedHandle(win32, handle);
        serversEnd = adopted.serversEnd;
        openedByOthers = true;
        address = adopted.address;
        client = adopted.client;
        pipeType = adopted.pipeType;
        config.inherit(adopted.readMode, adopted.direction);
        become(ChannelState.ACTIVE);
    }

    /** A connected server's end, which belongs to no port yet. */
    NamedPipeChannel(NamedPipeServerChannel server, Win32 win32, long handle) {
        super(server, win32, new OverlappedFile(handle));
        address = server.localAddress();
        client = new PeerAddress(win32, handle, address);
        pipeType = server.config().getOption(NamedPipeChannelOption.PIPE_TYPE);
        readMode = server.config().getOption(NamedPipeChannelOption.READ_MODE);
        config.inherit(readMode, server.config().getOption(NamedPipeChannelOption.DIRECTION));
        serversEnd = true;
        openedByOthers = false;
        become(ChannelState.ACTIVE);
    }

    @Override
    public NamedPipeChannelConfig config() {
        return config;
    }

    @Override
    public NamedPipeServerChannel parent() {
        return (NamedPipeServerChannel) super.parent();
    }

    @Override
    protected NamedPipeAddress localAddress0() {
        return address;
    }

    @Override
    protected NamedPipeAddress remoteAddress0() {
        return client == null ? address : client.get();
    }

    /**
     * Tells when the peer has read everything that was flushed before, without blocking: {@link
     * #drain(ChannelPromise)} with a new promise.
     */
    public ChannelFuture drain() {
        return drain(newPromise());
    }

    /**
     * Tells when the peer has read everything that reached the channel and was flushed before the call; {@code
     * FSCTL_PIPE_FLUSH}, which is {@code FlushFileBuffers} for an event loop. It does not flush. Later writes do not
     * hold it up, and nothing written means that it is drained. Any thread.
     * <p>
     * It fails with {@link ClosedChannelException} if the peer left, or this channel is closed, before the system told
     * that everything was read: a peer that read all and left at once cannot always be told from one that did not. It
     * fails with {@link UnsupportedOperationException} where the system cannot tell, as of a pipe on another machine.
     * Nothing limits how long it takes but cancelling the promise, or closing.
     *
     * @param promise what is completed, and returned; not void
     */
    public ChannelFuture drain(ChannelPromise promise) {
        return drains.add(promise);
    }

    /** Whether nothing is received any more; of an end that only writes, and of a channel that is not active, too. */
    @Override
    public boolean isInputShutdown() {
        return readLoop.isShutDown() || !direction().reads() || !isActive();
    }

    /** {@link #shutdownInput(ChannelPromise)} with a new promise. */
    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    /**
     * Throws away what the peer sends from now on. Its end is still noticed. With
     * {@link ChannelOption#ALLOW_HALF_CLOSURE} the events of a half-closure are fired. Any thread.
     */
    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        return onLoop(promise, this::shutInput);
    }

    /**
     * Whether all writes fail; of an end that only reads, and of a channel that is not active, too. As long as the
     * channel is active they fail when they are flushed, and {@code isWritable()} and {@code bytesBeforeUnwritable()}
     * tell, as ever, whether there is room for more: a handler that waits until it may write learns that it is in vain.
     */
    @Override
    public boolean isOutputShutdown() {
        return writeLoop.shutdown().isShutDown() || !direction().writes() || !isActive();
    }

    /** {@link #shutdownOutput(ChannelPromise)} with a new promise. */
    @Override
    public ChannelFuture shutdownOutput() {
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
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        return onLoop(promise, writeLoop.shutdown()::begin);
    }

    @Override
    public boolean isShutdown() {
        return isInputShutdown() && isOutputShutdown();
    }

    /** {@link #shutdown(ChannelPromise)} with a new promise. */
    @Override
    public ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    /**
     * Shuts down input and output, or neither where the output cannot be. The channel stays open until it is closed or
     * the peer leaves. Any thread.
     */
    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        return onLoop(promise, this::shutBoth);
    }

    private ChannelFuture onLoop(ChannelPromise promise, Consumer<ChannelPromise> action) {
        // As with Netty's channels, this throws if there has been none yet.
        eventLoop();
        tasks().run(() -> action.accept(promise), promise::tryFailure);
        return promise;
    }

    private void shutInput(ChannelPromise promise) {
        if (!promise.setUncancellable()) {
            return;
        }
        if (isClosing()) {
            promise.tryFailure(new ClosedChannelException());
        } else if (!isActive()) {
            promise.tryFailure(new NotYetConnectedException());
        } else {
            promise.trySuccess();
            if (direction().reads()) {
                readLoop.shutDown();
            }
        }
    }

    /** Both or, where the output cannot be shut down, neither. */
    private void shutBoth(ChannelPromise promise) {
        if (!direction().writes()) {
            shutInput(promise);
            return;
        }
        ChannelPromise outputDone = newPromise();
        writeLoop.shutdown().begin(outputDone);
        if (!outputDone.isDone() || outputDone.isSuccess()) {
            shutInput(newPromise());
        }
        outputDone.addListener(new PromiseNotifier<>(false, promise.unvoid()));
    }

    /**
     * The pipe's address, as {@link #localAddress()} is, or {@code null} before there is one. On a server's channel its
     * {@code toString()}, and so the channel's, shows the client's process as well, so that logs tell clients apart; it
     * equals the pipe's all the same. The process is asked for ({@code GetNamedPipeClientProcessId}) by the first call
     * of either, and is not shown if the channel was closed before that. Any thread.
     */
    @Override
    public NamedPipeAddress remoteAddress() {
        return (NamedPipeAddress) super.remoteAddress();
    }

    /**
     * Asks which process is at the other end, and on a client's channel who owns the pipe, as far as that is told. Any
     * thread; the system is asked by the event loop. It fails with {@link ClosedChannelException}, with {@code
     * NotYetConnectedException}, with {@link UnsupportedOperationException} of a pipe on another machine, or with
     * {@link NamedPipeException}.
     */
    public Future<NamedPipePeer> peer() {
        return peerLookup.peer();
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
    public Future<NamedPipeUser> peerUser() {
        return peerLookup.user();
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
    public <V> V impersonate(Callable<V> task) throws Exception {
        return peerLookup.impersonate(task);
    }

    /**
     * Whether an empty message from the peer tells that it sends no more. To who reads bytes an empty message can mean
     * nothing else.
     */
    boolean canBeHalfClosed() {
        return keepsBoundaries() && !config.isEmptyMessageAsData()
                && (config.isAllowHalfClosure() || readMode == NamedPipeMode.BYTE);
    }

    void advanceDrains() {
        drains.advance();
    }

    /** The end of the pipe, or 0 if there is none. */
    long handle() {
        OverlappedFile file = file();
        return file == null ? 0 : file.handle();
    }

    /** The handle that is not this channel's yet, or {@code null}. */
    AdoptedHandle adopted() {
        return adopted;
    }

    /** How what was read last is to be taken. */
    NamedPipeMode readMode() {
        return readMode;
    }

    /** A read is about to start: it is made as the configuration says. */
    void beforeRead() throws NamedPipeException {
        NamedPipeMode wanted = config.getReadMode();
        if (wanted != readMode) {
            PipeErrors.check("SetNamedPipeHandleState", address, wanted.setOn(win32(), handle()));
            readMode = wanted;
        }
    }

    NamedPipeDirection direction() {
        return config.getDirection();
    }

    /**
     * What the pipe carries, however this end reads it; {@code null} as long as a client is not connected. Any thread.
     */
    public NamedPipeMode pipeType() {
        return pipeType;
    }

    /**
     * The longest message that can be written to a message-type pipe, in bytes: {@link Integer#MAX_VALUE}, or 61,440 if
     * the pipe is another machine's; a longer one fails with {@link UnsupportedOperationException} there. A byte-type
     * pipe has no limit. Any thread.
     */
    public int maxMessageLength() {
        NamedPipeAddress pipe = address;
        return pipe == null || pipe.isLocal() ? Integer.MAX_VALUE : WriteBounds.MOST_REMOTELY;
    }

    /** Whether the pipe is certainly this machine's; of a client's end that somebody else opened, nobody can tell. */
    boolean isOfThisMachine() {
        return serversEnd || !openedByOthers && address.isLocal();
    }

    /** Whether the pipe is known to carry bytes. Any thread. */
    boolean isByteType() {
        return pipeType == NamedPipeMode.BYTE;
    }

    /** Whether each write is a message on the wire. */
    boolean keepsBoundaries() {
        return pipeType == NamedPipeMode.MESSAGE;
    }

    @Override
    void joinLoop() throws NamedPipeException {
        if (adopted != null) {
            readMode = config.getReadMode();
            adopted.join(readMode, file());
            adopted = null;
        } else {
            joined(file().join());
        }
    }

    private void joined(int error) throws NamedPipeException {
        if (error != Win32Error.ERROR_SUCCESS) {
            throw new NamedPipeException("CreateIoCompletionPort", address, error);
        }
    }

    @Override
    void advance() {
        readLoop.advance();
        writeLoop.advance();
        drains.advance();
        writeLoop.shutdown().advance();
    }

    /** The other end is gone: notices it even without a {@code read()}, after what it had written. */
    void watchForEnd() {
        readLoop.watchForEnd();
    }

    /** Takes a client's handle, whose mode is set. If the port refuses it, nothing has changed. */
    void adopt(long opened, NamedPipeMode type) throws NamedPipeException {
        NamedPipeAddress pipe = connector.pipe();
        int error = file().open(opened);
        if (error != Win32Error.ERROR_SUCCESS) {
            throw new NamedPipeException("CreateIoCompletionPort", pipe, error);
        }
        readMode = config.getReadMode();
        pipeType = type;
        address = pipe;
        config.typeIsKnown();
    }

    void connected(ChannelPromise promise) {
        connector.release(win32());
        become(ChannelState.ACTIVE);
        // A listener may close the channel, and a cancelled attempt is connected all the same: both see channelActive.
        boolean wanted = promise.trySuccess();
        pipeline().fireChannelActive();
        if (!wanted) {
            unsafe().close(unsafe().voidPromise());
        }
        readLoop.advance();
    }

    void connectFailed(ChannelPromise promise, Throwable cause) {
        connector.cancel();
        connector.release(win32());
        boolean close = cause instanceof ConnectTimeoutException || !file().isIdle();
        if (!close) {
            // As with Netty's transports, it may try again.
            become(ChannelState.NEW);
        }
        promise.tryFailure(cause);
        if (close) {
            unsafe().close(unsafe().voidPromise());
        }
    }

    @Override
    protected void doBind(SocketAddress localAddress) {
        throw new UnsupportedOperationException("a pipe's client has no address of its own to bind: " + localAddress);
    }

    @Override
    protected void doBeginRead() {
        if (eventLoop().inEventLoop()) {
            readLoop.beginRead();
        } else {
            passOn(readLoop::beginRead);
        }
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer out) {
        try {
            writeLoop.write(out);
            drains.advance();
        } catch (Throwable t) {
            pipeUnsafe().closeFor(t);
        }
    }

    @Override
    protected Object filterOutboundMessage(Object msg) {
        return OutboundMessages.toDirect(msg, pipeType, alloc());
    }

    @Override
    void stopWaiting() {
        readLoop.stopWaiting();
    }

    @Override
    void beginClosing(PipeClosing closing, boolean forcibly) {
        // First, because a listener of the connect may close the channel forcibly.
        closing.thenFree(() -> {
            readLoop.close();
            writeLoop.close();
            if (connector != null) {
                connector.release(win32());
            }
        });
        if (connector != null) {
            connector.abandon(new ClosedChannelException());
        }
        readLoop.discard();
        if (pipeType != null) {
            closing.deliver(this, writeLoop, parent() == null ? null : parent().instances(), forcibly);
        }
    }

    @Override
    void channelClosed() {
        if (client != null) {
            client.handleGoes();
        }
        drains.fail();
        writeLoop.shutdown().channelClosed();
    }

    @Override
    void doConnect(SocketAddress remoteAddress, SocketAddress localAddress, ChannelPromise promise) throws IOException {
        NamedPipeAddress pipe = Connector.check(this, remoteAddress, localAddress);
        connector = new Connector(this, pipe, promise);
        become(ChannelState.CONNECTING);
        connector.start();
    }
}
