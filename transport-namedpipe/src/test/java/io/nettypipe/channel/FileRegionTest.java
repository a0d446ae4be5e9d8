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
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelProgressiveFuture;
import io.netty.channel.ChannelProgressiveFutureListener;
import io.netty.channel.ChannelProgressivePromise;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.FileRegion;
import io.netty.util.AbstractReferenceCounted;
import io.nettypipe.testing.PipeTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A {@code FileRegion} on a byte-type pipe, which has to be read to be written. */
@PipeTest
class FileRegionTest {

    @Test
    void fileRegion_betweenBuffers_arrivesInOrder(@TempDir Path directory) throws Exception {
        ByteBuf content = PipeFixture.pattern(300_000, 7);
        Path path = Files.write(directory.resolve("file"), ByteBufUtil.getBytes(content));
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = pipes.connect();
            Peer server = pipes.accept();
            client.channel.write(PipeFixture.bytes("before"));
            List<Long> progress = new CopyOnWriteArrayList<>();
            client.channel.write(new DefaultFileRegion(new File(path.toString()), 1000, 200_000),
                    progressTo(progress, client.channel.newProgressivePromise()));
            ChannelFuture last = client.channel.writeAndFlush(PipeFixture.bytes("after"));
            assertEquals("before", server.readText(6));
            ByteBuf received = server.read(200_000);
            assertEquals(content.slice(1000, 200_000), received);
            received.release();
            assertEquals("after", server.readText(5));
            last.sync();
            assertTrue(progress.size() > 1, progress::toString);
            assertEquals(200_000, progress.get(progress.size() - 1));
        }
        content.release();
    }

    @Test
    void fileRegion_withNothingForTheMoment_goesOnWhenThereIsMore() throws Exception {
        try (PipeFixture pipes = new PipeFixture(1).serve()) {
            Peer client = pipes.connect();
            Peer server = pipes.accept();
            Trickle region = new Trickle(4);
            ChannelFuture write = client.channel.write(region);
            ChannelFuture behind = client.channel.writeAndFlush(PipeFixture.bytes("behind"));
            assertEquals("aaaabehind", server.readText(10));
            write.sync();
            behind.sync();
            assertEquals(0, region.refCnt());
        }
    }

    /** Gives a byte only every second time that it is asked. */
    private static final class Trickle extends AbstractReferenceCounted implements FileRegion {
        private final long count;
        private long transferred;
        private boolean ready;

        Trickle(long count) {
            this.count = count;
        }

        @Override
        public long transferTo(WritableByteChannel target, long position) throws IOException {
            ready = !ready;
            int written = ready ? 0 : target.write(ByteBuffer.wrap(new byte[] {'a'}));
            transferred += written;
            return written;
        }

        @Override
        public long position() {
            return 0;
        }

        @Override
        @Deprecated
        public long transfered() {
            return transferred;
        }

        @Override
        public long transferred() {
            return transferred;
        }

        @Override
        public long count() {
            return count;
        }

        @Override
        public FileRegion retain() {
            super.retain();
            return this;
        }

        @Override
        public FileRegion retain(int increment) {
            super.retain(increment);
            return this;
        }

        @Override
        public FileRegion touch() {
            return this;
        }

        @Override
        public FileRegion touch(Object hint) {
            return this;
        }

        @Override
        protected void deallocate() {
            // There is no file.
        }
    }

    @Test
    void fileRegion_beforeTheConnect_failsAsNotConnectedAndOnAMessagePipeAsUnsupported() throws Exception {
        try (PipeFixture pipes = new PipeFixture(1).serveMessages()) {
            Peer client = new Peer(null);
            client.channel = pipes.clientBootstrap(client).register().sync().channel();
            assertInstanceOf(NotYetConnectedException.class,
                    client.channel.writeAndFlush(new Trickle(4)).await().cause());
            Trickle early = new Trickle(4);
            ChannelFuture write = client.channel.write(early);
            client.channel.connect(pipes.address).sync();
            client.channel.flush();
            assertInstanceOf(UnsupportedOperationException.class, write.await().cause());
            assertEquals(0, early.refCnt());
            client.send("on").sync();
            assertEquals("on", pipes.accept().readMessageText());
            client.close();
        }
    }

    private static ChannelPromise progressTo(List<Long> list, ChannelProgressivePromise promise) {
        return promise.addListener(new ChannelProgressiveFutureListener() {
            @Override
            public void operationProgressed(ChannelProgressiveFuture future, long progress, long total) {
                list.add(progress);
            }

            @Override
            public void operationComplete(ChannelProgressiveFuture future) {
                // The last progress is all of it.
            }
        });
    }
}
