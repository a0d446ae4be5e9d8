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
package io.nettypipe.testsuite.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** What one end of a connection saw: its events, and the text it received. */
class Seen extends ChannelInboundHandlerAdapter {
    volatile Channel channel;
    /** {@code active}, {@code inactive}, and exceptions. */
    final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
    /** What user events there were, by the names of their classes. */
    final BlockingQueue<String> userEvents = new LinkedBlockingQueue<>();
    final AtomicInteger readCompletes = new AtomicInteger();
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final Queue<Seen> whenActive;

    /** Joins a queue when its channel becomes active, if there is one. */
    Seen(Queue<Seen> whenActive) {
        this.whenActive = whenActive;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        events.add("active");
        if (whenActive != null) {
            whenActive.add(this);
        }
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf content = (ByteBuf) msg;
        received.add(content.toString(StandardCharsets.US_ASCII));
        content.release();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        readCompletes.incrementAndGet();
        ctx.fireChannelReadComplete();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        userEvents.add(event.getClass().getSimpleName());
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        events.add("inactive");
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        events.add(cause);
    }

    /** The next characters that arrive. */
    String read(int length) throws InterruptedException {
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append(Pipes.take(received));
        }
        return text.toString();
    }
}
