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

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.nettypipe.testing.LogLines;
import io.nettypipe.testing.PipeTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.logging.Level;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Bootstraps as they are written for TCP, and options of the accepted channels. */
@PipeTest
class BootstrapOptionsTest {

    /** What gRPC, reactor-netty, Vert.x and many servers set, with values that are not the default. */
    private static final Map<ChannelOption<?>, Object> OF_TCP = new LinkedHashMap<>(Map.of(
            ChannelOption.TCP_NODELAY, false, ChannelOption.TCP_FASTOPEN, 128,
            ChannelOption.TCP_FASTOPEN_CONNECT, true, ChannelOption.SO_KEEPALIVE, true,
            ChannelOption.SO_REUSEADDR, true, ChannelOption.IP_TOS, 24, ChannelOption.SO_RCVBUF, 10_000,
            ChannelOption.SO_SNDBUF, 20_000));

    @SuppressWarnings("unchecked")
    private static <T> boolean set(ChannelConfig config, ChannelOption<T> option, Object value) {
        return config.setOption(option, (T) value);
    }

    private static void echoes(PipeFixture pipes, Peer client) throws Exception {
        Peer server = pipes.accept();
        client.send("ping").sync();
        assertEquals("ping", server.readText(4));
        server.send("pong").sync();
        assertEquals("pong", client.readText(4));
    }

