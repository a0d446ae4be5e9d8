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

import java.io.PrintWriter;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Prints replies as they come, and holds the sender back while many texts have no reply yet. The methods that wait are
 * for the sender's thread; the handler runs on the event loop.
 */
final class ReplyPrinter extends SimpleChannelInboundHandler<String> {
    /** How many texts may be without a reply. */
    private static final int WINDOW = 64;

    private final PrintWriter out;
    private final Semaphore room = new Semaphore(WINDOW);
    private int sent;
    private volatile int received;
    private volatile boolean ended;
    private volatile Throwable cause;

    ReplyPrinter(PrintWriter out) {
        this.out = out;
    }

    /** Waits until one more text may be sent, and counts it as sent. */
    void awaitRoom(int timeoutSeconds) throws EchoException, InterruptedException {
        await(1, timeoutSeconds);
        if (ended) {
            throw closedEarly();
        }
        sent++;
    }

    /** Waits until every text has its reply. */
    void awaitAll(int timeoutSeconds) throws EchoException, InterruptedException {
        await(WINDOW, timeoutSeconds);
        if (received < sent) {
            throw closedEarly();
        }
    }

    private void await(int permits, int timeoutSeconds) throws EchoException, InterruptedException {
        if (!room.tryAcquire(permits, timeoutSeconds, TimeUnit.SECONDS)) {
            throw new EchoException("No reply came within " + timeoutSeconds
                    + " s; is this an echo server, and in the same mode? (--timeout SECONDS waits longer)", null);
        }
    }

    private EchoException closedEarly() {
        return new EchoException("The server closed the pipe after " + received + " replies"
                + (cause == null ? "" : " (" + Failure.reason(cause) + ")") + "; start it again", cause);
    }

    /** Ends the exchange: whoever waits is told, and why. Any thread. */
    void fail(Throwable why) {
        if (cause == null) {
            cause = why;
        }
        end();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, String reply) {
        out.println(reply);
        out.flush();
        received = received + 1;
        room.release();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end();
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable why) {
        fail(why);
        ctx.close();
    }

    private void end() {
        ended = true;
        room.release(WINDOW);
    }
}
