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
package io.nettypipe.streams;

import io.netty.channel.ChannelFuture;
import io.nettypipe.channel.NamedPipeChannel;
import io.nettypipe.channel.NamedPipeMode;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/** What the peer gets; a thread that writes waits while the channel has too much. */
final class PipeOutput extends OutputStream {
    private static final int MOST = 64 * 1024;

    private final NamedPipeChannel channel;
    private final StreamsHandler state;
    /** Of the thread that writes. */
    private final ReentrantLock turn = new ReentrantLock();
    private int unwritten;
    private Throwable failure;
    private volatile boolean closed;

    PipeOutput(NamedPipeChannel channel, StreamsHandler state) {
        this.channel = channel;
        this.state = state;
    }

    static void refuseOnLoop(NamedPipeChannel channel, String operation) {
        if (channel.isRegistered() && channel.eventLoop().inEventLoop()) {
            throw new IllegalStateException(operation + " on the event loop of " + channel + " would wait for itself");
        }
    }

    @Override
    public void write(int oneByte) throws IOException {
        write(new byte[] {(byte) oneByte}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        Objects.checkFromIndexSize(from, length, bytes.length);
        refuseOnLoop(channel, "write");
        try {
            // Who need not wait is not interrupted, either.
            if (!turn.tryLock()) {
                turn.lockInterruptibly();
            }
        } catch (InterruptedException e) {
            throw StreamsHandler.interrupted("writing", 0);
        }
        try {
            for (int done = 0; done < length;) {
                int part = Math.min(length - done, Math.min(MOST, channel.maxMessageLength()));
                begin(done);
                channel.writeAndFlush(channel.alloc().buffer(part).writeBytes(bytes, from + done, part))
                        .addListener(future -> written((ChannelFuture) future));
                done += part;
                awaitRoom(done);
            }
        } finally {
            turn.unlock();
        }
    }

    private void begin(int transferred) throws IOException {
        state.lock().lock();
        try {
            refuseIfOver();
            while (!state.wasActive()) {
                state.await("connecting", transferred);
                refuseIfOver();
            }
            unwritten++;
        } finally {
            state.lock().unlock();
        }
    }

    private void awaitRoom(int transferred) throws IOException {
        state.lock().lock();
        try {
            while (!channel.isWritable()) {
                refuseIfOver();
                state.await("writing", transferred);
            }
        } finally {
            state.lock().unlock();
        }
    }

    private void refuseIfOver() throws IOException {
        throwFailure();
        if (closed || state.isGone()) {
            throw new ClosedChannelException();
        }
    }

    private void throwFailure() throws IOException {
        Throwable cause = state.failure() == null ? failure : state.failure();
        if (cause != null) {
            throw StreamsHandler.asIo(cause);
        }
    }

    private void written(ChannelFuture write) {
        state.change(() -> {
            unwritten--;
            if (!write.isSuccess() && failure == null) {
                failure = write.cause();
            }
        });
    }

    @Override
    public void flush() throws IOException {
        refuseOnLoop(channel, "flush");
        state.lock().lock();
        try {
            while (unwritten > 0) {
                throwFailure();
                state.await("flushing", 0);
            }
            throwFailure();
        } finally {
            state.lock().unlock();
        }
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() throws IOException {
        refuseOnLoop(channel, "close");
        if (closed) {
            return;
        }
        state.change(() -> closed = true);
        try {
            flush();
        } finally {
            if (channel.pipeType() == NamedPipeMode.MESSAGE) {
                channel.shutdownOutput();
            }
            state.streams().closeIfBothAre();
        }
    }
}