    @Test
    void optionsOfTcp_onEveryChannel_areTakenAndRemembered() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = pipes.connect();
            for (Channel channel : List.of(client.channel, pipes.accept().channel, new NamedPipeServerChannel())) {
                for (Map.Entry<ChannelOption<?>, Object> option : OF_TCP.entrySet()) {
                    assertTrue(set(channel.config(), option.getKey(), option.getValue()), option + " of " + channel);
                    assertEquals(option.getValue(), channel.config().getOption(option.getKey()));
                    assertEquals(option.getValue(), channel.config().getOptions().get(option.getKey()));
                }
                ChannelConfig config = channel.config();
                assertThrows(IllegalArgumentException.class, () -> config.setOption(ChannelOption.SO_RCVBUF, -1));
            }
        }
    }

    /** As by who reads options from a file. */
    @Test
    void optionOfAnotherType_onEveryChannel_isRefusedAtTheCall() {
        for (Channel channel : List.of(new NamedPipeChannel(), new NamedPipeServerChannel())) {
            Map<ChannelOption<?>, Object> before = channel.config().getOptions();
            for (ChannelOption<?> option : before.keySet()) {
                assertThrows(ClassCastException.class, () -> set(channel.config(), option, new StringBuilder()),
                        option::toString);
                assertEquals(before.get(option), channel.config().getOption(option));
            }
        }
    }

    @Test
    void bufferSizesOfTcp_onTheServer_areThoseOfThePipe() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.serve(pipes.serverBootstrap().option(ChannelOption.SO_RCVBUF, 1000)
                    .option(ChannelOption.SO_SNDBUF, 2000));
            pipes.connect();
            assertEquals(1000, pipes.server.config().getOption(NamedPipeChannelOption.IN_BUFFER_SIZE));
            assertEquals(2000, pipes.server.config().getOption(NamedPipeChannelOption.OUT_BUFFER_SIZE));
            ChannelConfig accepted = pipes.accept().channel.config();
            assertEquals(1000, accepted.getOption(ChannelOption.SO_RCVBUF));
            assertEquals(2000, accepted.getOption(ChannelOption.SO_SNDBUF));
        }
    }

    @Test
    void lingerOfMinusOne_onEitherEnd_isTheDefault() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.serve(pipes.serverBootstrap().childOption(ChannelOption.SO_LINGER, -1));
            Peer client = new Peer(null);
            client.channel = pipes.clientBootstrap(client).option(ChannelOption.SO_LINGER, -1)
                    .connect(pipes.address).sync().channel();
            assertEquals(30, client.channel.config().getOption(ChannelOption.SO_LINGER));
            echoes(pipes, client);
            client.close();
        }
    }

    @Test
    void backlogOfTcp_any_isTakenForWhatAServerOfPipesCanUse() {
        NamedPipeServerChannelConfig config = new NamedPipeServerChannel().config();
        int byDefault = config.getOption(ChannelOption.SO_BACKLOG);
        for (int[] pair : new int[][] {{1, 1}, {64, 64}, {65, 64}, {20_000, 64}, {0, byDefault}}) {
            assertTrue(config.setOption(ChannelOption.SO_BACKLOG, pair[0]));
            assertEquals(pair[1], config.getOption(ChannelOption.SO_BACKLOG));
        }
        assertThrows(IllegalArgumentException.class, () -> config.setOption(ChannelOption.SO_BACKLOG, -1));
    }

    @ParameterizedTest
    @EnumSource(NamedPipeMode.class)
    void childOptions_asTheServerHasThem_changeNothing(NamedPipeMode readMode) throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.PIPE_TYPE, readMode)
                    .childOption(NamedPipeChannelOption.READ_MODE, readMode)
                    .childOption(NamedPipeChannelOption.DIRECTION, NamedPipeDirection.DUPLEX)
                    .childOption(NamedPipeChannelOption.CONNECT_POLICY, ConnectPolicy.WAIT_WHEN_BUSY)
                    .childOption(ChannelOption.ALLOW_HALF_CLOSURE, false));
            Peer client = pipes.connect(readMode, true);
            Peer server = pipes.accept();
            client.send("ping").sync();
            assertEquals("ping", readMode == NamedPipeMode.BYTE ? server.readText(4) : server.readMessageText());
        }
    }

    @Test
    void childOptions_thatNoAcceptedChannelCanHave_failTheBindAndLeaveTheNameFree() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            bindFails(pipes, pipes.serverBootstrap()
                    .childOption(NamedPipeChannelOption.DIRECTION, NamedPipeDirection.INBOUND),
                    "DIRECTION cannot become INBOUND: that of an accepted channel is its server's");
            bindFails(pipes, pipes.serverBootstrap()
                    .childOption(NamedPipeChannelOption.READ_MODE, NamedPipeMode.MESSAGE), "READ_MODE = MESSAGE");
            bindFails(pipes, pipes.serverBootstrap().option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE)
                    .option(NamedPipeChannelOption.DIRECTION, NamedPipeDirection.INBOUND)
                    .childOption(NamedPipeChannelOption.READ_MODE, NamedPipeMode.BYTE), "READ_MODE = BYTE");
            bindFails(pipes, pipes.serverBootstrap()
                    .childOption(NamedPipeChannelOption.CONNECT_POLICY, ConnectPolicy.FAIL),
                    "CONNECT_POLICY = FAIL");
            bindFails(pipes, pipes.serverBootstrap().childOption(ChannelOption.SO_LINGER, -2), "SO_LINGER = -2");
            pipes.serve();
        }
    }

    @Test
    void childOptions_withoutEffect_areWarnedOfOnceAndNotForEachClient() throws Exception {
        try (PipeFixture pipes = new PipeFixture();
             LogLines ours = new LogLines(ChildOptions.class.getName(), Level.WARNING);
             LogLines netty = new LogLines(ServerBootstrap.class.getName(), Level.WARNING)) {
            pipes.serve(pipes.serverBootstrap().childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                    .childOption(ChannelOption.SO_BROADCAST, true));
            for (int i = 0; i < 2; i++) {
                pipes.connect();
                assertEquals(false, pipes.accept().channel.config().getOption(ChannelOption.ALLOW_HALF_CLOSURE));
            }
            assertEquals(2, ours.lines().size(), ours.lines()::toString);
            assertEquals(List.of(), List.copyOf(netty.lines()));
        }
    }

    private static void bindFails(PipeFixture pipes, ServerBootstrap bootstrap, String what) {
        Throwable cause = assertThrows(ExecutionException.class, () -> bootstrap.bind(pipes.address).get()).getCause();
        assertInstanceOf(IllegalArgumentException.class, cause);
        assertTrue(cause.getMessage().contains(what), cause.getMessage());
    }

    @Test
    void readMode_asChildOption_isThatOfEveryAcceptedChannel() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE)
                    .childOption(NamedPipeChannelOption.READ_MODE, NamedPipeMode.BYTE));
            echoesBytesThenMessages(pipes);
        }
    }

    @Test
    void readMode_setByTheInitializer_holdsFromTheFirstRead() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE)
                    .childHandler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.config().setOption(NamedPipeChannelOption.READ_MODE, NamedPipeMode.BYTE);
                            Peer peer = new Peer(channel);
                            channel.pipeline().addLast(peer);
                            pipes.accepted.add(peer);
                        }
                    }));
            echoesBytesThenMessages(pipes);
        }
    }

    /** What was sent before the accepted channel came to be is there when it reads first. */
    private static void echoesBytesThenMessages(PipeFixture pipes) throws Exception {
        for (int i = 0; i < 2; i++) {
            Peer client = pipes.connectMessages();
            client.send("early");
            Peer server = pipes.accept();
            assertEquals("early", server.readText(5));
            ReadTest.flushLoop(server);
            server.channel.config().setAutoRead(false);
            client.send("pending").sync();
            assertTrue(server.channel.config().setOption(NamedPipeChannelOption.READ_MODE, NamedPipeMode.MESSAGE));
            client.send("later").sync();
            server.channel.config().setAutoRead(true);
            // The read that was pending had been made for bytes.
            assertEquals("pending", server.readText(7));
            assertEquals("later", server.readMessageText());
            client.close();
        }
    }

    @Test
    void readMode_changedInTheMiddleOfAMessage_noByteIsLost() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE)
                    .childOption(ChannelOption.AUTO_READ, false).childOption(ChannelOption.RECVBUF_ALLOCATOR,
                            new FixedRecvByteBufAllocator(4).maxMessagesPerRead(1)));
            Peer client = pipes.connectMessages();
            Peer server = pipes.accept();
            client.send("0123456789").sync();
            server.channel.read();
            PipeMessage part = (PipeMessage) server.next();
            assertFalse(part.isEndOfMessage());
            assertEquals("0123", text(part.content()));
            server.channel.config().setOption(NamedPipeChannelOption.READ_MODE, NamedPipeMode.BYTE);
            server.channel.read();
            assertEquals("4567", server.readText(4));
            server.channel.config().setOption(NamedPipeChannelOption.READ_MODE, NamedPipeMode.MESSAGE);
            server.channel.read();
            assertEquals("89", server.readMessageText());
            client.close();
        }
    }

    private static String text(ByteBuf bytes) {
        String text = bytes.toString(StandardCharsets.UTF_8);
        bytes.release();
        return text;
    }
}
