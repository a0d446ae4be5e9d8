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

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import io.nettypipe.testing.PipeTest;
import io.nettypipe.win32.model.TestSystem;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The order of things that Netty's handlers and allocators rely on; docs/channel-contract.md has the whole list. */
@PipeTest
class ChannelContractTest {
    private static final int NO_SYSTEM_RESOURCES = 1450;

    @Test
    void readLoop_oneMessage_callsTheAllocatorsHandleInNettysOrder() throws Exception {
        TestSystem.assumeCallsEndAtOnce();
        Recording recording = new Recording();
        try (PipeFixture pipes = new PipeFixture().serveMessages()) {
            Peer client = new Peer(null);
            client.onRead = message -> recording.calls.add("channelRead");
            client.channel = connect(pipes.clientBootstrap(new ReadCompletes(client, recording.calls))
                    .option(NamedPipeChannelOption.READ_MODE, NamedPipeMode.MESSAGE)
                    .option(ChannelOption.RECVBUF_ALLOCATOR, recording)
                    .option(ChannelOption.AUTO_READ, false), pipes);
            Peer server = pipes.accept();
            server.send("hello").sync();
            client.channel.read();
            assertEquals("hello", client.readMessageText());
            ReadTest.flushLoop(client);
            // After the message there is nothing: the loop asks whether to go on, is told not to, and ends.
            assertEquals(List.of("reset", "allocate", "attempted 16", "last 5", "messages 1", "channelRead",
                    "continue", "readComplete", "channelReadComplete"), recording.calls);
            client.close();
        }
    }

