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

import io.netty.buffer.ByteBuf;
import io.nettypipe.channel.NamedPipeChannel;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** What the peer sends, pulled: the channel is read only when a thread wants a byte and there is none. */
final class PipeInput extends InputStream {
    private final NamedPipeChannel channel;
    private final StreamsHandler state;
    private final Queue<ByteBuf> buffers = new ArrayDeque<>();
    private boolean asked;
    private boolean ended;
    private boolean discarding;
    private volatile boolean closed;
    private long timeoutMillis;

    PipeInput(NamedPipeChannel channel, StreamsHandler state) {
        this.channel = channel;
        this.state = state;
    }

    /** The event loop has some. Holds the lock, as the next two. */
    void arrived(ByteBuf bytes) {
        if (discarding || !bytes.isReadable()) {
            bytes.release();
        } else {
            buffers.add(bytes);
        }
    }

    /** The {@code read()} brought what it brings, which may be nothing. */
    void answered() {
        asked = false;
    }

    void ended() {
        ended = true;
    }

    void setTimeout(Duration timeout) {
        state.change(() -> timeoutMillis = timeout.plusNanos(999_999).toMillis());
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        Objects.checkFromIndexSize(from, length, into.length);
        PipeOutput.refuseOnLoop(channel, "read");
        if (length == 0) {
            return 0;
        }
        state.lock().lock();
        try {
            return awaitBytes() ? take(into, from, length) : -1;
        } finally {
            state.lock().unlock();
        }
    }

    /** Whether there are some; otherwise the end. */
    private boolean awaitBytes() throws IOException {
        boolean limited = timeoutMillis > 0;
        long left = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        while (buffers.isEmpty()) {
            if (discarding) {
                throw new ClosedChannelException();
            }
            if (state.failure() != null) {
                throw StreamsHandler.asIo(state.failure());
            }
            if (ended) {
                return false;
            }
            if (limited && left <= 0) {
                throw new SocketTimeoutException("nothing to read within " + timeoutMillis + " ms");
            }
            ask();
            if (limited) {
                left = state.await(left, "reading", 0);
            } else {
                state.await("reading", 0);
            }
        }
        return true;
    }

    private void ask() throws IOException {
        if (asked || !state.wasActive()) {
            return;
        }
        asked = true;
        try {
            channel.read();
        } catch (RejectedExecutionException e) {
            throw StreamsHandler.asIo(e);
        }
    }

    private int take(byte[] into, int from, int length) {
        int taken = 0;
        while (taken < length && !buffers.isEmpty()) {
            ByteBuf first = buffers.element();
            int part = Math.min(length - taken, first.readableBytes());
            first.readBytes(into, from + taken, part);
            taken += part;
            if (!first.isReadable()) {
                buffers.remove().release();
            }
        }
        return taken;
    }

    @Override
    public int available() {
        state.lock().lock();
        try {
            return (int) Math.min(Integer.MAX_VALUE, buffers.stream().mapToLong(ByteBuf::readableBytes).sum());
        } finally {
            state.lock().unlock();
        }
    }

    /** Holds nothing, now and from now on. */
    void discard() {
        state.change(() -> {
            discarding = true;
            buffers.forEach(ByteBuf::release);
            buffers.clear();
        });
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        discard();
        state.change(() -> closed = true);
        if (channel.isRegistered()) {
            channel.shutdownInput();
        }
        state.streams().closeIfBothAre();
    }
}
