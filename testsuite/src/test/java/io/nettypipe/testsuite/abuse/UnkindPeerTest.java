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
package io.nettypipe.testsuite.abuse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.nettypipe.channel.NamedPipeChannelOption;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.channel.PipeMessage;
import io.nettypipe.testing.Pattern;
import io.nettypipe.testing.WindowsTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Peers that do not read, read slowly, send nothing many times or much at once: memory stays bounded, and another
 * connection to the same server goes on.
 */
@Tag("long")
@WindowsTest
final class UnkindPeerTest {
    private static final int MIB = 1024 * 1024;
    private static final int CHUNK = 16 * 1024;
    /** The default high water mark and what one write adds to it, the pipe's quota, and what the other side needs. */
    private static final long BOUND = 512 * 1024;

    @Test
    @Timeout(60)
    void peerThatNeverReads_isWrittenToUntilUnwritable_andOthersGoOn() throws Exception {
        String figures;
        try (Scene scene = new Scene(NamedPipeMode.BYTE, true)) {
            Channel peer = scene.connectUnkind(false, 0);
            Channel server = scene.servers.poll(Arena.SECONDS, TimeUnit.SECONDS);
            int written = writeUntilUnwritable(scene.arena.accepted, server);
            scene.otherExchanges(200);
            assertFalse(server.isWritable());
            assertTrue(scene.serverMemory() <= BOUND, () -> scene.serverMemory() + " bytes");
            figures = "written=" + written + " serverBytes=" + scene.serverMemory() + " others=200";
            scene.end(peer);
        }
        Arena.report("peer-never-reads " + figures);
    }

    @Test
    @Timeout(60)
    void peerThatReadsAByteAtATime_getsEachInOrder_andOthersGoOn() throws Exception {
        String figures;
        try (Scene scene = new Scene(NamedPipeMode.BYTE, true)) {
            Channel peer = scene.connectUnkind(false, 1);
            Channel server = scene.servers.poll(Arena.SECONDS, TimeUnit.SECONDS);
            writeUntilUnwritable(scene.arena.accepted, server);
            Taker taker = peer.pipeline().get(Taker.class);
            for (int i = 0; i < 50; i++) {
                peer.read();
                Byte one = taker.bytes.poll(Arena.SECONDS, TimeUnit.SECONDS);
                assertNotNull(one, "the byte that was asked for");
                assertEquals(Pattern.at(0, i), one);
                scene.otherExchanges(4);
            }
            assertTrue(taker.bytes.isEmpty(), "a byte that was not asked for");
            assertTrue(scene.serverMemory() <= BOUND, () -> scene.serverMemory() + " bytes");
            figures = "bytes=50 serverBytes=" + scene.serverMemory() + " others=200";
            scene.end(peer);
        }
        Arena.report("peer-reads-slowly " + figures);
    }

    @Test
    @Timeout(60)
    void peerThatSendsFiveThousandEmptyMessages_isHeard_andOthersGoOn() throws Exception {
        sendEmptyMessages(5000);
    }

    @Test
    @Tag("soak")
    @Timeout(600)
    void peerThatSendsAHundredThousandEmptyMessages_isHeard_andOthersGoOn() throws Exception {
        sendEmptyMessages(100_000);
    }

    private static void sendEmptyMessages(int count) throws Exception {
        String figures;
        try (Scene scene = new Scene(NamedPipeMode.MESSAGE, true)) {
            scene.expectMessages(count);
            Channel peer = scene.connectUnkind(true, 0);
            peer.eventLoop().execute(() -> {
                for (int i = 0; i < count; i++) {
                    scene.arena.connected.expect(peer.write(new PipeMessage(Arena.message(peer, 0, 0))));
                }
                peer.flush();
            });
            int others = scene.otherExchangesUntilHeard();
            assertEquals(0, scene.bytes.get());
            assertTrue(scene.mostServerMemory.get() <= BOUND, () -> scene.mostServerMemory + " bytes");
            figures = "messages=" + count + " serverBytes=" + scene.mostServerMemory + " others=" + others
                    + " lost=0 seconds=" + scene.arena.seconds();
            scene.end(peer);
        }
        Arena.report("empty-messages " + figures);
    }

    @Test
    @Timeout(120)
    void peerThatSendsOneHugeMessage_isReadInParts_andOthersGoOn() throws Exception {
        String figures;
        try (Scene scene = new Scene(NamedPipeMode.MESSAGE, true)) {
            scene.expectMessages(1);
            Channel peer = scene.connectUnkind(true, 0);
            ChannelFuture write = scene.arena.connected.expect(peer.writeAndFlush(Arena.message(peer, 64 * MIB, 0)));
            int others = scene.otherExchangesUntilHeard();
            assertTrue(write.await(Arena.SECONDS, TimeUnit.SECONDS) && write.isSuccess());
            assertEquals(64 * MIB, scene.bytes.get());
            long bound = BOUND + scene.servers.peek().config().getOption(NamedPipeChannelOption.MAX_PART_SIZE);
            assertTrue(scene.mostServerMemory.get() <= bound, () -> scene.mostServerMemory + " bytes");
            figures = "bytes=" + scene.bytes + " parts=" + scene.parts + " serverBytes=" + scene.mostServerMemory
                    + " others=" + others + " lost=0 seconds=" + scene.arena.seconds();
            scene.end(peer);
        }
        Arena.report("huge-message " + figures);
    }

