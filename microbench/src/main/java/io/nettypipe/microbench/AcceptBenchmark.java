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

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.nettypipe.channel.NamedPipeMode;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** What a client costs a server that closes it at once: its instance, its channel, and the end of both. */
public class AcceptBenchmark extends PipeBenchmark {
    /** How many instances listen. */
    @Param({"1", "64", "10000"})
    public int listening;

    private ServerOnOneLoop server;
    private long closed;

    /** Binds. */
    @Setup
    public void serve() {
        InstantWin32 win32 = new InstantWin32(1, 128, 1);
        server = new ServerOnOneLoop(win32, NamedPipeMode.BYTE, listening,
                new ChannelInboundHandlerAdapter() {
                    @Override
                    public boolean isSharable() {
                        return true;
                    }

                    @Override
                    public void channelActive(ChannelHandlerContext ctx) {
                        closed++;
                        win32.come();
                        ctx.close();
                    }
                });
    }

    /** Ends the server. */
    @TearDown
    public void close() {
        server.close();
    }

    /** One client. */
    @Benchmark
    public void accept() {
        long enough = closed + 1;
        while (closed < enough) {
            server.loop.runNow();
        }
    }
}
