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
package io.nettypipe.example.echo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;

/** The example's handlers, on any system. */
final class HandlersTest {
    @Test
    void echo_ofABuffer_writesThatVeryBuffer() {
        EmbeddedChannel channel = new EmbeddedChannel(new EchoHandler(new PrintWriter(Writer.nullWriter())));
        ByteBuf message = Unpooled.directBuffer().writeBytes(new byte[] {1, 2, 3});
        channel.writeInbound(message);
        ByteBuf echoed = channel.readOutbound();
        assertSame(message, echoed);
        assertEquals(1, echoed.refCnt());
        echoed.release();
        assertFalse(channel.finish());
    }

    @Test
    void echo_toAPeerThatDoesNotRead_stopsReading() {
        EmbeddedChannel channel = new EmbeddedChannel(new EchoHandler(new PrintWriter(Writer.nullWriter())));
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(4, 8));
        ByteBuf message = Unpooled.buffer().writeZero(16);
        channel.write(message.retain());
        assertFalse(channel.config().isAutoRead());
        channel.flush();
        assertTrue(channel.config().isAutoRead());
        channel.releaseOutbound();
        assertEquals(1, message.refCnt());
        message.release();
    }

    @Test
    void echo_ofAFailedConnection_reportsItAndCloses() {
        StringWriter err = new StringWriter();
        EmbeddedChannel channel = new EmbeddedChannel(new EchoHandler(new PrintWriter(err)));
        channel.pipeline().fireExceptionCaught(new Exception("broken"));
        assertEquals("A client's connection failed: broken", err.toString().strip());
        assertFalse(channel.isActive());
    }

    @Test
    void reply_isThereForWhoeverWaits_alsoIfTheServerClosesAfterIt() throws Exception {
        ReplyHandler replies = new ReplyHandler();
        EmbeddedChannel channel = new EmbeddedChannel(replies);
        channel.writeInbound("one", "two");
        channel.close();
        assertEquals("one", replies.next(1));
        assertEquals("two", replies.next(1));
    }

    @Test
    void reply_thatNeverComes_failsWithTheReason() {
        ReplyHandler replies = new ReplyHandler();
        EmbeddedChannel channel = new EmbeddedChannel(replies);
        channel.pipeline().fireExceptionCaught(new Exception("cut off"));
        IOException e = assertThrows(IOException.class, () -> replies.next(1));
        assertTrue(e.getMessage().contains("no reply (cut off)"), e::getMessage);
        assertFalse(channel.isActive());
    }
}
