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
import io.netty.channel.ChannelPipeline;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.util.UncheckedBooleanSupplier;
import io.nettypipe.win32.Win32Error;

/**
 * Reads with one operation outstanding at most. A pending read is not cancelled to pause reading: what it brings is
 * held until the next {@code read()}.
 */
final class ReadLoop {
    /** How many reads that nobody wants are made before the event loop does something else. */
    private static final int DISCARDS = 16;

    private final NamedPipeChannel channel;
    private final PipeRead read;
    private final LoopTask deliverLater;
    /** In place of reading, for an end that only writes. */
    private final EndWatch endWatch;

    private boolean resultHeld;
    /** There was a {@code read()} that no loop has answered yet. */
    private final ReadRequest request;
    private boolean inLoop;
    private boolean handleReset;
    private boolean endOfStream;
    /** The other end is gone: reads without a {@code read()}, to find the end of what it left. */
    private boolean watchingForEnd;
    /** The peer half-closed the pipe, or nobody wants what it sends: reads on, but delivers nothing. */
    private volatile boolean shutDown;
    /** The loop came to the peer's half-close. */
    private boolean halfClosed;

    ReadLoop(NamedPipeChannel channel) {
        this.channel = channel;
        request = channel.readRequest();
        read = new PipeRead(channel, this);
        deliverLater = new LoopTask(channel, this::deliverIfWanted);
        endWatch = new EndWatch(channel, () -> request.isPending() || watchingForEnd);
    }

    /** {@code Channel.read()}: may deliver one loop's worth of messages. */
    void beginRead() {
        request.ask();
        if (!inLoop && !shutDown) {
            advance();
        }
    }

    /** Goes on after the channel became active, or was registered anew. */
    void advance() {
        if (request.isPending() || watchingForEnd || shutDown || resultHeld && isEnd()) {
            readAhead();
        }
    }

    /** Reads without a {@code read()} from now on: data is held, and the end of the stream closes the channel. */
    void watchForEnd() {
        watchingForEnd = true;
        endWatch.cancel();
        advance();
    }

    private void readAhead() {
        // A loop goes on by itself; a result that was put beside its own would be lost.
        if (inLoop || !channel.isActive() || !channel.canSubmit() || endOfStream || read.isOutstanding()) {
            return;
        }
        if (!channel.direction().reads()) {
            endWatch.start();
            return;
        }
        if (!resultHeld) {
            try {
                submit();
            } catch (Throwable t) {
                discardBuffer();
                channel.eventLoop().execute(() -> fail(t));
                return;
            }
        }
        if (resultHeld) {
            // Never from inside read(): a handler that calls it is not to be entered again.
            deliverLater.soon();
        }
    }

    private void deliverIfWanted() {
        if (resultHeld && isWanted() && !inLoop && channel.canSubmit()) {
            loop();
        }
    }

    private boolean isWanted() {
        return request.isPending() || shutDown || isEnd();
    }

    /** Whether nothing is delivered any more. Any thread. */
    boolean isShutDown() {
        return shutDown;
    }

    /**
     * Delivers nothing from now on. It reads on all the same, so that the peer is not held up by what nobody reads, and
     * its end is noticed.
     */
    void shutDown() {
        if (shutDown) {
            return;
        }
        shutDown = true;
        if (channel.config().isAllowHalfClosure()) {
            channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            channel.pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
        }
        if (!inLoop) {
            advance();
        }
    }

    private void fail(Throwable cause) {
        channel.pipeline().fireExceptionCaught(cause);
        channel.unsafe().close(channel.unsafe().voidPromise());
    }

    void stopWaiting() {
        endWatch.cancel();
    }

    /** A read that was outstanding has ended. */
    void readEnded() {
        resultHeld = true;
        if (channel.isClosing()) {
            discard();
        } else if (read.error() == Win32Error.ERROR_OPERATION_ABORTED) {
            // The channel leaves its loop, or somebody else cancelled the handle's operations. No byte is lost by it.
            discard();
            advance();
        } else if (channel.canSubmit() && isWanted()) {
            loop();
        }
    }

    /** A read that was outstanding could not go on. */
    void readFailed(Throwable cause) {
        discardBuffer();
        if (!channel.isClosing()) {
            fail(cause);
        }
    }

    /** Nothing is outstanding, and nothing will be. */
    void close() {
        discard();
        read.close();
    }

    /** Forgets a result that nobody will want. */
    void discard() {
        if (resultHeld) {
            discardBuffer();
        }
    }

    private void discardBuffer() {
        resultHeld = false;
        read.discard();
    }

