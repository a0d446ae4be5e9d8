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
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.codec.PipeMessageCodec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** What it takes to receive a long message whole; the system copies nothing. */
public class LongMessageBenchmark extends PipeBenchmark {
    /** How many bytes. */
    @Param({"1048576", "4194304"})
    public int size;

    private ServerOnOneLoop server;
    private long received;

    /** Connects one client. */
    @Setup
    public void serve() {
        InstantWin32 win32 = new InstantWin32(size, 1, 1);
        server = new ServerOnOneLoop(win32, NamedPipeMode.MESSAGE, 1, new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new PipeMessageCodec());
                channel.pipeline().addLast(new SimpleChannelInboundHandler<ByteBuf>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf message) {
                        received += message.readableBytes();
                    }
                });
            }
        });
        receive();
    }

    /** Ends the server. */
    @TearDown
    public void close() {
        server.close();
    }

    /** One message. */
    @Benchmark
    public void receive() {
        long enough = received + size;
        while (received < enough) {
            server.loop.runNow();
        }
    }
}
