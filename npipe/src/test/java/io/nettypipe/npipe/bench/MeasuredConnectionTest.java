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
package io.nettypipe.npipe.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

import java.util.concurrent.CompletionException;

/** One connection of a measurement, on any system. */
final class MeasuredConnectionTest {
    @Test
    void measuredConnection_sendsTheNextMessageWhenTheReplyHasCome() {
        MeasuredConnection connection = new MeasuredConnection(3, 10);
        EmbeddedChannel channel = new EmbeddedChannel(connection);
        connection.start();
        for (int i = 0; i < 3; i++) {
            assertFalse(connection.end().isDone());
            ByteBuf sent = channel.readOutbound();
            assertEquals(10, sent.readableBytes());
            assertNull(channel.readOutbound());
            channel.writeInbound(sent.copy());
            sent.release();
        }
        assertTrue(connection.end().isDone());
        assertEquals(3, connection.replies());
        assertEquals(3, connection.nanos().getTotalCount());
        assertFalse(channel.finish());
    }

    @Test
    void measuredConnection_withAWrongReply_fails() {
        MeasuredConnection connection = new MeasuredConnection(3, 10);
        EmbeddedChannel channel = new EmbeddedChannel(connection);
        connection.start();
        channel.releaseOutbound();
        channel.writeInbound(Unpooled.buffer().writeZero(9));
        CompletionException e = assertThrows(CompletionException.class, () -> connection.end().join());
        assertEquals("a reply of 9 bytes is not the message that was sent", e.getCause().getMessage());
        assertFalse(channel.isActive());
    }

    @Test
    void measuredConnection_thatTheServerCloses_failsAndReleasesItsPayload() {
        MeasuredConnection connection = new MeasuredConnection(3, 10);
        EmbeddedChannel channel = new EmbeddedChannel(connection);
        connection.start();
        ByteBuf sent = channel.readOutbound();
        channel.close();
        CompletionException e = assertThrows(CompletionException.class, () -> connection.end().join());
        assertTrue(e.getCause().getMessage().contains("after 0 replies"), e::toString);
        assertTrue(sent.release(), "the connection still holds its payload");
    }
}
