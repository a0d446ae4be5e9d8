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
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.nettypipe.win32.model.ModelWin32;
import io.nettypipe.win32.model.Personality;
import io.nettypipe.win32.model.Schedule;
import io.nettypipe.win32.model.SeededSchedule;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.ConnectException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.util.concurrent.ExecutionException;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What needs another machine, or a system of the other kind: on the model only. */
class OtherSystemsTest {
    private ModelWin32 model = new ModelWin32();

    @AfterEach
    void verify() {
        model.verify();
    }

    @Test
    void remotePipe_served_isConnectedWithoutTheEventLoop() throws Exception {
        try (PipeFixture pipes = remotely(255)) {
            Peer client = new Peer(null);
            client.channel = dial(pipes, client, 0).sync().channel();
            client.send("from afar").sync();
            assertEquals("from afar", pipes.accept().readText(9));
            client.close();
        }
    }

    @Test
    void remotePipe_ofBytes_isWrittenInPiecesThatTheNetworkTakes() throws Exception {
        ScarceWin32 lengths = new ScarceWin32(model);
        try (PipeFixture pipes = remotely(255, NamedPipeMode.BYTE, lengths)) {
            Peer client = new Peer(null);
            client.channel = dial(pipes, client, 0).sync().channel();
            for (int i = 0; i < 3; i++) {
                client.channel.write(PipeFixture.pattern(100_000, i));
                client.channel.write(PipeFixture.pattern(30_000, i));
            }
            client.channel.flush();
            Peer server = pipes.accept();
            for (int i = 0; i < 3; i++) {
                assertPattern(server.read(100_000), i);
                assertPattern(server.read(30_000), i);
            }
            client.close();
        }
        assertEquals(61_440, lengths.longest);
    }

    private static void assertPattern(ByteBuf actual, int seed) {
        ByteBuf expected = PipeFixture.pattern(actual.readableBytes(), seed);
        assertEquals(expected, actual);
        expected.release();
        actual.release();
    }

    @Test
    void remotePipe_messageLongerThanTheNetworkTakes_isRefusedAndTheOthersArrive() throws Exception {
        try (PipeFixture pipes = remotely(255, NamedPipeMode.MESSAGE, new ScarceWin32(model))) {
            Peer client = new Peer(null);
            client.channel = dial(pipes, client, 0).sync().channel();
            assertEquals(61_440, ((NamedPipeChannel) client.channel).maxMessageLength());
            client.channel.write(PipeFixture.pattern(61_440, 1));
            ByteBuf tooLong = PipeFixture.pattern(61_441, 2);
            ChannelFuture refused = client.channel.write(tooLong);
            client.send("next").sync();
            Throwable cause = refused.await().cause();
            assertInstanceOf(UnsupportedOperationException.class, cause);
            assertTrue(cause.getMessage().contains("61441") && cause.getMessage().contains("61440"),
                    cause.getMessage());
            assertEquals(0, tooLong.refCnt());
            Peer server = pipes.accept();
            assertPattern(server.readMessage(), 1);
            assertEquals("next", server.readMessageText());
            client.close();
        }
    }

    @Test
    void remotePipe_ofAServerThatRejectsRemoteClients_isDeniedByDefaultAndLocalOnesAreServed() throws Exception {
        try (PipeFixture pipes = new PipeFixture(2, model).serve()) {
            ChannelFuture refused = dial(pipes, new Peer(null), 0);
            Throwable cause = assertThrows(ExecutionException.class, refused::get).getCause();
            assertInstanceOf(ConnectException.class, cause);
            assertInstanceOf(AccessDeniedException.class, cause.getCause());
            pipes.connect().send("x").sync();
            assertEquals("x", pipes.accept().readText(1));
        }
    }

    @Test
    void remotePipe_busy_isAwaited() throws Exception {
        try (PipeFixture pipes = remotely(1)) {
            Peer first = pipes.connect();
            Peer served = pipes.accept();
            Peer client = new Peer(null);
            ChannelFuture waiting = dial(pipes, client, 0);
            first.close();
            served.awaitInactive();
            client.channel = waiting.sync().channel();
            client.send("x").sync();
            assertEquals("x", pipes.accept().readText(1));
            client.close();
        }
    }

    @Test
    void remotePipe_busyPastTheTimeout_connectTimeoutException() throws Exception {
        try (PipeFixture pipes = remotely(1)) {
            pipes.connect();
            ChannelFuture waiting = dial(pipes, new Peer(null), 50);
            assertInstanceOf(ConnectTimeoutException.class,
                    assertThrows(ExecutionException.class, waiting::get).getCause());
            waiting.channel().closeFuture().sync();
        }
    }

    @Test
    void remotePipe_closedWhileItIsAwaited_whatIsOpenedLaterIsClosed() throws Exception {
        try (PipeFixture pipes = remotely(1)) {
            Peer first = pipes.connect();
            Peer served = pipes.accept();
            ChannelFuture waiting = dial(pipes, new Peer(null), 0);
            waiting.channel().eventLoop().submit(() -> { }).sync();
            waiting.channel().close().sync();
            assertInstanceOf(ClosedChannelException.class,
                    assertThrows(ExecutionException.class, waiting::get).getCause());
            first.close();
            served.awaitInactive();
            // verify() would find the handle that the helper may have opened meanwhile.
            pipes.server.close().sync();
        }
    }

    @Test
    void remotePipe_absent_connectExceptionNamesIt() throws Exception {
        try (PipeFixture pipes = new PipeFixture(2, model)) {
            ChannelFuture dial = dial(pipes, new Peer(null), 0);
            Throwable cause = assertThrows(ExecutionException.class, dial::get).getCause();
            assertInstanceOf(ConnectException.class, cause);
            assertTrue(cause.getMessage().contains(ModelWin32.REMOTE_SERVER), cause.getMessage());
        }
    }

    @Test
    void deregistered_whereHandlesKeepTheirPort_comesBackToItsLoopAndToNoOther() throws Exception {
        for (NamedPipeMode mode : NamedPipeMode.values()) {
            model = new ModelWin32(Personality.WINE_8, Schedule.PLAIN);
            assertFalse(MovingTraffic.run(model, mode));
        }
    }

    @Test
    void deregistered_whereHandlesCanLeaveTheirPort_movesUnderTraffic() throws Exception {
        for (NamedPipeMode mode : NamedPipeMode.values()) {
            for (int seed = 0; seed < 5; seed++) {
                Schedule schedule = seed == 0 ? Schedule.PLAIN : new SeededSchedule(seed);
                model = new ModelWin32(Personality.WINDOWS, schedule);
                assertTrue(MovingTraffic.run(model, mode));
            }
        }
    }

    private PipeFixture remotely(int instances) throws Exception {
        return remotely(instances, NamedPipeMode.BYTE, new ScarceWin32(model));
    }

    private static PipeFixture remotely(int instances, NamedPipeMode type, ScarceWin32 system) throws Exception {
        PipeFixture pipes = new PipeFixture(2, system.win32);
        return pipes.serve(pipes.networkServerBootstrap().option(NamedPipeChannelOption.PIPE_TYPE, type)
                .option(NamedPipeChannelOption.MAX_INSTANCES, instances));
    }

    private static ChannelFuture dial(PipeFixture pipes, Peer client, int timeoutMillis) {
        NamedPipeAddress remote =
                NamedPipeAddress.of("\\\\" + ModelWin32.REMOTE_SERVER + "\\pipe\\" + pipes.address.name());
        return pipes.clientBootstrap(client).option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis)
                .connect(remote);
    }
}