    @Test
    @Timeout(60)
    void peerThatWritesToAServerWithoutAutoRead_waits_andNothingIsLost() throws Exception {
        String figures;
        try (Scene scene = new Scene(NamedPipeMode.BYTE, false)) {
            Channel peer = scene.connectUnkind(true, 0);
            Channel server = scene.servers.poll(Arena.SECONDS, TimeUnit.SECONDS);
            int written = writeUntilUnwritable(scene.arena.connected, peer);
            scene.otherExchanges(200);
            assertEquals(0, scene.bytes.get(), "bytes read without a read()");
            long held = scene.serverMemory();
            assertTrue(held <= BOUND, () -> held + " bytes");
            scene.expectBytes(written);
            server.config().setAutoRead(true);
            scene.otherExchangesUntilHeard();
            assertEquals(written, scene.bytes.get());
            figures = "written=" + written + " serverBytes=" + held + " others=200 lost=0";
            scene.end(peer);
        }
        Arena.report("auto-read-off " + figures);
    }

    /** As a handler does that minds {@code isWritable()}. */
    private static int writeUntilUnwritable(Ledger ledger, Channel channel) throws Exception {
        return channel.eventLoop().submit(() -> {
            int written = 0;
            while (channel.isWritable()) {
                ledger.expect(channel.writeAndFlush(Arena.message(channel, CHUNK, 0)));
                written += CHUNK;
            }
            return written;
        }).get(Arena.SECONDS, TimeUnit.SECONDS);
    }

    /** A server with one kind client, which must always get its echo, and an unkind one, which is only listened to. */
    private static final class Scene implements AutoCloseable {
        final Arena arena;
        final BlockingQueue<Channel> servers = new LinkedBlockingQueue<>();
        final AtomicLong bytes = new AtomicLong();
        final AtomicLong parts = new AtomicLong();
        final AtomicLong mostServerMemory = new AtomicLong();
        private final CountDownLatch heard = new CountDownLatch(1);
        private final EchoCaller other;
        private volatile long messagesLeft = Long.MAX_VALUE;
        private volatile long bytesExpected = Long.MAX_VALUE;

        Scene(NamedPipeMode mode, boolean autoRead) throws Exception {
            arena = new Arena(mode);
            other = new EchoCaller(arena, 1000, 1);
            AtomicInteger connections = new AtomicInteger();
            arena.serve(arena.server(
                    () -> connections.getAndIncrement() == 0 ? new Echo() : new Listener(this, autoRead)));
            arena.connect(arena.client(() -> other));
            arena.accepted.awaitActive(1);
        }

        Channel connectUnkind(boolean autoRead, int readSize) {
            var bootstrap = arena.client(Taker::new).option(ChannelOption.AUTO_READ, autoRead);
            return arena.connect(readSize == 0 ? bootstrap
                    : bootstrap.option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(readSize)));
        }

        void expectMessages(long count) {
            messagesLeft = count;
        }

        void expectBytes(long count) {
            bytesExpected = count;
        }

        void otherExchanges(int count) throws InterruptedException {
            assertTrue(other.exchange(count).await(Arena.SECONDS, TimeUnit.SECONDS), "the other connection stands");
        }

        int otherExchangesUntilHeard() throws InterruptedException {
            int count = 0;
            do {
                otherExchanges(10);
                count += 10;
            } while (heard.getCount() > 0);
            return count;
        }

        long serverMemory() {
            return arena.serverMemory.metric().usedDirectMemory();
        }

        void heard(long length, boolean endOfMessage) {
            parts.incrementAndGet();
            bytes.addAndGet(length);
            mostServerMemory.accumulateAndGet(serverMemory(), Math::max);
            if (endOfMessage && --messagesLeft == 0 || bytes.get() == bytesExpected) {
                heard.countDown();
            }
        }

        /** The peer leaves; what was written to it and not read is discarded. */
        void end(Channel peer) throws InterruptedException {
            arena.connected.expect(peer.close()).sync();
            arena.accepted.awaitInactive(1);
        }

        @Override
        public void close() {
            arena.close();
        }
    }

    private static final class Listener extends ChannelInboundHandlerAdapter {
        private final Scene scene;

        private final boolean autoRead;

        Listener(Scene scene, boolean autoRead) {
            this.scene = scene;
            this.autoRead = autoRead;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.channel().config().setAutoRead(autoRead);
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            scene.servers.add(ctx.channel());
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            if (msg instanceof PipeMessage) {
                PipeMessage message = (PipeMessage) msg;
                scene.heard(message.content().readableBytes(), message.isEndOfMessage());
                message.release();
            } else {
                ByteBuf content = (ByteBuf) msg;
                scene.heard(content.readableBytes(), false);
                content.release();
            }
        }
    }

    /** Takes what it reads apart. */
    private static final class Taker extends ChannelInboundHandlerAdapter {
        final BlockingQueue<Byte> bytes = new LinkedBlockingQueue<>();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf content = (ByteBuf) msg;
            for (byte one : ByteBufUtil.getBytes(content)) {
                bytes.add(one);
            }
            content.release();
        }
    }
}
