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

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.ReferenceCountUtil;
import io.nettypipe.iocp.TestIocp;
import io.nettypipe.win32.Win32;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** An echo server on one event loop, and clients on another, each with one message of 64 bytes in flight. */
final class EchoLoad implements AutoCloseable {
    private final PipeFixture pipes;
    private final EventLoopGroup clients;
    private final List<Pinger> pingers = new ArrayList<>();

    EchoLoad(Win32 serverCalls, Win32 clientCalls, NamedPipeMode mode, int connections) throws Exception {
        pipes = new PipeFixture(1, serverCalls);
        clients = new MultiThreadIoEventLoopGroup(1, TestIocp.newFactory(clientCalls));
        pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.PIPE_TYPE, mode).childHandler(new Echo()));
        for (int i = 0; i < connections; i++) {
            Pinger pinger = new Pinger();
            new Bootstrap().group(clients).channel(NamedPipeChannel.class).handler(pinger)
                    .option(NamedPipeChannelOption.READ_MODE, mode).connect(pipes.address).sync();
            pingers.add(pinger);
        }
        run(1);
    }

    /** Sends so many messages on each connection, each when the one before came back. */
    void run(int messages) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(pingers.size());
        for (Pinger pinger : pingers) {
            pinger.ctx.executor().execute(() -> pinger.start(messages, done));
        }
        assertTrue(done.await(PipeFixture.SECONDS, TimeUnit.SECONDS));
    }

    EventLoop serverLoop() {
        return pipes.group.next();
    }

    @Override
    public void close() {
        clients.shutdownGracefully(10, 10_000, TimeUnit.MILLISECONDS).awaitUninterruptibly();
        pipes.close();
    }

    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public boolean isSharable() {
            return true;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ctx.writeAndFlush(msg, ctx.voidPromise());
        }
    }

    private static final class Pinger extends ChannelInboundHandlerAdapter {
        private final ByteBuf message = Unpooled.directBuffer(64).writeZero(64);
        private ChannelHandlerContext ctx;
        private CountDownLatch done;
        private int left;

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            this.ctx = ctx;
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext ctx) {
            message.release();
        }

        void start(int messages, CountDownLatch done) {
            left = messages;
            this.done = done;
            ping();
        }

        private void ping() {
            ctx.writeAndFlush(message.retainedDuplicate(), ctx.voidPromise());
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ReferenceCountUtil.release(msg);
            if (--left > 0) {
                ping();
            } else {
                done.countDown();
            }
        }
    }
}
