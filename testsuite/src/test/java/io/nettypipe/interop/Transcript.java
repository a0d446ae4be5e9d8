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
package io.nettypipe.interop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.channel.PipeMessage;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Writes down what one channel reads, before any codec sees it, and passes it on. */
final class Transcript extends ChannelInboundHandlerAdapter {
    private final NamedPipeMode mode;
    private final long expectedBytes;
    private final int expectedMessages;
    private final ByteArrayOutputStream current = new ByteArrayOutputStream();
    private final List<ByteBuffer> messages = new ArrayList<>();
    private final CompletableFuture<Void> complete = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private long bytes;
    private int parts;

    Transcript(NamedPipeMode mode) {
        this(mode, Long.MAX_VALUE, Integer.MAX_VALUE);
    }

    private Transcript(NamedPipeMode mode, long expectedBytes, int expectedMessages) {
        this.mode = mode;
        this.expectedBytes = expectedBytes;
        this.expectedMessages = expectedMessages;
    }

    /** A transcript that knows when everything has come. */
    static Transcript expecting(NamedPipeMode mode, Messages messages) {
        return new Transcript(mode, messages.bytes(), messages.count());
    }

    /** Complete when all that is expected has come; failed if the channel fails or ends before. */
    CompletableFuture<Void> complete() {
        return complete;
    }

    /** Complete when the channel has ended. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    /** The messages, or one run of bytes in byte mode. Read it once the channel has ended or all has come. */
    List<ByteBuffer> read() {
        return mode == NamedPipeMode.MESSAGE ? messages : List.of(ByteBuffer.wrap(current.toByteArray()));
    }

    /** How many reads brought something. */
    int parts() {
        return parts;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (mode == NamedPipeMode.MESSAGE) {
            PipeMessage part = (PipeMessage) msg;
            add(part.content());
            if (part.isEndOfMessage()) {
                messages.add(ByteBuffer.wrap(current.toByteArray()));
                current.reset();
            }
        } else {
            add((ByteBuf) msg);
        }
        ctx.fireChannelRead(msg);
        if (mode == NamedPipeMode.MESSAGE ? messages.size() == expectedMessages : bytes == expectedBytes) {
            complete.complete(null);
        }
    }

    private void add(ByteBuf part) {
        current.writeBytes(ByteBufUtil.getBytes(part));
        bytes += part.readableBytes();
        parts++;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        complete.completeExceptionally(new IllegalStateException(
                "the channel ended after " + messages.size() + " messages and " + bytes + " bytes"));
        ended.complete(null);
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        complete.completeExceptionally(cause);
        ended.completeExceptionally(cause);
        ctx.close();
    }
}
