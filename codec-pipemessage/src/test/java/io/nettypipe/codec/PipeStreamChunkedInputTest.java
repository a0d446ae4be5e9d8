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
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.stream.ChunkedInput;
import io.netty.handler.stream.ChunkedNioFile;
import io.netty.handler.stream.ChunkedStream;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.nettypipe.channel.PipeMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.UnaryOperator;

class PipeStreamChunkedInputTest {
    @TempDir
    private Path directory;

    private final ChunkedWriteHandler writer = new ChunkedWriteHandler();
    private final PipeFixture pipe = new PipeFixture(new PipeStreamCodec(), writer);

    @Test
    void file_written_isAStreamWithItsEnd() throws Exception {
        assertSent(pipe.channel.writeAndFlush(new PipeStreamChunkedInput(file("abcde", 2))), "ab", "cd", "e", "");
        assertSent(pipe.channel.writeAndFlush(new PipeStreamChunkedInput(file("ab", 2))), "ab", "");
        assertSent(pipe.channel.writeAndFlush(new PipeStreamChunkedInput(file("", 2))), "");
        pipe.assertNothingLeft();
    }

    @Test
    void file_writtenWithoutItsEnd_isEndedByWhoWroteIt() throws Exception {
        pipe.channel.writeAndFlush(file("abc", 2));
        assertSent(pipe.channel.writeAndFlush(LastPipeStreamContent.EMPTY_LAST), "ab", "c", "");
        pipe.channel.writeAndFlush(file("", 2));
        assertSent(pipe.channel.writeAndFlush(LastPipeStreamContent.EMPTY_LAST), "");
        pipe.assertNothingLeft();
    }

    @Test
    void inputStream_written_isAStreamWithItsEnd() {
        InputStream bytes = new ByteArrayInputStream(new byte[] {'a', 'b', 'c'});
        assertSent(pipe.channel.writeAndFlush(new PipeStreamChunkedInput(new ChunkedStream(bytes, 2))), "ab", "c", "");
        pipe.assertNothingLeft();
    }

    @Test
    void input_withNothingForNow_isResumed() {
        QueuedInput input = new QueuedInput(-1);
        ChannelFuture written = pipe.channel.writeAndFlush(new PipeStreamChunkedInput(input));
        assertNull(pipe.channel.readOutbound());
        input.chunks.add(pipe.bytes((byte) 'a'));
        input.chunks.add(pipe.bytes());
        input.chunks.add(pipe.bytes((byte) 'b'));
        writer.resumeTransfer();
        assertFalse(written.isDone());
        input.ended = true;
        writer.resumeTransfer();

        assertSent(written, "a", "b", "");
        assertTrue(input.closed);
        pipe.assertNothingLeft();
    }

    @Test
    void input_thatFails_failsTheWriteAndAbortsTheStream() {
        InputStream broken = new InputStream() {
            private int left = 3;

            @Override
            public int read() throws IOException {
                if (left-- == 0) {
                    throw new IOException("bad sector");
                }
                return 'a';
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                bytes[offset] = (byte) read();
                return 1;
            }

            @Override
            public int available() {
                return 1;
            }
        };
        ChannelFuture written = pipe.channel.writeAndFlush(new PipeStreamChunkedInput(new ChunkedStream(broken, 1)));
        assertEquals("bad sector", assertInstanceOf(IOException.class, written.cause()).getMessage());
        assertFalse(pipe.channel.isOpen());
        assertMessages("a", "a", "a");
        pipe.assertNothingLeft();
    }

