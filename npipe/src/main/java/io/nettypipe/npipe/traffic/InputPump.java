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
package io.nettypipe.npipe.traffic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;

/**
 * Writes to a channel what a blocking stream has, as fast as the channel takes it: whatever a read brings, or line by
 * line. On a thread of its own, which may be in a read for ever.
 */
public final class InputPump implements Runnable {
    /** The longest line, in bytes. */
    public static final int MAX_LINE = 16 * 1024 * 1024;
    private static final int CHUNK = 64 * 1024;

    private final InputStream in;
    private final Channel to;
    private final boolean lines;
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    /**
     * Reads nothing yet.
     *
     * @param lines whether each line, without its end, is written by itself
     */
    public InputPump(InputStream in, Channel to, boolean lines) {
        this.in = lines ? new BufferedInputStream(in, CHUNK) : in;
        this.to = to;
        this.lines = lines;
    }

    /** Starts the thread. */
    public InputPump start(String name) {
        Thread thread = new Thread(this, name);
        thread.setDaemon(true);
        thread.start();
        return this;
    }

    /** Complete when the stream has ended and all of it is written, or the channel takes no more; or it failed. */
    public CompletableFuture<Void> end() {
        return end;
    }

    @Override
    public void run() {
        try {
            ChannelFuture written = null;
            for (ByteBuf next = next(); next != null; next = next()) {
                written = to.writeAndFlush(next);
                if (!to.isWritable()) {
                    written.await();
                }
                if (!to.isActive()) {
                    break;
                }
            }
            if (written != null) {
                written.await();
            }
            end.complete(null);
        } catch (IOException e) {
            end.completeExceptionally(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end.completeExceptionally(e);
        }
    }

    private ByteBuf next() throws IOException {
        ByteBuf buffer = to.alloc().directBuffer(lines ? 256 : CHUNK);
        boolean any = false;
        try {
            any = lines ? readLine(buffer) : buffer.writeBytes(in, CHUNK) >= 0;
            return any ? buffer : null;
        } finally {
            if (!any) {
                buffer.release();
            }
        }
    }

    private boolean readLine(ByteBuf line) throws IOException {
        int b = in.read();
        if (b < 0) {
            return false;
        }
        for (; b >= 0 && b != '\n'; b = in.read()) {
            if (line.readableBytes() == MAX_LINE) {
                throw new IOException("a line has more than " + MAX_LINE + " bytes");
            }
            line.writeByte(b);
        }
        int length = line.readableBytes();
        if (length > 0 && line.getByte(line.writerIndex() - 1) == '\r') {
            line.writerIndex(line.writerIndex() - 1);
        }
        return true;
    }
}
