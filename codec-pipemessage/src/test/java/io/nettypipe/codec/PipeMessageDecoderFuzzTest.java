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

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import io.nettypipe.channel.PipeMessage;
import io.nettypipe.testing.RandomCases;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The decoder does what its documentation says, whatever arrives and whatever is done to it meanwhile. */
class PipeMessageDecoderFuzzTest {

    @Test
    void anyParts_underAnyTreatment_giveTheFramesAndFailuresThatAreDocumented() {
        RandomCases.run(2000, random -> new Connection(random).run());
    }

    @Test
    void anyFrame_encodedSplitAndDecoded_isTheSame() {
        RandomCases.run(500, random -> {
            PipeFixture pipe = new PipeFixture(new PipeMessageCodec(5000, random.nextBoolean()));
            for (int i = random.nextInt(4); i >= 0; i--) {
                byte[] bytes = bytes(random, random.nextInt(random.nextBoolean() ? 10 : 5001));
                pipe.channel.writeOutbound(ofSomeKind(pipe, random, bytes));
                PipeMessage message = assertInstanceOf(PipeMessage.class, pipe.channel.readOutbound());
                assertTrue(message.isEndOfMessage());
                while (random.nextInt(4) > 0) {
                    pipe.part(message.content().readRetainedSlice(
                            random.nextInt(message.content().readableBytes() + 1)));
                }
                pipe.receive(message);
                pipe.assertFrame(bytes);
                assertEquals(0, message.refCnt());
            }
            pipe.assertNothingLeft();
        });
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static ByteBuf ofSomeKind(PipeFixture pipe, Random random, byte[] bytes) {
        int half = bytes.length / 2;
        switch (random.nextInt(4)) {
            case 0:
                return Unpooled.compositeBuffer()
                        .addComponent(true, pipe.bytes(Arrays.copyOf(bytes, half)))
                        .addComponent(true, pipe.bytes(Arrays.copyOfRange(bytes, half, bytes.length)));
            case 1:
                byte[] padded = new byte[bytes.length + 7];
                System.arraycopy(bytes, 0, padded, 3, bytes.length);
                return pipe.bytes(padded).skipBytes(3).writerIndex(3 + bytes.length);
            case 2:
                return pipe.bytes(bytes).asReadOnly();
            default:
                return pipe.bytes(bytes);
        }
    }

    /** What arrives on one connection, and what is to come of it by the decoder's documentation. */
    private static final class Connection {
        private final Random random;
        private final List<Object> expected = new ArrayList<>();
        private final List<Object> seen = new ArrayList<>();
        private final PipeFixture pipe;
        private PipeMessageDecoder decoder;
        private int limit;
        private boolean failFast;
        private boolean removeAtNextFrame;

        /** The current message as far as it has arrived; {@code null} between messages. */
        private ByteArrayOutputStream message;
        private boolean tooLong;
        private boolean ended;

        Connection(Random random) {
            this.random = random;
            newDecoder();
            pipe = new PipeFixture(decoder, new Recorder());
            pipe.channel.config().setAutoRead(random.nextBoolean());
        }

        private void newDecoder() {
            limit = 1 + random.nextInt(40);
            failFast = random.nextBoolean();
            decoder = new PipeMessageDecoder(limit, failFast);
        }

        void run() {
            for (int i = random.nextInt(12); i >= 0 && !ended; i--) {
                act();
                assertEquals(expected, seen);
            }
            if (decoder != null && message != null && !(tooLong && failFast)) {
                expected.add(CorruptedFrameException.class);
            }
            pipe.channel.close();
            assertEquals(expected, seen);
            pipe.assertNothingLeft();
        }

        private void act() {
            switch (random.nextInt(16)) {
                case 0:
                    pipe.channel.config().setAutoRead(!pipe.channel.config().isAutoRead());
                    break;
                case 1:
                    pipe.channel.pipeline().fireUserEventTriggered("event");
                    break;
                case 2:
                    removeAtNextFrame = true;
                    break;
                case 3:
                    remove();
                    break;
                case 4:
                    replace();
                    break;
                case 5:
                    endInput();
                    break;
                default:
                    receive();
            }
        }

        private void receive() {
            boolean decoding = decoder != null;
            int before = expected.size();
            Object[] burst = new Object[1 + random.nextInt(4)];
            for (int i = 0; i < burst.length; i++) {
                burst[i] = random.nextInt(12) == 0 ? foreign() : part();
            }
            boolean frames = expected.subList(before, expected.size()).stream().anyMatch(o -> !(o instanceof Class));
            pipe.takeReads();
            pipe.receive(burst);
            if (decoding && !pipe.channel.config().isAutoRead()) {
                // Who asked for one message and was given none would wait for ever if nobody asked again.
                assertEquals(frames ? 0 : 1, pipe.takeReads());
            }
        }

        private Object foreign() {
            expected.add("foreign");
            return "foreign";
        }

        private PipeMessage part() {
            int length = random.nextInt(3) == 0 ? 0 : random.nextInt(random.nextBoolean() ? limit + 2 : 6);
            byte[] bytes = bytes(random, length);
            boolean end = random.nextInt(3) == 0;
            expect(bytes, end);
            return new PipeMessage(ofSomeKind(pipe, random, bytes), end);
        }

        private void expect(byte[] bytes, boolean end) {
            if (decoder == null) {
                expected.add((end ? "end " : "part ") + Arrays.toString(bytes));
                return;
            }
            if (message == null) {
                message = new ByteArrayOutputStream();
            }
            message.writeBytes(bytes);
            boolean wasTooLong = tooLong;
            tooLong = message.size() > limit;
            if (tooLong && (failFast ? !wasTooLong : end)) {
                expected.add(TooLongFrameException.class);
            }
            if (end && !tooLong) {
                expected.add("frame " + Arrays.toString(message.toByteArray()));
                if (removeAtNextFrame) {
                    decoder = null;
                }
            }
            if (end) {
                message = null;
                tooLong = false;
            }
        }

        private void remove() {
            if (decoder == null) {
                return;
            }
            PipeMessageDecoder removed = decoder;
            decoder = null;
            if (message != null && !tooLong) {
                expect(message.toByteArray(), false);
            } else if (tooLong && !failFast) {
                expected.add(TooLongFrameException.class);
            }
            message = null;
            tooLong = false;
            pipe.channel.pipeline().remove(removed);
        }

        private void replace() {
            if (decoder == null || tooLong) {
                return;
            }
            PipeMessageDecoder replaced = decoder;
            newDecoder();
            if (message != null) {
                byte[] held = message.toByteArray();
                message = null;
                expect(held, false);
            }
            pipe.channel.pipeline().replace(replaced, null, decoder);
        }

        private void endInput() {
            ended = true;
            if (decoder != null && message != null && !(tooLong && failFast)) {
                expected.add(CorruptedFrameException.class);
            }
            message = null;
            pipe.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }

        private final class Recorder extends ChannelInboundHandlerAdapter {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object received) {
                seen.add(text(received));
                if (removeAtNextFrame && received instanceof ByteBuf) {
                    removeAtNextFrame = false;
                    ctx.pipeline().remove(PipeMessageDecoder.class);
                }
            }

            private String text(Object received) {
                if (!(received instanceof PipeMessage)) {
                    return received instanceof ByteBuf ? "frame " + take((ByteBuf) received) : (String) received;
                }
                PipeMessage part = (PipeMessage) received;
                return (part.isEndOfMessage() ? "end " : "part ") + take(part.content());
            }

            private String take(ByteBuf content) {
                assertEquals(1, content.refCnt());
                byte[] bytes = new byte[content.readableBytes()];
                content.readBytes(bytes).release();
                return Arrays.toString(bytes);
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                seen.add(cause.getClass());
            }
        }
    }
}