    @Test
    void lastChunk_replacedOrCopiedOnItsWay_isStillTheEndOfTheStream() throws Exception {
        List<UnaryOperator<PipeStreamContent>> ways = List.of(chunk -> chunk.replace(chunk.content()),
                chunk -> released(chunk, chunk.copy()), chunk -> released(chunk, chunk.retainedDuplicate()));
        for (UnaryOperator<PipeStreamContent> way : ways) {
            PipeFixture changed = new PipeFixture(new PipeStreamCodec(), new ChannelOutboundHandlerAdapter() {
                @Override
                public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
                    ctx.write(msg instanceof LastPipeStreamContent ? way.apply((PipeStreamContent) msg) : msg, promise);
                }
            }, new ChunkedWriteHandler());
            assertTrue(changed.channel.writeAndFlush(new PipeStreamChunkedInput(file("abc", 2))).isSuccess());
            assertTrue(changed.channel.isOpen());
            assertMessages(changed, "ab", "c", "");
            changed.assertNothingLeft();
        }
        pipe.assertNothingLeft();
    }

    private static PipeStreamContent released(PipeStreamContent chunk, PipeStreamContent copy) {
        chunk.release();
        return copy;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void input_cancelledInMidStream_isNotContinuedByTheNextWriteButAborted(boolean end) throws Exception {
        QueuedInput input = new QueuedInput(-1);
        input.chunks.add(pipe.bytes((byte) 'a'));
        assertTrue(pipe.channel.writeAndFlush(new PipeStreamChunkedInput(input)).cancel(false));
        ChannelFuture next = pipe.channel.writeAndFlush(
                end ? LastPipeStreamContent.EMPTY_LAST : new PipeStreamChunkedInput(file("bc", 2)));

        assertInstanceOf(ClosedChannelException.class, next.cause());
        assertFalse(pipe.channel.isOpen());
        assertMessages("a");
        pipe.assertNothingLeft();
    }

    @Test
    void file_thatBecomesShorter_failsTheWriteAndAbortsTheStream() throws Exception {
        ChunkedNioFile file = file("abcdef", 2);
        Files.write(directory.resolve("6"), new byte[] {'a', 'b', 'c'}, StandardOpenOption.TRUNCATE_EXISTING);
        ChannelFuture written = pipe.channel.writeAndFlush(new PipeStreamChunkedInput(file));
        assertInstanceOf(IOException.class, written.cause());
        assertFalse(pipe.channel.isOpen());
        assertMessages("ab");
        pipe.assertNothingLeft();
    }

    @Test
    @SuppressWarnings("deprecation")
    void input_readPastItsEnd_givesNothing() throws Exception {
        QueuedInput input = new QueuedInput(0);
        input.ended = true;
        PipeStreamChunkedInput stream = new PipeStreamChunkedInput(input);
        assertFalse(stream.isEndOfInput());
        assertEquals(LastPipeStreamContent.EMPTY_LAST, stream.readChunk(pipe.channel.pipeline().firstContext()));
        assertTrue(stream.isEndOfInput());
        assertNull(stream.readChunk(pipe.channel.alloc()));
        stream.close();
        assertTrue(input.closed);
    }

    private ChunkedNioFile file(String text, int chunk) throws IOException {
        Path file = directory.resolve(String.valueOf(text.length()));
        Files.writeString(file, text);
        return new ChunkedNioFile(file.toFile(), chunk);
    }

    private void assertSent(ChannelFuture written, String... messages) {
        assertTrue(written.isSuccess(), () -> String.valueOf(written.cause()));
        assertMessages(messages);
    }

    private void assertMessages(String... texts) {
        assertMessages(pipe, texts);
    }

    private static void assertMessages(PipeFixture pipe, String... texts) {
        for (String text : texts) {
            PipeMessage message = assertInstanceOf(PipeMessage.class, pipe.channel.readOutbound(), text);
            assertEquals(text, new String(ByteBufUtil.getBytes(message.content())));
            message.release();
        }
        assertNull(pipe.channel.readOutbound());
    }

    /** Gives what is put into it. */
    private static final class QueuedInput implements ChunkedInput<ByteBuf> {
        final Queue<ByteBuf> chunks = new ArrayDeque<>();
        private final long length;
        boolean ended;
        boolean closed;

        QueuedInput(long length) {
            this.length = length;
        }

        @Override
        public boolean isEndOfInput() {
            return ended && chunks.isEmpty();
        }

        @Override
        public void close() {
            closed = true;
        }

        @Override
        @Deprecated
        public ByteBuf readChunk(ChannelHandlerContext ctx) {
            return chunks.poll();
        }

        @Override
        public ByteBuf readChunk(ByteBufAllocator allocator) {
            return chunks.poll();
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public long progress() {
            return 0;
        }
    }
}
