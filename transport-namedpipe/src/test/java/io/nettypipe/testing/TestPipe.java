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
package io.nettypipe.testing;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.Future;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.channel.NamedPipeChannel;
import io.nettypipe.channel.NamedPipeServerChannel;
import io.nettypipe.iocp.IocpIoHandler;
import io.nettypipe.iocp.TestIocp;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.model.TestSystem;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A pipe of its own for a test, and the event loops of its ends. */
public class TestPipe implements AutoCloseable {
    /** How long a test waits for what must come. */
    public static final long SECONDS = 30;

    public final NamedPipeAddress address = NamedPipeAddress.ephemeral();
    public final EventLoopGroup group;
    /** {@code null} if it is the one that the program runs on. */
    public final Win32 win32;

    /** A pipe of the system that the program runs on. */
    public TestPipe(int threads) {
        win32 = null;
        group = new MultiThreadIoEventLoopGroup(threads, IocpIoHandler.newFactory());
    }

    /** A pipe of a system of {@link TestSystem}, which is closed with it. */
    public TestPipe(int threads, Win32 win32) {
        this.win32 = win32;
        group = new MultiThreadIoEventLoopGroup(threads, TestIocp.newFactory(win32));
    }

    public ServerBootstrap serverBootstrap() {
        return new ServerBootstrap().group(group).channel(NamedPipeServerChannel.class);
    }

    public Bootstrap clientBootstrap() {
        return new Bootstrap().group(group).channel(NamedPipeChannel.class);
    }

    public static ChannelHandler initializer(Consumer<Channel> init) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                init.accept(channel);
            }
        };
    }

    /** The next of a queue. */
    public static <T> T take(BlockingQueue<T> queue) throws InterruptedException {
        T taken = queue.poll(SECONDS, TimeUnit.SECONDS);
        if (taken == null) {
            throw new AssertionError("waited in vain for " + SECONDS + " s");
        }
        return taken;
    }

    protected static void await(Future<?> future) {
        if (!future.awaitUninterruptibly(SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("never done: " + future);
        }
    }

    /** Ends the event loops, and with them the channels that are open. */
    @Override
    public void close() {
        stop(20);
    }

    /** Ends the event loops once they had nothing to do for so long. */
    protected final void stop(long quietMillis) {
        await(group.shutdownGracefully(quietMillis, SECONDS * 1000, TimeUnit.MILLISECONDS));
        TestSystem.close(win32);
    }
}
