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
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.local.LocalServerChannel;
import io.netty.util.ReferenceCountUtil;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

import java.util.concurrent.TimeUnit;

/**
 * The yardstick: an echo of 64 bytes over Netty's own {@link LocalChannel}, which makes no system calls at all. It is a
 * round trip of two channels, where {@link EchoBenchmark} has one; so half of it is what compares.
 * <p>
 * On an event loop of its own, because a {@code LocalChannel} takes no {@code ManualIoEventLoop}: it casts its loop to
 * {@code SingleThreadEventExecutor}. And one round trip after another is begun outside of the channel: what a handler
 * writes to a {@code LocalChannel} while that one flushes stays there until the next flush.
 */
public class LocalEchoBenchmark extends PipeBenchmark {
    private static final int ECHOES = 16 * 1024;
    private static final int SIZE = 64;

    private MultiThreadIoEventLoopGroup group;
    private EventLoop loop;
    private Channel client;
    private long left;

    /** Connects. */
    @Setup
    public void connect() {
        group = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
        loop = group.next();
        LocalAddress address = new LocalAddress("bench");
        new ServerBootstrap().group(group).channel(LocalServerChannel.class).childHandler(new Echo())
                .bind(address).syncUninterruptibly();
        client = new Bootstrap().group(group).channel(LocalChannel.class)
                .handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object message) {
                        left--;
                        ReferenceCountUtil.release(message);
                    }
                }).connect(address).syncUninterruptibly().channel();
    }

    /** Ends the loop. */
    @TearDown
    public void close() {
        group.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** One round trip. */
    @Benchmark
    @OperationsPerInvocation(ECHOES)
    public void echo() {
        loop.submit(this::echoes).syncUninterruptibly();
    }

    private void echoes() {
        left = ECHOES;
        while (left > 0) {
            client.writeAndFlush(client.alloc().directBuffer(SIZE).writeZero(SIZE), client.voidPromise());
        }
    }
}
