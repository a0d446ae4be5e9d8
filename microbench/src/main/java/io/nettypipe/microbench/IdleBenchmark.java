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
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** What a turn of the event loop takes that brings one echo, however much is registered with it that does nothing. */
public class IdleBenchmark extends PipeBenchmark {
    private static final int SIZE = 64;

    /** How many channels are idle, beside the one that is not. */
    @Param({"0", "1000", "10000"})
    public int idle;

    /** How many instances listen. */
    @Param({"1", "1000", "10000"})
    public int listening;

    private ServerOnOneLoop server;

    /** Connects all clients. */
    @Setup
    public void serve() {
        InstantWin32 win32 = new InstantWin32(SIZE, 1, 1 + idle);
        win32.silent(idle);
        server = new ServerOnOneLoop(win32, NamedPipeMode.BYTE, listening, new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new Echo());
            }
        });
        while (!win32.isIdle(1 + idle, listening)) {
            server.loop.runNow();
        }
    }

    /** Ends the server. */
    @TearDown
    public void close() {
        server.close();
    }

    /** One turn. */
    @Benchmark
    public void turn() {
        server.loop.runNow();
    }
}