    /** Starts to read; a read that ends at once leaves its result held. */
    private void submit() throws NamedPipeException {
        RecvByteBufAllocator.ExtendedHandle handle = channel.pipeUnsafe().recvHandle();
        if (!handleReset) {
            handleReset = true;
            handle.reset(channel.config());
        }
        if (read.start()) {
            resultHeld = true;
        }
    }

    private boolean isTerminal() {
        return read.error() != Win32Error.ERROR_SUCCESS && !read.isMoreData();
    }

    private boolean isEnd() {
        return isTerminal() || isHalfClose();
    }

    private boolean isHalfClose() {
        return read.error() == Win32Error.ERROR_SUCCESS && read.bytesTransferred() == 0 && channel.canBeHalfClosed();
    }

    private void discardAll() {
        try {
            for (int i = 0; i < DISCARDS && resultHeld && !isTerminal(); i++) {
                discard();
                if (!channel.canSubmit()) {
                    return;
                }
                submit();
            }
        } catch (Throwable t) {
            discardBuffer();
            fail(t);
            return;
        }
        if (resultHeld && isTerminal()) {
            discard();
            end();
        } else if (resultHeld) {
            deliverLater.soon();
        }
    }

    /** Delivers the held result and what can be read after it, then one {@code channelReadComplete}. */
    private void loop() {
        if (shutDown) {
            discardAll();
            return;
        }
        RecvByteBufAllocator.ExtendedHandle handle = channel.pipeUnsafe().recvHandle();
        if (!handleReset) {
            handle.reset(channel.config());
        }
        handleReset = true;
        inLoop = true;
        Throwable failure = null;
        try {
            do {
                if (isEnd()) {
                    // Who knows nothing of half-closure is closed, as with TCP.
                    halfClosed = !isTerminal() && channel.config().isAllowHalfClosure();
                    endOfStream = !halfClosed;
                    handle.lastBytesRead(-1);
                    discard();
                    break;
                }
                deliver(handle);
                if (!channel.canSubmit() || shutDown || !mayContinue(handle)) {
                    break;
                }
                submit();
            } while (resultHeld);
        } catch (Throwable t) {
            failure = t;
            if (!read.isOutstanding()) {
                discardBuffer();
            }
        }
        finish(handle, failure);
    }

    private void finish(RecvByteBufAllocator.ExtendedHandle handle, Throwable failure) {
        handleReset = false;
        ChannelPipeline pipeline = channel.pipeline();
        try {
            handle.readComplete();
            pipeline.fireChannelReadComplete();
        } finally {
            inLoop = false;
        }
        if (failure != null) {
            fail(failure);
        } else if (endOfStream) {
            end();
        } else if (halfClosed) {
            shutDown();
        } else {
            advance();
        }
    }

    private void end() {
        endOfStream = true;
        if (isTerminal() && !PipeErrors.isPeerGone(read.error())
                && read.error() != Win32Error.ERROR_OPERATION_ABORTED) {
            channel.pipeline().fireExceptionCaught(
                    new NamedPipeException("ReadFile", channel.remoteAddress(), read.error()));
        } else if (read.error() == Win32Error.ERROR_PIPE_NOT_CONNECTED) {
            channel.pipeline().fireUserEventTriggered(NamedPipeDisconnectedEvent.INSTANCE);
        }
        channel.unsafe().close(channel.unsafe().voidPromise());
    }

    private void deliver(RecvByteBufAllocator.ExtendedHandle handle) {
        ByteBuf received = read.take();
        resultHeld = false;
        int bytes = read.bytesTransferred();
        handle.attemptedBytesRead(received.writableBytes());
        handle.lastBytesRead(bytes);
        received.writerIndex(received.writerIndex() + bytes);
        boolean messages = channel.readMode() == NamedPipeMode.MESSAGE;
        if (!messages && bytes == 0) {
            // An empty message read as bytes: nothing was sent, it is not the end, and the read() is still unanswered.
            received.release();
            return;
        }
        // As Netty has it, a read() from inside the loop is answered by the loop's next message, if there is one.
        request.clear();
        handle.incMessagesRead(1);
        channel.pipeline().fireChannelRead(messages ? new PipeMessage(received, !read.isMoreData()) : received);
    }

    /** A short read says that a byte pipe is empty for now; of a message pipe it says nothing. */
    private boolean mayContinue(RecvByteBufAllocator.ExtendedHandle handle) {
        return channel.readMode() == NamedPipeMode.MESSAGE
                ? handle.continueReading(UncheckedBooleanSupplier.TRUE_SUPPLIER) : handle.continueReading();
    }
}
