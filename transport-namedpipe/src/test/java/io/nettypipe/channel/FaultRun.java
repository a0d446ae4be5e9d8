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
import io.netty.util.ReferenceCountUtil;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.util.concurrent.Future;
import io.nettypipe.win32.NativeMemory;
import io.nettypipe.win32.PipeFlags;
import io.nettypipe.win32.model.ModelWin32;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One run of a {@link FaultScenario}: its channels and all that must come to an end. */
final class FaultRun {
    static final int SECONDS = 10;

    final PipeFixture pipes;
    private final FaultyWin32 faulty;
    boolean zeroByteReads;
    private NamedPipeAddress address = NamedPipeAddress.ephemeral();
    private final List<Future<?>> begun = new ArrayList<>();
    private final List<Channel> channels = new ArrayList<>();
    final List<Throwable> failures = new ArrayList<>();

    FaultRun(PipeFixture pipes, FaultyWin32 faulty) {
        this.pipes = pipes;
        this.faulty = faulty;
    }

    boolean bind(ServerBootstrap bootstrap) throws Exception {
        if (bootstrap.config().group() == null) {
            bootstrap.group(pipes.group);
        }
        ChannelHandler given = bootstrap.config().childHandler();
        ChannelHandler childHandler = given != null ? given : new Echo();
        // Enough of them to have one fail; each call of each is failed in turn.
        ChannelFuture bound = bootstrap.channel(NamedPipeServerChannel.class).option(ChannelOption.SO_BACKLOG, 4)
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

    /** From now on clients connect as those of another machine do. */
    void connectRemotely() {
        address = NamedPipeAddress.of("\\\\" + ModelWin32.REMOTE_SERVER + "\\pipe\\" + address.name());
    }

    /** Opens the pipe as somebody else would. Returns the handle or the negated error. */
    long open() {
        try (NativeMemory name = NativeMemory.wideString(address.path())) {
            return pipes.win32.createFile(name.address(), PipeFlags.GENERIC_READ | PipeFlags.GENERIC_WRITE
                    | PipeFlags.FILE_WRITE_ATTRIBUTES, PipeFlags.FILE_FLAG_OVERLAPPED);
        }
    }

    /** Returns a channel of a handle; {@code null} if it was refused, and closed as the caller's that it still is. */
    NamedPipeChannel channelOf(long handle) {
        try {
            return new NamedPipeChannel(pipes.win32, handle);
        } catch (IllegalArgumentException refused) {
            failures.add(refused.getCause());
            pipes.win32.closeHandle(handle);
            return null;
        }
    }

    /** Registers a channel of a handle, which is still the caller's, and closed, if that fails. */
    boolean register(NamedPipeChannel channel, long handle) throws InterruptedException {
        ChannelFuture registration = pipes.group.register(channel);
        channels.add(channel);
        if (await(registration)) {
            return true;
        }
        // Error 87 is that of a handle which belongs to another port, a mistake of the program's.
        failures.replaceAll(failure -> failure instanceof IllegalStateException ? failure.getCause() : failure);
        pipes.win32.closeHandle(handle);
        return false;
    }

    /** Waits until a call was made, or something has ended without it. */
    void awaitCallOrEnd(String method, Future<?> future) throws Exception {
        CompletableFuture<Void> call = faulty.firstCall(method);
        future.addListener(done -> call.complete(null));
        call.get(SECONDS, TimeUnit.SECONDS);
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
    static final class Echo extends ChannelInboundHandlerAdapter {
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
    static final class SendAndClose extends ChannelInboundHandlerAdapter {
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
    static final class AnswerAndClose extends Sink {
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
