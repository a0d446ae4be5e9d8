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

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.codec.PipeMessageCodec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** What the transport itself takes for an echo: a completion, {@code channelRead}, a write, a flush, the next read. */
public class EchoBenchmark extends PipeBenchmark {
    static final int ECHOES = 1024;

    /** How many channels. */
    @Param({"1", "16", "1000"})
    public int channels;

    /** What the pipe carries; messages go through {@link PipeMessageCodec}. */
    @Param({"BYTE", "MESSAGE"})
    public NamedPipeMode mode;

    /** How many bytes each way. */
    @Param({"64", "32768"})
    public int size;

    /** How many packets one dequeue brings at most. */
    @Param("128")
    public int packets;

    private ServerOnOneLoop server;

    /** Connects all clients. */
    @Setup
    public void serve() {
        server = new ServerOnOneLoop(new InstantWin32(size, packets, channels), mode, 64, new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                if (mode == NamedPipeMode.MESSAGE) {
                    channel.pipeline().addLast(new PipeMessageCodec());
                }
                channel.pipeline().addLast(new Echo());
            }
        });
        echo();
    }

    /** Ends the server. */
    @TearDown
    public void close() {
        server.close();
    }

    /** One echo. */
    @Benchmark
    @OperationsPerInvocation(ECHOES)
    public void echo() {
        long enough = server.win32.written() + (long) ECHOES * size;
        while (server.win32.written() < enough) {
            server.loop.runNow();
        }
    }
}
