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
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.ReferenceCountUtil;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.Future;
import io.nettypipe.iocp.IocpIoHandler;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What a program does while a call fails. Each waits for an outcome, good or bad, of all that it began. */
enum FaultScenario {
    ECHO_BYTES {
        @Override
        void run(Run run) throws Exception {
            run.echo(NamedPipeMode.BYTE, 1_000);
        }
    },
    ECHO_LARGE_MESSAGES {
        @Override
        void run(Run run) throws Exception {
            run.echo(NamedPipeMode.MESSAGE, 200_000);
        }
    },
    ECHO_WITHOUT_READ_BUFFERS {
        @Override
        void run(Run run) throws Exception {
            for (NamedPipeMode mode : NamedPipeMode.values()) {
                run.zeroByteReads = true;
                run.echo(mode, 1_000);
            }
        }
    },
    DRAIN {
        @Override
        void run(Run run) throws Exception {
            if (run.bind(new ServerBootstrap())) {
                Sink client = new Sink();
                ChannelFuture dial = run.connect(client);
                if (run.await(dial)) {
                    run.begin(dial.channel().writeAndFlush(PipeFixture.pattern(100_000, 1)));
                    run.await(run.begin(((NamedPipeChannel) dial.channel()).drain()));
                }
            }
        }
    },
    ABORT {
        @Override
        void run(Run run) throws Exception {
            if (run.bind(new ServerBootstrap().childOption(ChannelOption.SO_LINGER, 0)
                    .childHandler(new SendAndClose()))) {
                ChannelFuture dial = run.connect(new Sink());
                if (run.await(dial)) {
                    run.begin(dial.channel().writeAndFlush(PipeFixture.pattern(100, 1)));
                    run.await(dial.channel().closeFuture());
                }
                run.awaitService();
            }
        }
    },
    CONNECT_BUSY {
        @Override
        void run(Run run) throws Exception {
            if (run.bind(new ServerBootstrap().option(NamedPipeChannelOption.MAX_INSTANCES, 1))) {
                ChannelFuture first = run.connect(new Sink());
                run.await(first);
                ChannelFuture second = run.connect(new Sink());
                run.await(first.channel().close());
                run.await(second);
                run.await(second.channel().close());
            }
        }
    },
    CONNECT_CANCELLED {
        @Override
        void run(Run run) throws Exception {
            if (run.bind(new ServerBootstrap().option(NamedPipeChannelOption.MAX_INSTANCES, 1))) {
                run.await(run.connect(new Sink()));
                ChannelFuture second = run.connect(new Sink());
                run.await(second.channel().eventLoop().submit(() -> { }));
                second.cancel(false);
                run.await(second);
                run.await(second.channel().close());
            }
        }
    },
    REUSE {
        @Override
        void run(Run run) throws Exception {
            // One instance for all: each client leaves bytes unread, and the server or the client closes first.
            if (run.bind(new ServerBootstrap().option(NamedPipeChannelOption.MAX_INSTANCES, 1)
                    .option(NamedPipeChannelOption.REUSE_INSTANCES, true)
                    .childOption(ChannelOption.SO_LINGER, 1).childHandler(new SendAndClose()))) {
                for (int i = 0; i < 3; i++) {
                    Sink client = new Sink();
                    ChannelFuture dial = run.connect(client);
                    if (run.await(dial)) {
                        run.begin(dial.channel().writeAndFlush(PipeFixture.pattern(100, i)));
                        client.awaitBytesOrEnd(i == 1 ? 1 : SendAndClose.BYTES);
                        run.await(dial.channel().close());
                    }
                }
                run.awaitService();
            }
        }
    },
    REUSE_OF_A_CLIENT_THAT_STAYS {
        @Override
        void run(Run run) throws Exception {
            if (run.bind(new ServerBootstrap().option(NamedPipeChannelOption.MAX_INSTANCES, 1)
                    .option(NamedPipeChannelOption.REUSE_INSTANCES, true)
                    .childOption(ChannelOption.SO_LINGER, 0).childHandler(new SendAndClose()))) {
                for (int i = 0; i < 3; i++) {
                    run.await(run.connect(new Sink()));
                }
            }
        }
    },
    HALF_CLOSE {
        @Override
        void run(Run run) throws Exception {
            // The answer comes when the server was told that there is no more, or not at all.
            if (run.bind(new ServerBootstrap().option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE)
                    .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true).childHandler(new AnswerAndClose()))) {
                Sink client = new Sink();
                ChannelFuture dial = run.connect(client);
                if (run.await(dial)) {
                    run.begin(dial.channel().writeAndFlush(PipeFixture.pattern(1_000, 1)));
                    if (run.await(run.begin(((DuplexChannel) dial.channel()).shutdownOutput()))) {
                        client.awaitBytesOrEnd(AnswerAndClose.BYTES);
                    }
                }
            }
        }
    },
    SHUTDOWN_IN_FLIGHT {
        @Override
        void run(Run run) throws Exception {
            EventLoopGroup group = new MultiThreadIoEventLoopGroup(2, IocpIoHandler.newFactory(run.pipes.win32));
            try {
                if (run.bind(new ServerBootstrap().group(group).childOption(ChannelOption.AUTO_READ, false))) {
                    for (int i = 0; i < 2; i++) {
                        ChannelFuture dial = run.dial(group, new Sink());
                        if (run.await(dial)) {
                            run.begin(dial.channel().writeAndFlush(PipeFixture.pattern(200_000, i)));
                        }
                    }
                }
            } finally {
                run.await(group.shutdownGracefully(0, 10, TimeUnit.SECONDS));
            }
        }
    };

    static final int SECONDS = 10;

    abstract void run(Run run) throws Exception;

    /** One run: its channels and all that must come to an end. */
    static final class Run {
        final PipeFixture pipes;
        boolean zeroByteReads;
        private NamedPipeAddress address = NamedPipeAddress.ephemeral();
        private final List<Future<?>> begun = new ArrayList<>();
        private final List<Channel> channels = new ArrayList<>();
        final List<Throwable> failures = new ArrayList<>();

        Run(PipeFixture pipes) {
            this.pipes = pipes;
        }

        boolean bind(ServerBootstrap bootstrap) throws Exception {
            if (bootstrap.config().group() == null) {
                bootstrap.group(pipes.group);
            }
            ChannelHandler given = bootstrap.config().childHandler();
            ChannelHandler childHandler = given != null ? given : new Echo();
            ChannelFuture bound = bootstrap.channel(NamedPipeServerChannel.class)
                    .handler(new Sink()).childHandler(childHandler).bind(address);
            channels.add(bound.channel());
            return await(bound);
        }

        ChannelFuture connect(ChannelInboundHandlerAdapter handler) {
            return dial(pipes.group, handler);
        }

        ChannelFuture dial(EventLoopGroup group, ChannelInboundHandlerAdapter handler) {
            ChannelFuture dial = new Bootstrap().group(group).channel(NamedPipeChannel.class).handler(handler)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 5_000)
                    .connect(address);
            channels.add(dial.channel());
            begun.add(dial);
            return dial;
        }

        <F extends Future<?>> F begin(F future) {
            begun.add(future);
            return future;
        }

        /** Waits for an outcome, and answers whether it was good. */
        boolean await(Future<?> future) throws InterruptedException {
            if (!future.await(SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("never done: " + future);
            }
            if (!future.isSuccess() && !future.isCancelled()) {
                failures.add(future.cause());
            }
            return future.isSuccess();
        }

        /** The server that is bound must serve somebody again, with at most a moment's gap. */
        void awaitService() throws InterruptedException {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            ChannelFuture dial = connect(new Sink());
            while (!await(dial)) {
                if (System.nanoTime() - deadline > 0) {
                    throw new AssertionError("the server serves nobody any more", dial.cause());
                }
                dial = connect(new Sink());
            }
        }

        void echo(NamedPipeMode mode, int size) throws Exception {
            Sink client = new Sink();
            address = NamedPipeAddress.ephemeral();
            if (bind(new ServerBootstrap().option(NamedPipeChannelOption.PIPE_TYPE, mode)
                    .childOption(NamedPipeChannelOption.ZERO_BYTE_READ, zeroByteReads))) {
                ChannelFuture dial = begin(pipes.clientBootstrap(client)
                        .option(NamedPipeChannelOption.ZERO_BYTE_READ, zeroByteReads)
                        .option(NamedPipeChannelOption.READ_MODE, mode).connect(address));
                channels.add(dial.channel());
                if (await(dial)) {
                    begin(dial.channel().writeAndFlush(PipeFixture.pattern(size, 1)));
                    client.awaitBytesOrEnd(size);
                }
            }
        }

        /** Closes everything, and waits for what was begun. */
        void end() throws InterruptedException {
            for (Channel channel : channels) {
                if (channel.isRegistered()) {
                    await(channel.close());
                }
                await(channel.closeFuture());
            }
            for (Future<?> future : begun) {
                await(future);
            }
        }
    }

    /** Counts what it receives. */
    static class Sink extends ChannelInboundHandlerAdapter {
        private static final Integer END = -1;
        private final BlockingQueue<Integer> received = new LinkedBlockingQueue<>();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            if (msg instanceof Channel) {
                ctx.fireChannelRead(msg);
                return;
            }
            ByteBuf content = msg instanceof PipeMessage ? ((PipeMessage) msg).content()
                    : (ByteBuf) msg;
            received.add(content.readableBytes());
            content.release();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            received.add(END);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            // What the program is told of the fault.
        }

        void awaitBytesOrEnd(int bytes) throws InterruptedException {
            for (int left = bytes; left > 0;) {
                Integer more = received.poll(SECONDS, TimeUnit.SECONDS);
                if (more == null) {
                    throw new AssertionError("neither " + left + " more bytes nor the end");
                }
                if (more.equals(END)) {
                    return;
                }
                left -= more;
            }
        }
    }

    /** Sends bytes back, and each part of a message as a message. */
    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public boolean isSharable() {
            return true;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ctx.writeAndFlush(msg instanceof PipeMessage ? ((PipeMessage) msg).content() : msg);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            // What the program is told of the fault.
        }
    }

    /** Sends more than a pipe holds, and closes without having read. */
    private static final class SendAndClose extends ChannelInboundHandlerAdapter {
        static final int BYTES = 100_000;

        @Override
        public boolean isSharable() {
            return true;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.writeAndFlush(PipeFixture.pattern(BYTES, 1));
            ctx.close();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ReferenceCountUtil.release(msg);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            // What the program is told of the fault.
        }
    }

    /** Answers once the client has half-closed the pipe. */
    private static final class AnswerAndClose extends Sink {
        static final int BYTES = 100;

        @Override
        public boolean isSharable() {
            return true;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ChannelInputShutdownReadComplete.INSTANCE) {
                ctx.writeAndFlush(PipeFixture.pattern(BYTES, 2)).addListener(ChannelFutureListener.CLOSE);
            }
        }
    }
}
