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
package io.nettypipe.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.EncoderException;
import io.netty.util.ReferenceCountUtil;
import io.nettypipe.channel.PipeMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;

class PipeStreamEncoderTest {
    private final PipeFixture pipe = new PipeFixture(new PipeStreamEncoder(8));

    @Test
    void chunk_written_isAMessageOfTheSameBuffer() {
        ByteBuf chunk = pipe.bytes(0, 8);
        pipe.channel.writeOutbound(new PipeStreamContent(chunk));

        PipeMessage message = pipe.channel.readOutbound();
        assertSame(chunk, message.content());
        assertTrue(message.isEndOfMessage());
        message.release();
        pipe.assertNothingLeft();
    }

    @Test
    void buffer_written_isAChunkToo() {
        pipe.channel.writeOutbound(pipe.bytes(0, 3));
        assertMessage("000102");
        pipe.assertNothingLeft();
    }

    @Test
    void longChunk_written_isSentInMessagesUpToTheLimit() {
        ChannelFuture written = pipe.channel.writeAndFlush(new PipeStreamContent(pipe.bytes(0, 20)));
        assertTrue(written.isSuccess());
        assertMessage("0001020304050607");
        assertMessage("08090a0b0c0d0e0f");
        assertMessage("10111213");
        pipe.assertNothingLeft();
    }

    @Test
    void emptyChunk_inMidStream_sendsNothingAndSucceeds() {
        pipe.channel.writeOutbound(pipe.bytes(0, 1));
        assertTrue(pipe.channel.writeAndFlush(new PipeStreamContent(pipe.bytes())).isSuccess());
        assertTrue(pipe.channel.writeAndFlush(pipe.bytes()).isSuccess());
        pipe.channel.writeAndFlush(pipe.bytes(), pipe.channel.voidPromise());
        pipe.channel.writeOutbound(pipe.bytes(1, 1));

        assertMessage("00");
        assertMessage("01");
        pipe.assertNothingLeft();
    }

    @Test
    void emptyChunk_behindOneUnderWay_succeedsWithIt() {
        ChannelFuture chunk = pipe.channel.write(pipe.bytes(0, 1));
        ChannelFuture empty = pipe.channel.write(pipe.bytes());
        assertFalse(chunk.isDone() || empty.isDone());
        pipe.channel.flush();
        assertTrue(chunk.isSuccess() && empty.isSuccess());
        assertMessage("00");
        pipe.assertNothingLeft();
    }

    @Test
    void last_written_endsTheStreamWithAnEmptyMessageBehindItsBytes() {
        pipe.channel.writeOutbound(new LastPipeStreamContent(pipe.bytes(0, 9)));
        assertMessage("0001020304050607");
        assertMessage("08");
        assertMessage("");

        pipe.channel.writeOutbound(LastPipeStreamContent.EMPTY_LAST, new LastPipeStreamContent(pipe.bytes()));
        assertMessage("");
        assertMessage("");
        assertEquals(1, LastPipeStreamContent.EMPTY_LAST.refCnt());
        pipe.assertNothingLeft();
    }

    @Test
    void last_withVoidPromise_isSentAndItsFailureIsNoticed() {
        pipe.channel.writeAndFlush(new LastPipeStreamContent(pipe.bytes(0, 1)), pipe.channel.voidPromise());
        assertMessage("00");
        assertMessage("");
        pipe.assertNothingLeft();
    }

    @Test
    void abort_written_closesTheChannelAndFailsLaterWrites() {
        pipe.channel.writeOutbound(pipe.bytes(0, 1));
        ChannelFuture aborted = pipe.channel.write(new PipeStreamAbort(new IOException("no more")));
        assertTrue(aborted.isSuccess());
        assertFalse(pipe.channel.isOpen());

        for (Object late : new Object[] {pipe.bytes(0, 20), new LastPipeStreamContent(pipe.bytes(0, 20))}) {
            assertInstanceOf(ClosedChannelException.class, pipe.channel.writeAndFlush(late).cause());
        }
        assertMessage("00");
        pipe.assertNothingLeft();
    }

    @Test
    void pipeMessage_written_isRefused() {
        ChannelFuture refused = pipe.channel.writeAndFlush(new PipeMessage(pipe.bytes(0, 1)));
        assertInstanceOf(EncoderException.class, refused.cause());
        assertTrue(pipe.channel.isOpen());
        pipe.assertNothingLeft();
    }

    @Test
    void otherObject_written_passesThrough() {
        pipe.channel.writeOutbound("object");
        assertEquals("object", pipe.channel.readOutbound());
        pipe.assertNothingLeft();
    }

    @Test
    void chunk_cancelledBeforeItIsSent_abortsTheStreamThatWouldLackIt() {
        pipe.channel.write(pipe.bytes(0, 1));
        ChannelFuture chunk = pipe.channel.write(pipe.bytes(1, 1));
        assertTrue(chunk.cancel(false));

        assertFalse(pipe.channel.isOpen());
        assertInstanceOf(ClosedChannelException.class,
                pipe.channel.writeAndFlush(LastPipeStreamContent.EMPTY_LAST).cause());
        assertNull(pipe.channel.readOutbound());
        pipe.assertNothingLeft();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void longChunk_ofWhichAPieceFails_failsAndAbortsTheStream(boolean last) {
        failWrite(2, new IOException("lost"));
        ByteBuf bytes = pipe.bytes(0, 20);
        ChannelFuture chunk = pipe.channel.writeAndFlush(
                last ? new LastPipeStreamContent(bytes) : new PipeStreamContent(bytes));
        assertInstanceOf(ClosedChannelException.class, chunk.cause());
        assertEquals("lost", chunk.cause().getCause().getMessage());
        assertFalse(pipe.channel.isOpen());
        assertNull(pipe.channel.readOutbound());
        pipe.assertNothingLeft();
    }

    @Test
    void write_toAPeerThatIsGone_leavesTheChannelToItsReadSide() {
        failWrite(1, new ClosedChannelException());
        assertInstanceOf(ClosedChannelException.class, pipe.channel.writeAndFlush(pipe.bytes(0, 1)).cause());
        assertTrue(pipe.channel.isOpen());
        assertInstanceOf(ClosedChannelException.class, pipe.channel.writeAndFlush(pipe.bytes(0, 20)).cause());
        pipe.assertNothingLeft();
    }

    @Test
    void limit_lessThanOne_isRefused() {
        assertThrows(IllegalArgumentException.class, () -> new PipeStreamEncoder(0));
        assertThrows(NullPointerException.class, () -> new PipeStreamAbort(null));
    }

    /** Makes the {@code number}th message fail that reaches the transport. */
    private void failWrite(int number, Exception cause) {
        pipe.channel.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            private int written;

            @Override
            public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
                written++;
                if (written == number) {
                    ReferenceCountUtil.release(msg);
                    promise.setFailure(cause);
                } else {
                    ctx.write(msg, promise);
                }
            }
        });
    }

    private void assertMessage(String hex) {
        PipeMessage message = assertInstanceOf(PipeMessage.class, pipe.channel.readOutbound());
        assertEquals(hex, ByteBufUtil.hexDump(message.content()));
        assertTrue(message.isEndOfMessage());
        message.release();
    }
}
