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
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ConnectTimeoutException;
import io.nettypipe.iocp.OverlappedFile;
import io.nettypipe.win32.SystemWin32;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.WinError;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;

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
public final class NamedPipeChannel extends DuplexPipeChannel {
    private final NamedPipeChannelConfig config = new NamedPipeChannelConfig(this);
    private final ReadLoop readLoop = new ReadLoop(this);
    private final WriteLoop writeLoop = new WriteLoop(this);
    private final HalfClosure halfClosure = new HalfClosure(this, readLoop, writeLoop.shutdown());
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

    /** Creates a client's end, not connected. */
    public NamedPipeChannel() {
        super(null, null, new OverlappedFile());
        client = null;
        serversEnd = false;
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
        address = adopted.address;
        client = adopted.client;
        pipeType = adopted.pipeType;
        config.adopt(adopted);
        become(ChannelState.ACTIVE);
    }

    /** A connected server's end, which belongs to no port yet. */
    NamedPipeChannel(NamedPipeServerChannel server, Win32 win32, long handle) {
        super(server, win32, new OverlappedFile(handle));
        address = server.localAddress();
        client = new PeerAddress(win32, handle, address);
        pipeType = server.config().getPipeType();
        config.inherit(server.config());
        readMode = config.getReadMode();
        serversEnd = true;
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

    @Override
    PeerLookup peerLookup() {
        return peerLookup;
    }

    @Override
    HalfClosure halfClosure() {
        return halfClosure;
    }

    /**
     * Whether an empty message from the peer tells that it sends no more. To who reads bytes an empty message can mean
     * nothing else.
     */
    boolean canBeHalfClosed() {
        return keepsBoundaries() && !config.isEmptyMessageAsData()
                && (config.isAllowHalfClosure() || readMode == NamedPipeMode.BYTE);
    }

    void proceedDrains() {
        drains.proceed();
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
            int error = wanted.setOn(win32(), handle());
            if (error != WinError.ERROR_SUCCESS && !PipeErrors.isPeerGone(error)) {
                throw new NamedPipeException("SetNamedPipeHandleState", address, error);
            }
            readMode = wanted;
        }
    }

    PipeDirection direction() {
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
        if (error != WinError.ERROR_SUCCESS) {
            throw new NamedPipeException("CreateIoCompletionPort", address, error);
        }
    }

    @Override
    void goOn() {
        readLoop.proceed();
        writeLoop.goOn();
        drains.proceed();
        writeLoop.shutdown().proceed();
    }

    /** The other end is gone: notices it even without a {@code read()}, after what it had written. */
    void watchForEnd() {
        readLoop.watchForEnd();
    }

    /** Takes a client's handle, whose mode is set. If the port refuses it, nothing has changed. */
    void adopt(long opened, NamedPipeMode type) throws NamedPipeException {
        NamedPipeAddress pipe = connector.pipe();
        int error = file().open(opened);
        if (error != WinError.ERROR_SUCCESS) {
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
        readLoop.proceed();
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
        readLoop.beginRead();
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer out) {
        try {
            writeLoop.write(out);
            drains.proceed();
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
        if (connector != null) {
            connector.abandon(new ClosedChannelException());
        }
        readLoop.discard();
        closing.thenFree(() -> {
            readLoop.close();
            writeLoop.close();
            if (connector != null) {
                connector.release(win32());
            }
        });
        if (pipeType != null) {
            closing.deliver(this, writeLoop, parent(), forcibly);
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
