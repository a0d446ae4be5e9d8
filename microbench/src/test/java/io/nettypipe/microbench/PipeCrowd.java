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
package io.nettypipe.microbench;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.ReferenceCountUtil;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.channel.NamedPipeChannel;
import io.nettypipe.channel.NamedPipeServerChannel;
import io.nettypipe.iocp.IocpIoHandlerFactory;
import io.nettypipe.iocp.IocpIoMetrics;
import io.nettypipe.iocp.TestIocp;
import io.nettypipe.win32.Win32;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Connections that become more and more, both of their ends in this process: the server's on one event loop, the
 * clients' on another.
 */
final class PipeCrowd implements AutoCloseable {
    private static final int SIZE = 64;
    /** How many connect at a time. */
    private static final int AT_A_TIME = 50;
    private static final int PAGE = 4096;
    /** Which words of /proc/PID/stat: processor time, in ticks. */
    private static final int USER = 13;
    private static final int SYSTEM = 14;
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    /** The file is opened by the wineserver, so that it is about the wineserver. */
    private static final Path WINESERVER = Path.of("Z:\\proc\\self");

    private final IocpIoHandlerFactory serverHandlers;
    private final EventLoopGroup servers;
    private final EventLoopGroup clients;
    private final NamedPipeAddress address = NamedPipeAddress.ephemeral();
    private final List<Caller> callers = new ArrayList<>();
    /** A permit for each of the server's ends that is closed. */
    private final Semaphore left = new Semaphore(0);
    private final long serverThread;
    private final Held heldBefore;
    private final double wineserverBefore = wineserver();

