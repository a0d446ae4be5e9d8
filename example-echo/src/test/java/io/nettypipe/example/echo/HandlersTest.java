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
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;

/** The example's handlers, on any system. */
final class HandlersTest {
    @Test
    void echo_ofABuffer_writesThatVeryBuffer() {
        EmbeddedChannel channel = new EmbeddedChannel(new EchoHandler(problem -> { }));
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
        EmbeddedChannel channel = new EmbeddedChannel(new EchoHandler(problem -> { }));
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
        List<Throwable> problems = new ArrayList<>();
        EmbeddedChannel channel = new EmbeddedChannel(new EchoHandler(problems::add));
        Exception problem = new Exception("broken");
        channel.pipeline().fireExceptionCaught(problem);
        assertEquals(List.of(problem), problems);
        assertFalse(channel.isActive());
    }

    @Test
    void replies_areAllPrinted_alsoIfTheServerClosesAfterTheLast() throws Exception {
        StringWriter out = new StringWriter();
        ReplyPrinter printer = new ReplyPrinter(new PrintWriter(out));
        EmbeddedChannel channel = new EmbeddedChannel(printer);
        for (String reply : List.of("one", "two")) {
            printer.awaitRoom(1);
            channel.writeInbound(reply);
        }
        channel.close();
        printer.awaitAll(1);
        assertEquals(List.of("one", "two"), out.toString().lines().toList());
    }

    @Test
    void replies_thatNeverCome_failWithTheReason() throws Exception {
        ReplyPrinter printer = new ReplyPrinter(new PrintWriter(new StringWriter()));
        EmbeddedChannel channel = new EmbeddedChannel(printer);
        printer.awaitRoom(1);
        channel.pipeline().fireExceptionCaught(new Exception("cut off"));
        EchoException e = assertThrows(EchoException.class, () -> printer.awaitAll(1));
        assertTrue(e.getMessage().contains("after 0 replies (cut off)"), e::getMessage);
        assertThrows(EchoException.class, () -> printer.awaitRoom(1));
    }

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
