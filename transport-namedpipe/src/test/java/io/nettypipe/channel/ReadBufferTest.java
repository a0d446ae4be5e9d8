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

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;
import io.nettypipe.testing.PipeTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntFunction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The system writes into what an allocator of the user's gave, which may be unfit for it. */
@PipeTest
class ReadBufferTest {

    private enum Unfit {
        HEAP {
            @Override
            ByteBuf allocate() {
                return Unpooled.buffer(16);
            }
        },
        OF_MANY_PIECES {
            @Override
            ByteBuf allocate() {
                return Unpooled.compositeBuffer()
                        .addComponent(Unpooled.directBuffer(8)).addComponent(Unpooled.directBuffer(8));
            }
        },
        FULL {
            @Override
            ByteBuf allocate() {
                return Unpooled.directBuffer(4, 4).writeInt(1);
            }
        };

        abstract ByteBuf allocate();
    }

    @ParameterizedTest
    @EnumSource
    void allocatedBuffer_unfitForTheSystem_isReleasedAndReplaced(Unfit unfit) throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            ByteBuf[] allocated = new ByteBuf[1];
            Peer client = connect(pipes, count -> allocated[0] = unfit.allocate());
            Peer server = pipes.accept();
            for (int i = 0; i < 3; i++) {
                ReadTest.flushLoop(client);
                assertEquals(0, allocated[0].refCnt());
                server.send("message " + i).sync();
                assertEquals("message " + i, client.readText(9));
            }
            client.close();
        }
    }

    @Test
    void bufferWithBytesInIt_readInto_keepsThem() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = connect(pipes, count -> Unpooled.directBuffer(64).writeBytes(PipeFixture.bytes("> ")));
            pipes.accept().send("hello").sync();
            assertEquals("> hello", client.readText(7));
            client.close();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void allocator_thatThrowsAtTheFirstRead_exceptionIsCaughtAndTheChannelCloses(boolean zeroByteRead)
            throws Exception {
        throwsAt(1, "", zeroByteRead, client -> { });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void allocator_thatThrowsInsideTheLoop_whatWasReadIsDeliveredAndTheChannelCloses(boolean zeroByteRead)
            throws Exception {
        throwsAt(2, "0123456789abcdef", zeroByteRead, client -> { });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void allocator_thatThrowsWhileTheInputIsShutDown_exceptionIsCaughtAndTheChannelCloses(boolean zeroByteRead)
            throws Exception {
        throwsAt(2, "", zeroByteRead, client -> client.shutdownInput().syncUninterruptibly());
    }

    private static void throwsAt(int n, String expected, boolean zeroByteRead, Consumer<NamedPipeChannel> first)
            throws Exception {
        IllegalStateException failure = new IllegalStateException("on purpose");
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = connect(pipes, zeroByteRead, count -> {
                if (count == n) {
                    throw failure;
                }
                return Unpooled.directBuffer(16, 16);
            });
            Peer server = pipes.accept();
            first.accept((NamedPipeChannel) client.channel);
            // More than the buffer, so that the loop has a reason to go on.
            server.send("0123456789abcdefg");
            assertSame(failure, client.exceptions.poll(PipeFixture.SECONDS, TimeUnit.SECONDS));
            client.awaitInactive();
            server.awaitInactive();
            assertEquals(expected, client.readText(expected.length()));
            assertTrue(client.received.isEmpty(), client.received::toString);
            assertTrue(client.exceptions.isEmpty(), client.exceptions::toString);
            assertFalse(client.channel.isOpen());
        }
    }

    @Test
    void handleOfTheAllocator_isToldOfEachRead() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            List<String> told = new CopyOnWriteArrayList<>();
            Peer client = connect(pipes, false, new Allocator(count -> Unpooled.directBuffer(16, 16), told));
            Peer server = pipes.accept();
            server.send("hello").sync();
            assertEquals("hello", client.readText(5));
            ReadTest.flushLoop(client);
            server.close();
            client.awaitInactive();
            // A short read, after which the pipe is empty; then the end of the stream.
            assertEquals(List.of("reset", "attempted 16", "last 5", "complete", "reset", "last -1", "complete"), told);
        }
    }

    @Test
    void messagesPerRead_asManyInEachLoop() throws Exception {
        try (PipeFixture pipes = new PipeFixture(2).serveMessages()) {
            Peer client = new Peer(null);
            client.channel = pipes.clientBootstrap(client)
                    .option(NamedPipeChannelOption.READ_MODE, NamedPipeMode.MESSAGE)
                    .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(16).maxMessagesPerRead(4))
                    .connect(pipes.address).sync().channel();
            Peer server = pipes.accept();
            for (int i = 0; i < 6; i++) {
                server.send("one");
                assertEquals("one", client.readMessageText());
            }
            ReadTest.flushLoop(client);
            int before = client.readCompletes.get();
            client.channel.eventLoop().submit(() -> {
                for (int i = 0; i < 4; i++) {
                    server.send("of four").syncUninterruptibly();
                }
            }).sync();
            for (int i = 0; i < 4; i++) {
                assertEquals("of four", client.readMessageText());
            }
            ReadTest.flushLoop(client);
            assertEquals(1, client.readCompletes.get() - before);
            client.close();
        }
    }

    private static Peer connect(PipeFixture pipes, IntFunction<ByteBuf> allocator) throws Exception {
        return connect(pipes, false, allocator);
    }

    private static Peer connect(PipeFixture pipes, boolean zeroByteRead, IntFunction<ByteBuf> allocator)
            throws Exception {
        return connect(pipes, zeroByteRead, new Allocator(allocator, new CopyOnWriteArrayList<>()));
    }

    private static Peer connect(PipeFixture pipes, boolean zeroByteRead, Allocator allocator) throws Exception {
        Peer client = new Peer(null);
        client.channel = pipes.clientBootstrap(client).option(NamedPipeChannelOption.ZERO_BYTE_READ, zeroByteRead)
                .option(ChannelOption.RECVBUF_ALLOCATOR, allocator)
                .connect(pipes.address).sync().channel();
        return client;
    }

    private static final class Allocator extends DefaultMaxMessagesRecvByteBufAllocator
            implements MaxMessagesRecvByteBufAllocator {
        private final IntFunction<ByteBuf> allocator;
        private final List<String> told;

        Allocator(IntFunction<ByteBuf> allocator, List<String> told) {
            super(16);
            this.allocator = allocator;
            this.told = told;
        }

        @Override
        @SuppressWarnings("deprecation") // the interface has no other
        public Handle newHandle() {
            return new MaxMessageHandle() {
                private int count;

                @Override
                public ByteBuf allocate(ByteBufAllocator alloc) {
                    return allocator.apply(++count);
                }

                @Override
                public void reset(ChannelConfig config) {
                    told.add("reset");
                    super.reset(config);
                }

                @Override
                public void attemptedBytesRead(int bytes) {
                    told.add("attempted " + bytes);
                    super.attemptedBytesRead(bytes);
                }

                @Override
                public void lastBytesRead(int bytes) {
                    told.add("last " + bytes);
                    super.lastBytesRead(bytes);
                }

                @Override
                public void readComplete() {
                    told.add("complete");
                    super.readComplete();
                }

                @Override
                public int guess() {
                    return 0;
                }
            };
        }
    }
}
