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

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.concurrent.EventExecutor;
import io.nettypipe.testing.LogLines;
import io.nettypipe.win32.Win32;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Two ends that talk as fast as they can, and their server, while all three move from event loop to event loop. */
final class MovingTraffic {
    private static final int ROUNDS = 4;

    private MovingTraffic() {
    }

    /**
     * Moves them, or, where the system cannot do that, takes them from their event loops and back.
     *
     * @return whether the system can do it
     */
    static boolean run(Win32 win32, NamedPipeMode mode) throws Exception {
        boolean messages = mode == NamedPipeMode.MESSAGE;
        BlockingQueue<Talker> accepted = new LinkedBlockingQueue<>();
        try (PipeFixture pipes = new PipeFixture(3, win32)) {
            pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.PIPE_TYPE, mode)
                    .option(NamedPipeChannelOption.IN_BUFFER_SIZE, 1_000)
                    .option(NamedPipeChannelOption.OUT_BUFFER_SIZE, 1_000)
                    .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK,
                            new WriteBufferWaterMark(8_000, 16_000))
                    .childHandler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel ch) {
                            Talker talker = new Talker(messages);
                            ch.pipeline().addLast(talker);
                            accepted.add(talker);
                        }
                    }));
            Talker client = connect(pipes, mode);
            Talker server = accepted.poll(PipeFixture.SECONDS, TimeUnit.SECONDS);
            boolean moved = false;
            for (int i = 0; i < ROUNDS; i++) {
                moved = move(client.channel, pipes);
                talkOn(client, server);
                assertEquals(moved, move(server.channel, pipes));
                talkOn(client, server);
                assertTrue(move(pipes.server, pipes), "a server channel's handles belong to no port");
                Talker another = connect(pipes, mode);
                another.channel.close().sync();
                accepted.poll(PipeFixture.SECONDS, TimeUnit.SECONDS).channel.closeFuture().sync();
            }
            server.awaitReceived(client.stop());
            client.awaitReceived(server.stop());
            client.channel.close().sync();
            server.channel.closeFuture().sync();
            return moved;
        }
    }

    private static Talker connect(PipeFixture pipes, NamedPipeMode mode) throws Exception {
        Talker talker = new Talker(mode == NamedPipeMode.MESSAGE);
        pipes.clientBootstrap(talker).option(NamedPipeChannelOption.READ_MODE, mode)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(8_000, 16_000))
                .connect(pipes.address).sync();
        return talker;
    }

    private static void talkOn(Talker client, Talker server) throws InterruptedException {
        client.awaitMore();
        server.awaitMore();
    }

    /** Returns whether it is on another event loop now. */
    private static boolean move(Channel channel, PipeFixture pipes) throws Exception {
        EventLoop from = channel.eventLoop();
        channel.deregister().sync();
        assertTrue(channel.isActive());
        List<EventLoop> others = new ArrayList<>();
        for (EventExecutor loop : pipes.group) {
            if (loop != from) {
                others.add((EventLoop) loop);
            }
        }
        ChannelFuture moving;
        try (LogLines log = new LogLines(AbstractNamedPipeChannel.class.getName(), Level.WARNING)) {
            moving = others.get(0).register(channel).await();
            if (moving.isSuccess()) {
                assertEquals(others.get(0), channel.eventLoop());
                return true;
            }
            String reason = log.lines().remove();
            assertTrue(reason.contains(channel.id().asShortText()) && reason.contains("completion port"), reason);
        }
        assertInstanceOf(IllegalStateException.class, assertThrows(ExecutionException.class, moving::get).getCause());
        assertFalse(channel.isRegistered());
        assertTrue(channel.isActive());
        from.register(channel).sync();
        return false;
    }
}
