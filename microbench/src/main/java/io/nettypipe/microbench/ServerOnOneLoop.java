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

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.ManualIoEventLoop;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.channel.NamedPipeChannelOption;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.channel.NamedPipeServerChannel;
import io.nettypipe.iocp.TestIocp;

import java.util.concurrent.TimeUnit;

/** A pipe server on an event loop that the benchmark's own thread runs, so that nothing waits for a thread. */
final class ServerOnOneLoop implements AutoCloseable {
    private static final int OF_A_NAME = 64;

    final InstantWin32 win32;
    final ManualIoEventLoop loop;

    /**
     * Binds.
     *
     * @param listening how many instances listen: of as many names as it takes, since one has at most 64
     * @param child     is told of the clients of all
     */
    ServerOnOneLoop(InstantWin32 win32, NamedPipeMode mode, int listening, ChannelHandler child) {
        this.win32 = win32;
        loop = new ManualIoEventLoop(Thread.currentThread(), TestIocp.newFactory(win32));
        for (int left = listening; left > 0; left -= OF_A_NAME) {
            bind(NamedPipeAddress.of("bench" + left), mode, Math.min(left, OF_A_NAME), child);
        }
    }

    private void bind(NamedPipeAddress address, NamedPipeMode mode, int listening, ChannelHandler child) {
        ChannelFuture bound = new ServerBootstrap().group(loop).channel(NamedPipeServerChannel.class)
                .option(NamedPipeChannelOption.PIPE_TYPE, mode)
                .option(ChannelOption.SO_BACKLOG, listening)
                .childOption(ChannelOption.SO_LINGER, 0)
                .childHandler(child)
                .bind(address);
        while (!bound.isDone()) {
            loop.runNow();
        }
        bound.syncUninterruptibly();
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        while (!loop.isTerminated()) {
            loop.runNow();
        }
    }
}
