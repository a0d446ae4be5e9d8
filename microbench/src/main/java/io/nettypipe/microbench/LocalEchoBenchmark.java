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
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.local.LocalServerChannel;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import java.util.concurrent.TimeUnit;

/**
 * The yardstick: an echo over Netty's own {@link LocalChannel}, which makes no system calls at all. It is a round trip,
 * so both ends are in the figure, where {@link EchoBenchmark} has one.
 */
@State(Scope.Thread)
public class LocalEchoBenchmark {
    private static final int ECHOES = 1024;
    private static final int SIZE = 64;

    private ManualIoEventLoop loop;
    private Channel client;
    private long left;

    /** Connects. */
    @Setup
    public void connect() {
        loop = new ManualIoEventLoop(Thread.currentThread(), LocalIoHandler.newFactory());
        LocalAddress address = new LocalAddress("bench");
        await(new ServerBootstrap().group(loop).channel(LocalServerChannel.class)
                .childHandler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public boolean isSharable() {
                        return true;
                    }

                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object message) {
                        ctx.writeAndFlush(message, ctx.voidPromise());
                    }
                }).bind(address));
        client = await(new Bootstrap().group(loop).channel(LocalChannel.class)
                .handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object message) {
                        if (--left > 0) {
                            ctx.writeAndFlush(message, ctx.voidPromise());
                        } else {
                            ((ByteBuf) message).release();
                        }
                    }
                }).connect(address));
    }

    private Channel await(ChannelFuture future) {
        while (!future.isDone()) {
            loop.runNow();
        }
        return future.syncUninterruptibly().channel();
    }

    /** Ends the loop. */
    @TearDown
    public void close() {
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        while (!loop.isTerminated()) {
            loop.runNow();
        }
    }

    /** One round trip. */
    @Benchmark
    @OperationsPerInvocation(ECHOES)
    public void echo() {
        left = ECHOES;
        client.writeAndFlush(client.alloc().directBuffer(SIZE).writeZero(SIZE), client.voidPromise());
        while (left > 0) {
            loop.runNow();
        }
    }
}
