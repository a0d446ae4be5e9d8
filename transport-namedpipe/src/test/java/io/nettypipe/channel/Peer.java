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
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** One end of a connection, and all that happened to it. */
final class Peer extends ChannelInboundHandlerAdapter {
    volatile Channel channel;
    final BlockingQueue<Object> received = new LinkedBlockingQueue<>();
    final BlockingQueue<Throwable> exceptions = new LinkedBlockingQueue<>();
    final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    final CountDownLatch inactive = new CountDownLatch(1);
    final AtomicInteger inactives = new AtomicInteger();
    final AtomicInteger readCompletes = new AtomicInteger();
    /** Called on the event loop for each message, before it is recorded. */
    volatile Consumer<Object> onRead = message -> { };

    /** Bytes received and not asked for yet. */
    private ByteBuf rest;

    Peer(Channel channel) {
        this.channel = channel;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        events.add("active");
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        onRead.accept(msg);
        received.add(msg);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        readCompletes.incrementAndGet();
        ctx.fireChannelReadComplete();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        events.add("inactive");
        inactives.incrementAndGet();
        inactive.countDown();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        events.add(event.getClass().getSimpleName());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        exceptions.add(cause);
    }

    /** Sends a text, on a message-type pipe as a message, also if it is empty. */
    ChannelFuture send(String text) {
        ByteBuf bytes = PipeFixture.bytes(text);
        return channel.writeAndFlush(text.isEmpty() ? new PipeMessage(bytes) : bytes);
    }

    /** The next {@code length} bytes of a byte stream. */
    ByteBuf read(int length) throws InterruptedException {
        ByteBuf all = Unpooled.buffer(length);
        while (all.readableBytes() < length) {
            if (rest == null) {
                rest = (ByteBuf) next();
            }
            all.writeBytes(rest, Math.min(rest.readableBytes(), length - all.readableBytes()));
            if (!rest.isReadable()) {
                rest.release();
                rest = null;
            }
        }
        return all;
    }

    String readText(int length) throws InterruptedException {
        ByteBuf bytes = read(length);
        String text = bytes.toString(StandardCharsets.UTF_8);
        bytes.release();
        return text;
    }

    /** The next whole message, from its parts. */
    ByteBuf readMessage() throws InterruptedException {
        ByteBuf all = Unpooled.buffer();
        for (;;) {
            PipeMessage part = (PipeMessage) next();
            all.writeBytes(part.content());
            part.release();
            if (part.isEndOfMessage()) {
                return all;
            }
        }
    }

    String readMessageText() throws InterruptedException {
        ByteBuf bytes = readMessage();
        String text = bytes.toString(StandardCharsets.UTF_8);
        bytes.release();
        return text;
    }

    Object next() throws InterruptedException {
        Object message = received.poll(PipeFixture.SECONDS, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("nothing was received; exceptions: " + exceptions);
        }
        return message;
    }

    void awaitInactive() throws InterruptedException {
        if (!inactive.await(PipeFixture.SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("still active: " + channel);
        }
    }

    void close() throws InterruptedException {
        channel.close().sync();
        releaseAll();
    }

    void releaseAll() {
        if (rest != null) {
            rest.release();
            rest = null;
        }
        for (Object message; (message = received.poll()) != null;) {
            ReferenceCountUtil.release(message);
        }
    }
}
