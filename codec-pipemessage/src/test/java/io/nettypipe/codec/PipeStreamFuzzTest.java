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
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.TooLongFrameException;
import io.nettypipe.channel.PipeMessage;
import io.nettypipe.testing.RandomCases;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Streams come out as they went in, however they were cut up on the way, and never seem to end if they did not. */
class PipeStreamFuzzTest {

    @Test
    void anyStreams_encodedCutUpAndDecoded_areTheSame() {
        RandomCases.run(150, random -> new Connection(random).run());
    }

    @Test
    void anyParts_withALimit_giveWholeStreamsOrOneFailureEach() {
        RandomCases.run(300, random -> {
            int limit = 1 + random.nextInt(20);
            PipeFixture pipe = new PipeFixture(new PipeStreamDecoder(limit));
            Received received = new Received();
            List<String> expected = new ArrayList<>();
            int failures = 0;
            for (int i = random.nextInt(5); i >= 0; i--) {
                ByteArrayOutputStream stream = new ByteArrayOutputStream();
                boolean tooLong = false;
                for (int messages = random.nextInt(4); messages > 0; messages--) {
                    byte[] bytes = bytes(random, 1 + random.nextInt(random.nextInt(3) == 0 ? limit + 5 : limit));
                    tooLong |= bytes.length > limit;
                    stream.writeBytes(bytes);
                    receiveInParts(pipe, bytes, random);
                }
                pipe.end(pipe.bytes());
                if (tooLong) {
                    failures++;
                } else {
                    expected.add(Arrays.toString(stream.toByteArray()));
                }
                received.takeAll(pipe, tooLong);
            }
            assertEquals(expected, received.streams);
            assertEquals(failures, pipe.failures.size());
            assertTrue(pipe.failures.stream().allMatch(TooLongFrameException.class::isInstance));
            pipe.failures.clear();
            pipe.assertNothingLeft();
        });
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static void receiveInParts(PipeFixture pipe, byte[] message, Random random) {
        int offset = 0;
        while (message.length > 0 && random.nextInt(3) > 0) {
            int length = random.nextInt(message.length - offset + 1);
            pipe.part(pipe.bytes(Arrays.copyOfRange(message, offset, offset + length)));
            offset += length;
        }
        pipe.end(pipe.bytes(Arrays.copyOfRange(message, offset, message.length)));
    }

    /** What a handler makes of what it gets. */
    private static final class Received {
        final List<String> streams = new ArrayList<>();
        private ByteArrayOutputStream current = new ByteArrayOutputStream();

        void takeAll(PipeFixture pipe, boolean forget) {
            for (Object chunk; (chunk = pipe.channel.readInbound()) != null;) {
                PipeStreamContent content = (PipeStreamContent) chunk;
                current.writeBytes(ByteBufUtil.getBytes(content.content()));
                if (content instanceof LastPipeStreamContent) {
                    streams.add(Arrays.toString(current.toByteArray()));
                    current.reset();
                }
                content.release();
            }
            if (forget) {
                current.reset();
            }
        }
    }

    /** Both directions at once: what one end writes, the other receives. */
    private static final class Connection {
        private final Random random;
        private final PipeFixture[] ends;
        private final Received[] received = {new Received(), new Received()};
        private final List<List<String>> sent = List.of(new ArrayList<>(), new ArrayList<>());
        private final ByteArrayOutputStream[] sending = {new ByteArrayOutputStream(), new ByteArrayOutputStream()};
        private final boolean[] open = new boolean[2];

        Connection(Random random) {
            this.random = random;
            ends = new PipeFixture[] {end(), end()};
        }

        private PipeFixture end() {
            return new PipeFixture(new PipeStreamCodec(Integer.MAX_VALUE, 1 + random.nextInt(30)));
        }

        void run() {
            for (int i = random.nextInt(30); i >= 0; i--) {
                write(random.nextInt(2));
            }
            for (int from = 0; from < 2; from++) {
                PipeFixture peer = ends[1 - from];
                peer.channel.close();
                if (open[from]) {
                    peer.assertOneFailure(PipeStreamAbortedException.class);
                }
                assertEquals(sent.get(from), received[1 - from].streams);
                peer.assertNothingLeft();
            }
            for (PipeFixture end : ends) {
                end.assertAllReleased();
            }
        }

        private void write(int from) {
            byte[] bytes = bytes(random, random.nextInt(3) == 0 ? 0 : random.nextInt(100));
            sending[from].writeBytes(bytes);
            ByteBuf buffer = random.nextBoolean() ? ends[from].bytes(bytes)
                    : Unpooled.compositeBuffer().addComponent(true, ends[from].bytes(bytes));
            switch (random.nextInt(4)) {
                case 0:
                    ends[from].channel.writeOutbound(buffer);
                    open[from] |= bytes.length > 0;
                    break;
                case 1:
                    ends[from].channel.writeOutbound(new LastPipeStreamContent(buffer));
                    sent.get(from).add(Arrays.toString(sending[from].toByteArray()));
                    sending[from].reset();
                    open[from] = false;
                    break;
                default:
                    ends[from].channel.writeOutbound(new PipeStreamContent(buffer));
                    open[from] |= bytes.length > 0;
            }
            for (Object message; (message = ends[from].channel.readOutbound()) != null;) {
                receiveInParts(ends[1 - from], ByteBufUtil.getBytes(((PipeMessage) message).content()), random);
                ((PipeMessage) message).release();
            }
            received[1 - from].takeAll(ends[1 - from], false);
        }
    }
}
