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

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.nettypipe.channel.NamedPipeMode;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** What a hundred small buffers in one flush take: one call on a byte-type pipe, a hundred on a message-type one. */
public class WriteBenchmark extends PipeBenchmark {
    private static final int BUFFERS = 100;
    private static final int SIZE = 100;

    /** What the pipe carries. */
    @Param({"BYTE", "MESSAGE"})
    public NamedPipeMode mode;

    private final ByteBuf small = Unpooled.directBuffer(SIZE).writeZero(SIZE);
    private ServerOnOneLoop server;
    private Channel channel;

    /** Connects one client. */
    @Setup
    public void serve() {
        server = new ServerOnOneLoop(new InstantWin32(SIZE, 1, 1), mode, 1, new ChannelInboundHandlerAdapter() {
            @Override
            public void channelActive(ChannelHandlerContext ctx) {
                channel = ctx.channel();
                channel.config().setAutoRead(false);
            }
        });
        while (channel == null) {
            server.loop.runNow();
        }
    }

    /** Ends the server. */
    @TearDown
    public void close() {
        server.close();
        small.release();
    }

    /** All hundred. */
    @Benchmark
    public void flush() {
        long enough = server.win32.written() + BUFFERS * SIZE;
        for (int i = 0; i < BUFFERS; i++) {
            channel.write(small.retain(), channel.voidPromise());
        }
        channel.flush();
        while (server.win32.written() < enough) {
            server.loop.runNow();
        }
    }
}
