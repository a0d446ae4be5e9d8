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
package io.nettypipe.testsuite.programs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.nettypipe.channel.NamedPipeChannelOption;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.testing.Pattern;
import io.nettypipe.testing.WindowsTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.stream.IntStream;

/** {@code node:net} against our channels: the pipes of libuv, which ends a pipe 50 ms after its own side has ended. */
@Tag("long")
@WindowsTest
@Timeout(120)
final class NodeNetTest {
    private static final int MANY = 32;
    private static final int SIZE = 100_000;

    private final OurSide ours = new OurSide();

    @AfterEach
    void stopLoops() {
        ours.close();
    }

    @Test
    void thirtyTwoNodeClients_atOnce_areEachEchoed() throws Exception {
        BlockingQueue<Sink> accepted = ours.serve(Sink::echoing);
        try (NodeProgram node = NodeProgram.start("net.js", ours.address, "echoClients", MANY, SIZE)) {
            node.says("echoed " + MANY);
            node.succeeds();
        }
        Set<String> read = new HashSet<>();
        for (int i = 0; i < MANY; i++) {
            read.add(OurSide.take(accepted).ended());
        }
        assertEquals(expected(), read);
        assertTrue(accepted.isEmpty());
    }

    @Test
    void nodeServer_withThirtyTwoOfOurClients_echoesEach() throws Exception {
        try (NodeProgram node = NodeProgram.start("net.js", ours.address, "echoServer")) {
            node.says("listening");
            List<Sink> sinks = new ArrayList<>();
            List<Channel> clients = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                sinks.add(Sink.awaiting(SIZE));
                clients.add(ours.connect(sinks.get(i)));
            }
            for (int seed = 0; seed < MANY; seed++) {
                for (int from = 0; from < SIZE; from += 5000) {
                    clients.get(seed).writeAndFlush(Pattern.bytes(seed, from, 5000));
                }
            }
            Set<String> read = new HashSet<>();
            for (int i = 0; i < MANY; i++) {
                sinks.get(i).received();
                clients.get(i).close().sync();
                read.add(sinks.get(i).ended());
            }
            assertEquals(expected(), read);
            node.hears("stop");
            node.succeeds();
        }
    }

    private static Set<String> expected() {
        return new HashSet<>(IntStream.range(0, MANY).mapToObj(seed -> Pattern.digest(seed, SIZE)).toList());
    }

    @Test
    void nodeClient_sendingAHundredMebibytes_isReadInFull() throws Exception {
        BlockingQueue<Sink> accepted = ours.serve(Sink::reading);
        try (NodeProgram node = NodeProgram.start("net.js", ours.address, "upload", Pattern.LARGE)) {
            assertEquals(Pattern.digest(1, Pattern.LARGE), OurSide.take(accepted).ended());
            node.succeeds();
        }
    }

    @Test
    void nodeClient_sentAHundredMebibytes_readsAllThenTheEnd() throws Exception {
        ours.serve(() -> new Source(1, Pattern.LARGE));
        try (NodeProgram node = NodeProgram.start("net.js", ours.address, "download")) {
            node.says("received " + Pattern.digest(1, Pattern.LARGE));
            node.succeeds();
        }
    }

    @Test
    void nodeServer_sentAHundredMebibytes_readsAllThenTheEnd() throws Exception {
        try (NodeProgram node = NodeProgram.start("net.js", ours.address, "uploadServer")) {
            node.says("listening");
            ours.connect(new Source(1, Pattern.LARGE));
            node.says("received " + Pattern.digest(1, Pattern.LARGE));
            node.hears("stop");
            node.succeeds();
        }
    }

    @Test
    void nodeServer_sendingAHundredMebibytes_isReadInFull() throws Exception {
        try (NodeProgram node = NodeProgram.start("net.js", ours.address, "downloadServer", Pattern.LARGE)) {
            node.says("listening");
            Sink sink = Sink.reading();
            ours.connect(sink);
            assertEquals(Pattern.digest(1, Pattern.LARGE), sink.ended());
            node.hears("stop");
            node.succeeds();
        }
    }

    @Test
    void nodeClient_onAMessagePipe_sendsAMessageWithEachWrite() throws Exception {
        BlockingQueue<Sink> accepted = ours.serve(
                ours.serverBootstrap().option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE), Sink::reading);
        try (NodeProgram node = NodeProgram.start("net.js", ours.address, "writes", 100)) {
            Sink sink = OurSide.take(accepted);
            sink.ended();
            assertEquals(IntStream.rangeClosed(1, 100).boxed().toList(), sink.messages());
            node.succeeds();
        }
    }

    /** The end comes to us only with the last byte read: before, the program waits for us and can be answered. */
    @ParameterizedTest
    @ValueSource(ints = {1000, 300_000})
    void nodeClient_thatHasEndedItsSide_isAnswered_thenReadInFull(int size) throws Exception {
        BlockingQueue<Sink> accepted = ours.serve(
                ours.serverBootstrap().childOption(ChannelOption.AUTO_READ, false), Sink::reading);
        try (NodeProgram node = NodeProgram.start("net.js", ours.address, "endFirst", size, 50_000)) {
            node.says("ended");
            Sink sink = OurSide.take(accepted);
            sink.channel().writeAndFlush(Pattern.bytes(2, 0, 50_000)).sync();
            node.says("answered");
            sink.channel().config().setAutoRead(true);
            assertEquals(Pattern.digest(1, size), sink.ended());
            node.says("closed");
            node.succeeds();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 300_000})
    void nodeServer_thatEndsItsSide_isReadInFull_thenClosed(int size) throws Exception {
        try (NodeProgram node = NodeProgram.start("net.js", ours.address, "endingServer", size)) {
            node.says("listening");
            Sink sink = Sink.reading();
            ours.connect(sink);
            assertEquals(Pattern.digest(1, size), sink.ended());
            node.hears("stop");
            node.succeeds();
        }
    }
}
