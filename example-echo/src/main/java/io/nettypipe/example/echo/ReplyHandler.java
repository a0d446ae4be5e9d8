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
package io.nettypipe.example.echo;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Hands the replies over from the event loop to the thread that waits for them. */
final class ReplyHandler extends SimpleChannelInboundHandler<String> {
    /** Replies, and then why no more come. */
    private final BlockingQueue<Object> replies = new LinkedBlockingQueue<>();

    /** Waits for the next reply. */
    String next(int timeoutSeconds) throws IOException, InterruptedException {
        Object next = replies.poll(timeoutSeconds, TimeUnit.SECONDS);
        if (next instanceof String reply) {
            return reply;
        }
        throw next == null
                ? new IOException("No reply came within " + timeoutSeconds
                        + " s; is this an echo server, and in the same mode? (--timeout SECONDS waits longer)")
                : new IOException("The server sent no reply (" + Failure.reason((Throwable) next) + "); start it again",
                        (Throwable) next);
    }

    /** Tells whoever waits that no reply comes, and why. Any thread. */
    void fail(Throwable cause) {
        replies.add(cause);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, String reply) {
        replies.add(reply);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(new ClosedChannelException());
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(cause);
        ctx.close();
    }
}
