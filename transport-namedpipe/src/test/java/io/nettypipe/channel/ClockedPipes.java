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
package io.nettypipe.channel;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ManualIoEventLoop;
import io.netty.util.concurrent.Ticker;
import io.nettypipe.iocp.TestIocp;
import io.nettypipe.win32.PipeFlags;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.Win32Error;
import io.nettypipe.win32.model.ModelWin32;
import io.nettypipe.win32.model.Personality;
import io.nettypipe.win32.model.Schedule;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An event loop over a model, on the calling thread and by a clock that the test turns. */
final class ClockedPipes implements AutoCloseable {
    private final ModelWin32 model = new ModelWin32(Personality.WINDOWS, Schedule.PLAIN).neverBlocking();
    private final Clock clock = new Clock();
    /** The milliseconds at which a pipe was asked for. */
    final List<Long> asked = new ArrayList<>();
    /** Whether another client is always faster. */
    boolean alwaysBusy;
    /** What a wait for an instance answers at once, if not 0. */
    int waitError;
    private final ManualIoEventLoop loop = new ManualIoEventLoop(null, Thread.currentThread(),
            TestIocp.newFactory((Win32) Proxy.newProxyInstance(Win32.class.getClassLoader(),
                    new Class<?>[] {Win32.class}, (proxy, method, args) -> {
                        boolean asks = method.getName().equals("createFile")
                                && ((Integer) args[1] & PipeFlags.GENERIC_READ) != 0;
                        if (asks) {
                            asked.add(clock.millis());
                        }
                        if (waitError != 0 && method.getName().equals("fsControlFile")) {
                            return waitError;
                        }
                        return asks && alwaysBusy ? -(long) Win32Error.ERROR_PIPE_BUSY : method.invoke(model, args);
                    })), clock);

    @Override
    public void close() {
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        while (!loop.isTerminated()) {
            clock.advance(1);
            loop.runNow();
        }
        model.verify();
    }

    ChannelFuture dial(String name, int timeoutMillis, ConnectPolicy policy) {
        ChannelFuture dial = new Bootstrap().group(loop).channel(NamedPipeChannel.class)
                .handler(new ChannelInboundHandlerAdapter())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis)
                .option(NamedPipeChannelOption.CONNECT_POLICY, policy).connect(NamedPipeAddress.of(name));
        run();
        return dial;
    }

    Channel serve(String name) {
        Channel server = new ServerBootstrap().group(loop).channel(NamedPipeServerChannel.class)
                .childHandler(new ChannelInboundHandlerAdapter()).bind(NamedPipeAddress.of(name)).channel();
        run();
        return server;
    }

    void closeAll(Channel... channels) {
        for (Channel channel : channels) {
            channel.close();
        }
        run();
    }

    /** Lets time pass, and the loop run after each millisecond. */
    void pass(int millis) {
        for (int i = 0; i < millis; i++) {
            clock.advance(1);
            run();
        }
    }

    private void run() {
        for (int i = 0; i < 5; i++) {
            loop.runNow();
        }
    }

    private static final class Clock implements Ticker {
        private long now;

        void advance(long millis) {
            now += TimeUnit.MILLISECONDS.toNanos(millis);
        }

        long millis() {
            return TimeUnit.NANOSECONDS.toMillis(now);
        }

        @Override
        public long initialNanoTime() {
            return 0;
        }

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public void sleep(long delay, TimeUnit unit) {
            now += unit.toNanos(delay);
        }
    }
}