    /**
     * Binds.
     *
     * @param serverCalls the system of the server
     * @param clientCalls the same one, for the clients
     */
    PipeCrowd(Win32 serverCalls, Win32 clientCalls) throws Exception {
        serverHandlers = TestIocp.newFactory(serverCalls);
        servers = new MultiThreadIoEventLoopGroup(1, serverHandlers);
        clients = new MultiThreadIoEventLoopGroup(1, TestIocp.newFactory(clientCalls));
        new ServerBootstrap().group(servers).channel(NamedPipeServerChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Echo());
                        channel.closeFuture().addListener(closed -> left.release());
                    }
                }).bind(address).sync();
        serverThread = servers.submit(() -> Thread.currentThread().getId()).get();
        heldBefore = Held.now();
    }

    ScaleLevel measure(int connections, int busy, long nanos) throws Exception {
        grow(connections);
        Held held = Held.now().since(heldBefore);
        double wineserver = wineserver() - wineserverBefore;
        Echoes one = echo(1, nanos);
        Echoes all = echo(Math.min(busy, connections), nanos);
        Visits visits = visit(nanos);
        return new ScaleLevel(connections, 2 * connections, held, (double) visits.work.cpuNanos() / visits.count,
                (double) all.work.cpuNanos() / all.count, (double) one.work.cpuNanos() / one.dequeues,
                all.count * 1e9 / all.work.wallNanos(), (double) all.calls / all.count,
                visits.wineserverNanos / visits.count, wineserver);
    }

    /** Connects until there are so many, each of which has echoed a message. */
    void grow(int connections) throws Exception {
        while (callers.size() < connections) {
            int first = callers.size();
            List<ChannelFuture> connects = new ArrayList<>();
            for (int i = Math.min(AT_A_TIME, connections - first); i > 0; i--) {
                Caller caller = new Caller();
                callers.add(caller);
                connects.add(connect(caller));
            }
            for (ChannelFuture connect : connects) {
                connect.sync();
            }
            run(callers.subList(first, callers.size()), 1, 0);
        }
    }

    private ChannelFuture connect(ChannelHandler handler) {
        return new Bootstrap().group(clients).channel(NamedPipeChannel.class).handler(handler).connect(address);
    }

    /** So many connections echo, each a message at a time, for so long. */
    private Echoes echo(int busy, long nanos) throws InterruptedException {
        return run(callers.subList(0, busy), Long.MAX_VALUE, System.nanoTime() + nanos);
    }

    /** So many connections echo so many messages each. */
    void echoes(int busy, long messages) throws InterruptedException {
        run(callers.subList(0, busy), messages, 0);
    }

    private Echoes run(List<Caller> busy, long messages, long deadline) throws InterruptedException {
        IocpIoMetrics metrics = serverHandlers.metrics().get(0);
        CountDownLatch done = new CountDownLatch(busy.size());
        long dequeues = metrics.dequeues();
        long calls = metrics.submittedOperations() + dequeues;
        Work before = Work.of(serverThread);
        for (Caller caller : busy) {
            caller.ctx.executor().execute(() -> caller.start(messages, deadline, done));
        }
        done.await();
        Work work = Work.of(serverThread).since(before);
        return new Echoes(busy.stream().mapToLong(caller -> caller.count).sum(), work, metrics.dequeues() - dequeues,
                metrics.submittedOperations() + metrics.dequeues() - calls);
    }

    /** Clients come and leave for so long. */
    private Visits visit(long nanos) throws Exception {
        int visitors = 0;
        double wineserver = wineserverNanos();
        Work before = Work.of(serverThread);
        Work work;
        do {
            visit();
            visitors += AT_A_TIME;
            work = Work.of(serverThread).since(before);
        } while (work.wallNanos() < nanos);
        return new Visits(visitors, work, wineserverNanos() - wineserver);
    }

    /** So many clients as connect at a time come and leave. */
    void visit() throws Exception {
        List<ChannelFuture> connects = new ArrayList<>();
        for (int i = 0; i < AT_A_TIME; i++) {
            connects.add(connect(new ChannelInboundHandlerAdapter()));
        }
        for (ChannelFuture connect : connects) {
            connect.sync().channel().close();
        }
        left.acquire(AT_A_TIME);
    }

    /** How much the wineserver has in memory, in bytes; NaN on Windows. */
    private static double wineserver() {
        return numbers("statm").map(words -> Double.parseDouble(words[1]) * PAGE).orElse(Double.NaN);
    }

    /** How long processors worked for the wineserver, user and system; NaN on Windows. */
    private static double wineserverNanos() {
        return numbers("stat").map(words -> Double.parseDouble(words[USER]) + Double.parseDouble(words[SYSTEM]))
                .orElse(Double.NaN) * TICK_NANOS;
    }

    private static Optional<String[]> numbers(String file) {
        try {
            if (Files.readString(WINESERVER.resolve("comm")).startsWith("wineserver")) {
                return Optional.of(Files.readString(WINESERVER.resolve(file)).split(" "));
            }
        } catch (IOException e) {
            // there is none
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        List.of(clients, servers).forEach(group -> group.shutdownGracefully(0, 1, TimeUnit.MINUTES));
        List.of(clients, servers).forEach(group -> group.terminationFuture().awaitUninterruptibly());
    }

    /**
     * What was done.
     *
     * @param count    echoes
     * @param work     of the server's event loop
     * @param dequeues of the server's event loop: its turns
     * @param calls    operations that it gave to the system, and its dequeues
     */
    private record Echoes(long count, Work work, long dequeues, long calls) { }

    /** Clients that came and left, and what was done for them. */
    private record Visits(int count, Work work, double wineserverNanos) { }

    private static final class Caller extends ChannelInboundHandlerAdapter {
        private final ByteBuf message = Unpooled.directBuffer(SIZE).writeZero(SIZE);
        private ChannelHandlerContext ctx;
        private CountDownLatch done;
        private long messages;
        private long deadline;
        private volatile long count;

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            ctx = context;
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext context) {
            message.release();
        }

        void start(long most, long end, CountDownLatch whenDone) {
            messages = most;
            deadline = end;
            done = whenDone;
            count = 0;
            ping();
        }

        private void ping() {
            ctx.writeAndFlush(message.retainedDuplicate(), ctx.voidPromise());
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object reply) {
            ReferenceCountUtil.release(reply);
            count++;
            if (count < messages && (deadline == 0 || System.nanoTime() < deadline)) {
                ping();
            } else {
                done.countDown();
            }
        }
    }
}
