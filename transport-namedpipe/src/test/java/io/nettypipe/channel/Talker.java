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
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.nettypipe.testing.Pattern;

import java.util.concurrent.TimeUnit;

/**
 * One end of a connection that writes as much as it may until it is told to stop, and checks what it receives: numbered
 * messages of many sizes, or their bytes. All that it does, it does on its channel's event loop.
 */
final class Talker extends ChannelInboundHandlerAdapter {
    private static final int LARGEST = 3_000;

    private final boolean messages;
    volatile Channel channel;
    private volatile boolean stopped;
    private volatile long written;
    private volatile Throwable failure;
    private long received;
    private int receivedMessages;
    private int writtenMessages;
    private int receivedOfMessage;

    Talker(boolean messages) {
        this.messages = messages;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        talk(ctx);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        talk(ctx);
    }

    private void talk(ChannelHandlerContext ctx) {
        while (!stopped && ctx.channel().isWritable()) {
            int length = size(writtenMessages++);
            long from = written;
            // Before it is written, because that may change the writability, which comes back here.
            written += length;
            ctx.write(Pattern.buffer(ctx.alloc(), 0, from, length));
        }
        ctx.flush();
    }

    private static int size(int message) {
        return 1 + message * 7919 % LARGEST;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = messages ? ((PipeMessage) message).content() : (ByteBuf) message;
        try {
            check(bytes);
            receivedOfMessage += bytes.readableBytes();
            if (messages && ((PipeMessage) message).isEndOfMessage()) {
                if (receivedOfMessage != size(receivedMessages)) {
                    throw new AssertionError("message " + receivedMessages + " has " + receivedOfMessage + " bytes");
                }
                receivedMessages++;
                receivedOfMessage = 0;
            }
            advance(bytes.readableBytes());
        } finally {
            bytes.release();
        }
    }

    private void check(ByteBuf content) {
        byte[] bytes = new byte[content.readableBytes()];
        content.getBytes(content.readerIndex(), bytes);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != Pattern.at(0, received + i)) {
                throw new AssertionError("wrong at byte " + (received + i));
            }
        }
    }

    private synchronized void advance(int bytes) {
        received += bytes;
        notifyAll();
    }

    @Override
    public synchronized void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        failure = cause;
        notifyAll();
    }

    /** Writes no more. Returns how many bytes it has written. */
    long stop() throws Exception {
        return channel.eventLoop().submit(() -> {
            stopped = true;
            return written;
        }).get();
    }

    /** Waits until it has received so many bytes in all. */
    synchronized void awaitReceived(long bytes) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PipeFixture.SECONDS);
        while (received < bytes) {
            if (failure != null || deadline - System.nanoTime() < 0) {
                throw new AssertionError("received " + received + " bytes of " + bytes + " on " + channel, failure);
            }
            wait(100);
        }
    }

    synchronized long received() {
        return received;
    }

    /** Waits until it has received more than it has now. */
    void awaitMore() throws InterruptedException {
        awaitReceived(received() + LARGEST);
    }
}
