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
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettypipe.iocp.TestIocp;
import io.nettypipe.testing.PipeTest;
import org.junit.jupiter.api.Test;

import java.net.ConnectException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Failing at once or waiting, and that a wait of either kind can be ended at any moment. */
@PipeTest
class ConnectPolicyTest {

    @Test
    void busy_whenToFail_failsAtOnceAndTheChannelCanTryAgain() throws Exception {
        try (PipeFixture pipes = limitedTo(1)) {
            Peer first = pipes.connect();
            Peer second = new Peer(null);
            second.channel = pipes.clientBootstrap(second)
                    .option(NamedPipeChannelOption.CONNECT_POLICY, ConnectPolicy.FAIL).register().sync().channel();
            Throwable cause = failure(second.channel.connect(pipes.address));
            assertEquals(ConnectException.class, cause.getClass());
            assertTrue(cause.getMessage().contains("all instances are busy"), cause.getMessage());
            assertTrue(cause.getMessage().contains(pipes.address.path()), cause.getMessage());
            second.channel.config().setOption(NamedPipeChannelOption.CONNECT_POLICY, ConnectPolicy.WAIT_WHEN_BUSY);
            ChannelFuture again = second.channel.connect(pipes.address);
            pipes.accept();
            first.close();
            again.sync();
            second.send("x").sync();
            assertEquals("x", pipes.accept().readText(1));
            second.close();
        }
    }

    @Test
    void absent_whenToWait_connectsOnceThereIsAServer() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            Peer client = new Peer(null);
            ChannelFuture dial = dial(pipes, client, 0);
            looked(dial);
            assertFalse(dial.isDone());
            pipes.serve();
            client.channel = dial.sync().channel();
            client.send("x").sync();
            assertEquals("x", pipes.accept().readText(1));
            assertEquals("[active]", client.events.toString());
            client.close();
        }
    }

    @Test
    void absent_pastTheTimeout_connectTimeoutExceptionSaysWhatItWaitedFor() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            ChannelFuture dial = dial(pipes, new Peer(null), 50);
            Throwable cause = assertInstanceOf(ConnectTimeoutException.class, failure(dial));
            assertTrue(cause.getMessage().contains(pipes.address.path()), cause.getMessage());
            assertTrue(cause.getMessage().contains("(error 2)"), cause.getMessage());
            dial.channel().closeFuture().sync();
        }
    }

    @Test
    void wait_cancelled_endsAtOnceAndClosesTheChannel() throws Exception {
        for (boolean busy : new boolean[] {true, false}) {
            try (PipeFixture pipes = waitingForever(busy)) {
                Peer client = new Peer(null);
                ChannelFuture dial = dial(pipes, client, 0);
                looked(dial);
                assertTrue(dial.cancel(false));
                dial.channel().closeFuture().sync();
                assertEquals("[]", client.events.toString());
            }
        }
    }

    @Test
    void wait_closed_endsAtOnceWithClosedChannel() throws Exception {
        for (boolean busy : new boolean[] {true, false}) {
            try (PipeFixture pipes = waitingForever(busy)) {
                ChannelFuture dial = dial(pipes, new Peer(null), 0);
                looked(dial);
                dial.channel().close().sync();
                assertInstanceOf(ClosedChannelException.class, failure(dial));
            }
        }
    }

    @Test
    void wait_eventLoopShutsDown_ends() throws Exception {
        for (boolean busy : new boolean[] {true, false}) {
            try (PipeFixture pipes = waitingForever(busy)) {
                EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, TestIocp.newFactory(pipes.win32));
                ChannelFuture dial = pipes.clientBootstrap(new Peer(null)).clone(group)
                        .option(NamedPipeChannelOption.CONNECT_POLICY, ConnectPolicy.WAIT).connect(pipes.address);
                looked(dial);
                group.shutdownGracefully(0, PipeFixture.SECONDS, TimeUnit.SECONDS).sync();
                assertInstanceOf(ClosedChannelException.class, failure(dial));
                assertTrue(dial.channel().closeFuture().isDone());
            }
        }
    }

    @Test
    void attempt_cancelledBeforeItStarts_isNoneAndTheChannelCanConnect() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = new Peer(null);
            client.channel = pipes.clientBootstrap(client).register().sync().channel();
            var cancelled = client.channel.newPromise();
            assertTrue(cancelled.cancel(false));
            client.channel.connect(pipes.address, cancelled);
            client.channel.connect(pipes.address).sync();
            client.send("x").sync();
            assertEquals("x", pipes.accept().readText(1));
            assertTrue(pipes.accepted.isEmpty());
            client.close();
        }
    }

    @Test
    void policy_ofAChannel_isListedAndRefusedOnceItIsConnected() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            NamedPipeChannelConfig config = (NamedPipeChannelConfig) pipes.connect().channel.config();
            ChannelOption<ConnectPolicy> option = NamedPipeChannelOption.CONNECT_POLICY;
            assertEquals(ConnectPolicy.WAIT_WHEN_BUSY, config.getOptions().get(option));
            assertTrue(config.setOption(option, ConnectPolicy.WAIT_WHEN_BUSY));
            String message = assertThrows(IllegalStateException.class,
                    () -> config.setOption(option, ConnectPolicy.WAIT)).getMessage();
            assertTrue(message.contains("CONNECT_POLICY cannot become WAIT:"), message);
            assertThrows(NullPointerException.class, () -> config.setOption(option, null));
        }
    }

    private static PipeFixture waitingForever(boolean busy) throws Exception {
        if (!busy) {
            return new PipeFixture();
        }
        PipeFixture pipes = limitedTo(1);
        pipes.connect();
        return pipes;
    }

    private static PipeFixture limitedTo(int instances) throws Exception {
        PipeFixture pipes = new PipeFixture();
        return pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.MAX_INSTANCES, instances));
    }

    /** Lets the first attempt come to nothing: it is made two turns of the event loop from the call at the latest. */
    private static void looked(ChannelFuture dial) throws Exception {
        for (int i = 0; i < 3; i++) {
            dial.channel().eventLoop().submit(() -> { }).sync();
        }
    }

    private static ChannelFuture dial(PipeFixture pipes, Peer client, int timeoutMillis) {
        return pipes.clientBootstrap(client).option(NamedPipeChannelOption.CONNECT_POLICY, ConnectPolicy.WAIT)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis).connect(pipes.address);
    }

    private static Throwable failure(ChannelFuture future) {
        return assertThrows(ExecutionException.class, future::get).getCause();
    }
}
