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

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.nettypipe.win32.model.ModelWin32;
import io.nettypipe.win32.model.Personality;
import io.nettypipe.win32.model.Schedule;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What a loop had begun for a channel that it had between two registrations, and comes to when the next one has it:
 * Netty looks for the loop before that only. Called here where Netty comes to, behind what it asserts of the thread.
 */
class LeftLoopTest {
    private PipeFixture pipes;
    private Peer client;
    private Peer server;
    private NamedPipeChannel channel;
    /** Which the channel has left for another. */
    private EventLoop left;

    @BeforeEach
    void moveToAnotherLoop() throws Exception {
        pipes = new PipeFixture(2, new ModelWin32(Personality.WINDOWS, Schedule.PLAIN)).serve();
        client = pipes.connect(NamedPipeMode.BYTE, false);
        server = pipes.accept();
        channel = (NamedPipeChannel) client.channel;
        left = channel.eventLoop();
        channel.deregister().sync();
        EventLoop next = pipes.group.next();
        (next == left ? pipes.group.next() : next).register(channel).sync();
        ReadTest.flushLoop(client);
    }

    @AfterEach
    void close() {
        pipes.close();
    }

    @Test
    void flush_byTheLoopThatItLeft_isWritten() throws Exception {
        ChannelFuture written = channel.write(PipeFixture.bytes("late"));
        ReadTest.flushLoop(client);
        left.submit(() -> {
            channel.unsafe().outboundBuffer().addFlush();
            channel.pipeUnsafe().flushNow();
        }).sync();
        assertEquals("late", server.readText(4));
        written.sync();
    }

    @Test
    void read_byTheLoopThatItLeft_isAnswered() throws Exception {
        left.submit(channel::doBeginRead).sync();
        server.send("read").sync();
        assertEquals("read", client.readText(4));
    }

    @Test
    void close_byTheLoopThatItLeft_completes() throws Exception {
        channel.read();
        ReadTest.flushLoop(client);
        ChannelPromise promise = channel.newPromise();
        left.submit(() -> channel.pipeUnsafe().close(promise, null, new ClosedChannelException())).sync();
        assertTrue(promise.await(PipeFixture.SECONDS, TimeUnit.SECONDS));
        server.awaitInactive();
    }

    @Test
    void read_byTheLoopThatItLeftOfAChannelThatClosed_isNothing() throws Exception {
        channel.close().sync();
        left.submit(channel::doBeginRead).sync();
    }
}
