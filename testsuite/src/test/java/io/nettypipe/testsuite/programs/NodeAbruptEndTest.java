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
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.nettypipe.testing.Pattern;
import io.nettypipe.testing.WindowsTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** Connections that {@code node:net} or its process ends without a word, or that we end under it. */
@Tag("long")
@WindowsTest
@Timeout(120)
final class NodeAbruptEndTest {
    private static final int MEBIBYTE = 1024 * 1024;

    private final OurSide ours = new OurSide();

    @AfterEach
    void stopLoops() {
        ours.close();
    }

    @Test
    void nodeClient_thatDestroysItsSocket_isReadInFull_thenInactive() throws Exception {
        BlockingQueue<Sink> accepted = ours.serve(Sink::echoing);
        try (NodeProgram node = NodeProgram.start("net.js", ours.address, "destroyedClient", 1000)) {
            node.says("written");
            node.hears("destroy");
            assertEquals(Pattern.digest(1, 1000), OurSide.take(accepted).ended());
            node.says("closed");
            node.succeeds();
        }
        ours.assertServed();
    }

    @Test
    void nodeClient_killedWhileItWrites_isInactive_andWhatCameIsRight() throws Exception {
        BlockingQueue<Sink> accepted = ours.serve(() -> Sink.awaiting(MEBIBYTE));
        try (NodeProgram node = NodeProgram.start("net.js", ours.address, "floodingClient")) {
            Sink sink = OurSide.take(accepted);
            sink.received();
            node.kill();
            assertPrefix(sink);
        }
    }

    @Test
    void nodeClient_killedWhileItReadsNothing_failsWhatItHasNotRead() throws Exception {
        BlockingQueue<Sink> accepted = ours.serve(Sink::echoing);
        try (NodeProgram node = NodeProgram.start("net.js", ours.address, "deafClient")) {
            node.says("connected");
            Sink sink = OurSide.take(accepted);
            List<ChannelFuture> writes = new ArrayList<>();
            for (int i = 0; i < 160; i++) {
                writes.add(sink.channel().writeAndFlush(Pattern.bytes(0, 0, Pattern.CHUNK)));
            }
            assertFalse(writes.get(writes.size() - 1).isDone());
            node.kill();
            assertEquals(Pattern.digest(0, 0), sink.ended());
            for (ChannelFuture write : writes) {
                assertTrue(write.await(30, TimeUnit.SECONDS));
            }
            assertInstanceOf(ClosedChannelException.class, writes.get(writes.size() - 1).cause());
        }
        ours.assertServed();
    }

    @Test
    void nodeServer_killed_leavesEachClientInactive() throws Exception {
        try (NodeProgram node = NodeProgram.start("net.js", ours.address, "floodingServer")) {
            node.says("listening");
            List<Sink> sinks = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                sinks.add(Sink.awaiting(MEBIBYTE));
                ours.connect(sinks.get(i));
            }
            for (Sink sink : sinks) {
                sink.received();
            }
            node.kill();
            for (Sink sink : sinks) {
                assertPrefix(sink);
            }
        }
    }

    @Test
    void nodeServer_thatDestroysOneConnection_leavesTheOther() throws Exception {
        try (NodeProgram node = NodeProgram.start("net.js", ours.address, "destroyingServer")) {
            node.says("listening");
            Sink kept = Sink.awaiting(5000);
            Channel keptChannel = ours.connect(kept);
            Sink destroyed = Sink.reading();
            ours.connect(destroyed).writeAndFlush(Unpooled.copiedBuffer(new byte[] {'x'}));
            assertEquals(Pattern.digest(0, 0), destroyed.ended());
            keptChannel.writeAndFlush(Pattern.bytes(1, 0, 5000));
            kept.received();
            keptChannel.close().sync();
            assertEquals(Pattern.digest(1, 5000), kept.ended());
            node.hears("stop");
            node.succeeds();
        }
    }

    @Test
    void nodeClient_closedByUsWhileItWrites_isToldAndGoesOn() throws Exception {
        BlockingQueue<Sink> accepted = ours.serve(() -> Sink.awaiting(MEBIBYTE));
        try (NodeProgram node = NodeProgram.start("net.js", ours.address, "floodingClient")) {
            Sink sink = OurSide.take(accepted);
            sink.received();
            sink.channel().close().sync();
            node.says("closed");
            node.succeeds();
            assertPrefix(sink);
        }
    }

    @Test
    void nodeServer_leftByAClientWhileItWrites_isToldAndServesTheNext() throws Exception {
        try (NodeProgram node = NodeProgram.start("net.js", ours.address, "floodingServer")) {
            node.says("listening");
            for (int i = 0; i < 2; i++) {
                Sink sink = Sink.awaiting(MEBIBYTE);
                Channel channel = ours.connect(sink);
                sink.received();
                channel.close().sync();
                node.says("closed");
                assertPrefix(sink);
            }
            node.hears("stop");
            node.succeeds();
        }
    }

    /** What has been read is what the program writes first, whole or not. */
    private static void assertPrefix(Sink sink) throws Exception {
        String read = sink.ended();
        assertTrue(sink.size() >= MEBIBYTE);
        assertEquals(Pattern.digest(0, sink.size()), read);
    }
}
