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

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalIoHandler;
import io.nettypipe.testing.PipeTest;
import io.nettypipe.win32.model.TestSystem;
import org.junit.jupiter.api.Test;

import java.nio.channels.ClosedChannelException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What is refused, and what is undone: the corners of a channel's life. */
@PipeTest
class LifecycleTest {

    @Test
    void server_setAutoReadFalse_acceptsNobodyUntilTheNextRead() throws Exception {
        try (PipeFixture pipes = new PipeFixture(1).serve()) {
            pipes.connect();
            pipes.accept();
            pipes.server.config().setAutoRead(false);
            Peer waiting = pipes.connect();
            Peer another = pipes.connect();
            for (int i = 0; i < 3; i++) {
                ReadTest.flushLoop(waiting);
            }
            assertNull(pipes.accepted.peek());
            pipes.server.read();
            pipes.accept();
            pipes.server.config().setAutoRead(true);
            pipes.accept();
            assertTrue(another.channel.isActive());
        }
    }

    @Test
    void server_boundWrittenAndConnectedOnceMore_refusesAndServesOn() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            assertInstanceOf(IllegalStateException.class, failure(pipes.server.bind(NamedPipeAddress.ephemeral())));
            assertInstanceOf(UnsupportedOperationException.class, failure(pipes.server.connect(pipes.address)));
            ByteBuf written = PipeFixture.bytes("x");
            assertInstanceOf(UnsupportedOperationException.class, failure(pipes.server.writeAndFlush(written)));
            assertEquals(0, written.refCnt());
            assertEquals(pipes.address, pipes.server.localAddress());
            assertNull(pipes.server.remoteAddress());
            pipes.connect();
            pipes.accept();
        }
    }

    @Test
    void client_boundOrConnectedOnceClosed_refuses() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Channel client = pipes.clientBootstrap(new Peer(null)).register().sync().channel();
            assertInstanceOf(UnsupportedOperationException.class, failure(client.bind(NamedPipeAddress.of("mine"))));
            assertTrue(client.isOpen());
            client.close().sync();
            assertInstanceOf(ClosedChannelException.class, failure(client.connect(pipes.address)));
        }
    }

    @Test
    void connect_cancelledWhileThePipeIsOpened_isActiveOnceAndCloses() throws Exception {
        HookedWin32 system = new HookedWin32();
        try (PipeFixture pipes = new PipeFixture(2, system.win32).serve()) {
            Peer client = new Peer(null);
            client.channel = pipes.clientBootstrap(client).register().sync().channel();
            var promise = client.channel.newPromise();
            system.beforeNext("createFile", () -> {
                // From another thread, so that the channel hears of it only afterwards.
                Thread canceller = new Thread(() -> promise.cancel(false));
                canceller.start();
                try {
                    canceller.join();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            client.channel.connect(pipes.address, promise);
            client.channel.closeFuture().sync();
            client.awaitInactive();
            assertTrue(promise.isCancelled());
            assertEquals("[active, inactive]", client.events.toString());
            pipes.accept().awaitInactive();
        }
        TestSystem.close(system.target);
    }

    @Test
    void connect_errorBeforeItWaits_failsWithItAndLeavesNothing() throws Exception {
        HookedWin32 system = new HookedWin32();
        Error thrown = new OutOfMemoryError("on purpose");
        try (PipeFixture pipes = new PipeFixture(2, system.win32)) {
            pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.MAX_INSTANCES, 1));
            Peer client = pipes.connect();
            client.send("x").sync();
            assertEquals("x", pipes.accept().readText(1));
            system.beforeNext("associate", () -> {
                throw thrown;
            });
            assertSame(thrown, failure(pipes.clientBootstrap(new Peer(null)).connect(pipes.address)));
        }
        TestSystem.close(system.target);
    }

    @Test
    void register_withAnEventLoopOfAnotherTransport_isRefused() throws Exception {
        MultiThreadIoEventLoopGroup other = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
        for (Channel channel : new Channel[] {new NamedPipeChannel(), new NamedPipeServerChannel()}) {
            assertInstanceOf(IllegalStateException.class, failure(other.register(channel)));
            assertFalse(channel.isRegistered());
        }
        other.shutdownGracefully(0, PipeFixture.SECONDS, TimeUnit.SECONDS).sync();
    }

    @Test
    void options_ofAClient_areListedAndChecked() {
        NamedPipeChannel channel = new NamedPipeChannel();
        NamedPipeChannelConfig config = channel.config();
        assertEquals(30, config.getOption(ChannelOption.SO_LINGER));
        assertTrue(config.setOption(ChannelOption.SO_LINGER, 0));
        assertEquals(0, config.getOptions().get(ChannelOption.SO_LINGER));
        assertThrows(IllegalArgumentException.class, () -> config.setOption(ChannelOption.SO_LINGER, -2));
        assertEquals(0, config.getOption(ChannelOption.SO_LINGER));
        assertEquals(NamedPipeMode.BYTE, config.getOptions().get(NamedPipeChannelOption.READ_MODE));
        assertEquals(30_000, config.getOption(ChannelOption.CONNECT_TIMEOUT_MILLIS));
        assertTrue(config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true));
        assertEquals(true, config.getOption(ChannelOption.ALLOW_HALF_CLOSURE));
        channel.unsafe().closeForcibly();
    }

    @Test
    void states_anyTwo_onlyForwardAndNeverOutOfClosed() {
        ChannelState[] states = ChannelState.values();
        for (ChannelState from : states) {
            for (ChannelState to : states) {
                // A failed attempt to connect is the one way back.
                boolean back = from == ChannelState.CONNECTING && to == ChannelState.NEW;
                assertEquals(to.ordinal() > from.ordinal() || back, from.canBecome(to), from + " -> " + to);
            }
        }
        NamedPipeChannel closed = new NamedPipeChannel();
        closed.unsafe().closeForcibly();
        assertThrows(IllegalStateException.class, () -> closed.become(ChannelState.ACTIVE));
    }

    @Test
    void message_copiedReplacedAndCompared_keepsWhetherItEnds() {
        for (boolean end : new boolean[] {true, false}) {
            PipeMessage message = new PipeMessage(PipeFixture.bytes("abc"), end);
            PipeMessage copy = message.copy();
            PipeMessage duplicate = message.retainedDuplicate().touch().touch("hint");
            for (PipeMessage other : new PipeMessage[] {copy, duplicate, message.duplicate()}) {
                assertEquals(end, other.isEndOfMessage());
                assertEquals(message, other);
                assertEquals(message.hashCode(), other.hashCode());
            }
            PipeMessage replaced = message.replace(PipeFixture.bytes("xyz"));
            assertEquals(end, replaced.isEndOfMessage());
            assertNotEquals(message, replaced);
            assertNotEquals(message, new PipeMessage(message.content(), !end));
            assertEquals(4, message.retain().retain(1).refCnt());
            message.release(4);
            assertEquals(0, message.refCnt());
            assertEquals(1, copy.refCnt());
            copy.release();
            replaced.release();
        }
    }

    private static Throwable failure(ChannelFuture future) {
        return assertThrows(ExecutionException.class, future::get).getCause();
    }
}
