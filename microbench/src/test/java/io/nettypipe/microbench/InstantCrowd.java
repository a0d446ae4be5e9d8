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
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.nettypipe.channel.NamedPipeMode;

/**
 * Many connections of a server on a system that answers at once, {@link InstantWin32}: only the server's ends are
 * there. On the thread of the caller, which should be one of Netty's.
 */
final class InstantCrowd {
    private static final int SIZE = 64;
    private static final int PACKETS = 128;
    private static final int LISTENING = 64;

    private final long nanos;

    /**
     * Prepares.
     *
     * @param nanos how long each is measured
     */
    InstantCrowd(long nanos) {
        this.nanos = nanos;
    }

    ScaleLevel measure(int connections, int busy) {
        Held held;
        double accept;
        InstantWin32 win32 = new InstantWin32(SIZE, PACKETS, connections);
        Held before = Held.now();
        try (Serving silent = new Serving(win32, connections, connections)) {
            held = Held.now().since(before);
            accept = silent.visits();
        }
        double turn;
        try (Serving one = new Serving(new InstantWin32(SIZE, PACKETS, connections), connections, connections - 1)) {
            turn = (double) one.echoes().cpuNanos() / one.turns;
        }
        int idle = Math.max(connections - busy, 0);
        try (Serving all = new Serving(new InstantWin32(SIZE, PACKETS, connections), connections, idle)) {
            Work work = all.echoes();
            return new ScaleLevel(connections, connections, held, accept,
                    (double) work.cpuNanos() / all.echoes, turn, all.echoes * 1e9 / work.wallNanos(),
                    Double.NaN, Double.NaN, Double.NaN);
        }
    }

    private final class Serving implements AutoCloseable {
        private final InstantWin32 win32;
        private final ServerOnOneLoop server;
        private int accepted;
        private int visited;
        private boolean visiting;
        private long turns;
        private long echoes;

        Serving(InstantWin32 win32, int connections, int silent) {
            this.win32 = win32;
            win32.silent(silent);
            server = new ServerOnOneLoop(win32, NamedPipeMode.BYTE, LISTENING, new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                    accepted++;
                    channel.pipeline().addLast(visiting ? new Goodbye() : new Echo());
                }
            });
            while (accepted < connections || win32.waiting() < silent) {
                server.loop.runNow();
            }
        }

        private Work now() {
            return Work.of(Thread.currentThread().getId());
        }

        /** Clients come and are closed. Returns what one takes. */
        double visits() {
            visiting = true;
            Work before = now();
            Work work;
            do {
                int enough = visited + PACKETS;
                while (visited < enough) {
                    win32.come();
                    server.loop.runNow();
                }
                work = now().since(before);
            } while (work.wallNanos() < nanos);
            return (double) work.cpuNanos() / visited;
        }

        Work echoes() {
            long written = win32.written();
            Work before = now();
            Work work;
            do {
                for (int i = 0; i < PACKETS; i++) {
                    server.loop.runNow();
                    turns++;
                }
                work = now().since(before);
            } while (work.wallNanos() < nanos);
            echoes = (win32.written() - written) / SIZE;
            return work;
        }

        @Override
        public void close() {
            server.close();
        }

        private final class Goodbye extends Echo {
            @Override
            public void channelActive(ChannelHandlerContext ctx) {
                visited++;
                ctx.close();
            }
        }
    }
}