    @Test
    void read_twiceBeforeThereIsData_isAnsweredByOneLoop() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serveMessages()) {
            Peer client = pipes.connect(NamedPipeMode.MESSAGE, false);
            client.channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(64).maxMessagesPerRead(1));
            Peer server = pipes.accept();
            client.channel.read();
            client.channel.read();
            ReadTest.flushLoop(client);
            server.send("first").sync();
            server.send("second").sync();
            assertEquals("first", client.readMessageText());
            ReadTest.flushLoop(client);
            assertNull(client.received.peek());
            client.channel.read();
            assertEquals("second", client.readMessageText());
        }
    }

    @Test
    void read_notAskedFor_systemIsNotAskedEither() throws Exception {
        CountingWin32 counting = new CountingWin32();
        try (PipeFixture pipes = new PipeFixture(1, counting.win32)) {
            pipes.serve(pipes.serverBootstrap().childOption(ChannelOption.AUTO_READ, false));
            Peer client = pipes.connect(NamedPipeMode.BYTE, false);
            Peer server = pipes.accept();
            client.send("unread").sync();
            ReadTest.flushLoop(server);
            assertEquals(0, counting.count("readFile"));
            server.channel.read();
            assertEquals("unread", server.readText(6));
            ReadTest.flushLoop(server);
            assertEquals(1, counting.count("readFile"));
        }
        TestSystem.close(counting.target);
    }

    @Test
    void flush_inChannelReadComplete_answersEachRequest() throws Exception {
        for (NamedPipeMode mode : NamedPipeMode.values()) {
            try (PipeFixture pipes = new PipeFixture()) {
                pipes.serve(pipes.serverBootstrap().childHandler(new AnswersInReadComplete())
                        .option(NamedPipeChannelOption.PIPE_TYPE, mode));
                Peer client = pipes.connect(NamedPipeMode.BYTE, true);
                for (int i = 0; i < 20; i++) {
                    client.send("request").sync();
                    assertEquals("request", client.readText(7));
                }
            }
        }
    }

    @Test
    void readError_afterData_readCompleteThenExceptionThenInactive() throws Exception {
        FaultyWin32 faulty = new FaultyWin32(TestSystem.open());
        BlockingQueue<String> calls = new LinkedBlockingQueue<>();
        try (PipeFixture pipes = new PipeFixture(2, faulty.win32).serve()) {
            Peer client = new Peer(null);
            client.channel = connect(pipes.clientBootstrap(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelReadComplete(ChannelHandlerContext ctx) {
                    calls.add("channelReadComplete");
                }

                @Override
                public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                    calls.add("exceptionCaught " + ctx.channel().isActive());
                }

                @Override
                public void channelInactive(ChannelHandlerContext ctx) {
                    calls.add("channelInactive " + ctx.channel().isActive());
                }
            }).option(ChannelOption.AUTO_READ, false), pipes);
            // Once the server reads, the next read is the client's.
            ReadTest.flushLoop(pipes.accept());
            faulty.arm("readFile", 1, NO_SYSTEM_RESOURCES);
            client.channel.read();
            for (String call : new String[] {"channelReadComplete", "exceptionCaught true", "channelInactive false"}) {
                assertEquals(call, calls.poll(PipeFixture.SECONDS, TimeUnit.SECONDS));
            }
            assertTrue(calls.isEmpty(), calls::toString);
        }
        TestSystem.close(faulty.win32);
    }

    @Test
    void connect_done_isActiveBeforeThePromiseAndThePromiseBeforeChannelActive() throws Exception {
        try (PipeFixture pipes = new PipeFixture(1).serve()) {
            Peer client = new Peer(null);
            client.channel = pipes.clientBootstrap(client).register().sync().channel();
            BlockingQueue<String> seen = new LinkedBlockingQueue<>();
            ChannelPromise promise = client.channel.newPromise();
            promise.addListener(future -> seen.add(client.channel.isActive() + " " + client.events));
            client.channel.connect(pipes.address, promise).sync();
            assertEquals("true []", seen.poll(PipeFixture.SECONDS, TimeUnit.SECONDS));
            ReadTest.flushLoop(client);
            assertEquals("[active]", client.events.toString());
            client.close();
        }
    }

    @Test
    void close_writesUnfinished_isInactiveBeforeTheirPromisesFail() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.serve(pipes.serverBootstrap().childOption(ChannelOption.AUTO_READ, false));
            Peer client = pipes.connect();
            pipes.accept();
            BlockingQueue<String> seen = new LinkedBlockingQueue<>();
            for (int i = 0; i < 2; i++) {
                ChannelFuture write = client.channel.writeAndFlush(PipeFixture.pattern(1 << 20, i));
                write.addListener(future -> seen.add(future.isSuccess() + " " + client.channel.isActive()));
            }
            client.channel.close().sync();
            ReadTest.flushLoop(client);
            assertEquals("[false false, false false]", seen.toString());
        }
    }

    @Test
    void serversConfig_default_acceptsOneInstanceForEachMessage() {
        NamedPipeServerChannel server = new NamedPipeServerChannel();
        assertInstanceOf(ServerChannelRecvByteBufAllocator.class, server.config().getRecvByteBufAllocator());
        assertFalse(server.metadata().hasDisconnect());
        assertTrue(server.config().isAutoRead());
        server.unsafe().closeForcibly();
    }

    private static Channel connect(Bootstrap bootstrap, PipeFixture pipes) throws Exception {
        return bootstrap.connect(pipes.address).sync().channel();
    }

    private static final class AnswersInReadComplete extends ChannelInboundHandlerAdapter {
        @Override
        public boolean isSharable() {
            return true;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ctx.write(msg instanceof PipeMessage ? ((PipeMessage) msg).content() : msg);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
        }
    }

    /** Notes the end of each loop, and leaves the rest to the peer behind it. */
    private static final class ReadCompletes extends ChannelInboundHandlerAdapter {
        private final ChannelHandler next;
        private final List<String> calls;

        ReadCompletes(ChannelHandler next, List<String> calls) {
            this.next = next;
            this.calls = calls;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.pipeline().addLast(next);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            calls.add("channelReadComplete");
            ctx.fireChannelReadComplete();
        }
    }

    /** A fixed buffer, one message in a loop, and a note of each call. */
    private static final class Recording implements RecvByteBufAllocator {
        final List<String> calls = Collections.synchronizedList(new ArrayList<>());

        @Override
        @SuppressWarnings("deprecation")
        public Handle newHandle() {
            ExtendedHandle real = (ExtendedHandle) new FixedRecvByteBufAllocator(16).maxMessagesPerRead(1).newHandle();
            return new ExtendedDelegate(real) {
                @Override
                public ByteBuf allocate(ByteBufAllocator alloc) {
                    calls.add("allocate");
                    return super.allocate(alloc);
                }

                @Override
                public void reset(ChannelConfig config) {
                    calls.add("reset");
                    super.reset(config);
                }

                @Override
                public void incMessagesRead(int count) {
                    calls.add("messages " + count);
                    super.incMessagesRead(count);
                }

                @Override
                public void lastBytesRead(int bytes) {
                    calls.add("last " + bytes);
                    super.lastBytesRead(bytes);
                }

                @Override
                public void attemptedBytesRead(int bytes) {
                    calls.add("attempted " + bytes);
                    super.attemptedBytesRead(bytes);
                }

                @Override
                public boolean continueReading() {
                    calls.add("continue");
                    return super.continueReading();
                }

                @Override
                public void readComplete() {
                    calls.add("readComplete");
                    super.readComplete();
                }
            };
        }
    }

    /** What a channel needs of a handle, and Netty's delegating one does not have. */
    @SuppressWarnings("deprecation")
    private static class ExtendedDelegate extends RecvByteBufAllocator.DelegatingHandle
            implements RecvByteBufAllocator.ExtendedHandle {
        ExtendedDelegate(RecvByteBufAllocator.ExtendedHandle delegate) {
            super(delegate);
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMoreData) {
            return continueReading();
        }
    }
}
