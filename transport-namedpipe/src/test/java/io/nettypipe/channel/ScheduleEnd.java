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
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.Future;

import java.util.ArrayList;
import java.util.List;

/**
 * One end of a connection in a {@link ScheduleWorld}: numbers and fills what it writes so that whoever receives it
 * knows whose it is and where it belongs, and checks the same of what it receives.
 * <p>
 * Each message begins with a header of two numbers: the writer, and how many messages it wrote before. Only an empty
 * message has none.
 */
final class ScheduleEnd extends ChannelDuplexHandler {
    private static final int HEADER = 12;
    private static final int EMPTY = -1;
    private static final int CANCELLED = -2;

    final ScheduleWorld world;
    final int number;
    volatile Channel channel;
    /** Netty tells a channel that closes between two event loops nothing of it. */
    boolean deregistered;
    /** It came to another event loop; a promise that was made before is told of its end in the old one. */
    boolean moved;
    /** It is between two event loops, when nobody may use it. */
    boolean moving;
    /** Whether anybody asked it to close, or to end its event loop. */
    boolean closeAsked;
    private long handle;

    /** For each message that was written, its size. */
    private final List<Integer> sizes = new ArrayList<>();
    private int asked;
    private int answered;
    private int succeeded;
    private int lastAnswered = -1;
    private boolean failed;
    private int flushed;
    /** How many messages had been flushed when it began to close, {@code -1} before that. */
    private int flushedAtClose = -1;

    private final ByteBuf partial = Unpooled.buffer();
    private int nextIndex;
    private int received;
    private boolean readAsked;
    private int actives;
    private int inactives;

    ScheduleEnd(ScheduleWorld world, int number) {
        this.world = world;
        this.number = number;
    }

    void fail(String what) {
        world.wrong(new AssertionError(what + ", at end " + number));
    }

    // What it writes

    final class Message {
        final boolean empty;
        final int size;
        int index = -1;
        ChannelFuture written;
        private boolean cancelled;

        Message(boolean empty, int size) {
            this.empty = empty;
            this.size = size;
        }

        /** Cancels the write, if it was not flushed. Others may run before this returns, so they know it already. */
        void cancel() {
            cancelled = true;
            int known = index < 0 ? 0 : sizes.set(index, CANCELLED);
            if (!written.cancel(false)) {
                cancelled = false;
                if (index >= 0) {
                    sizes.set(index, known);
                }
            }
        }
    }

    /** Writes a message of {@code size} bytes beside its header, or an empty one. */
    Message write(int size, boolean empty) {
        asked++;
        Message message = new Message(empty, size);
        message.written = channel.write(message).addListener(done -> answered(message, done));
        return message;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        Message message = (Message) msg;
        message.index = sizes.size();
        boolean empty = message.empty && world.mode == NamedPipeMode.MESSAGE && message.index > 0;
        sizes.add(message.cancelled ? CANCELLED : empty ? EMPTY : message.size);
        ByteBuf content = world.allocator.directBuffer(HEADER + message.size);
        if (!empty) {
            content.writeInt(number).writeInt(message.index).writeInt(message.size);
            for (int i = 0; i < message.size; i++) {
                content.writeByte(number * 31 + message.index * 7 + i);
            }
        }
        ctx.write(empty ? new PipeMessage(content) : content, promise);
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        if (!((NamedPipeChannel) channel).isClosing()) {
            flushed = sizes.size();
        }
        ctx.flush();
    }

    private void answered(Message message, Future<?> done) {
        answered++;
        if (done.isCancelled()) {
            return;
        }
        if (message.index < 0) {
            // It never came to its channel.
            failed = true;
            return;
        }
        if (message.index < lastAnswered && !moved) {
            fail("the promise of write " + message.index + " came after that of " + lastAnswered);
        }
        lastAnswered = message.index;
        if (!done.isSuccess()) {
            failed = true;
            return;
        }
        if (failed && !moved) {
            fail("write " + message.index + " succeeded after one that failed");
        }
        succeeded++;
        if (message.index % 7 == 3 && channel.isActive()) {
            // From inside the loop that writes.
            write(message.index % 50, false);
            channel.flush();
        }
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (flushedAtClose < 0) {
            flushedAtClose = failed || deregistered || !channel.isActive() ? 0 : flushed;
        }
        ctx.close(promise);
    }

    void close() {
        closeAsked = true;
        world.begun(channel.close());
    }

    // What it receives

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
        channel.closeFuture().addListener(done -> {
            if (world.watch.outstandingReads(handle) > 0) {
                fail("the close is done before the read that it cancelled");
            }
        });
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        actives++;
        handle = ((NamedPipeChannel) channel).handle();
        world.isAt(handle, this);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        inactives++;
        if (closeAsked || world.isUnruly()) {
            return;
        }
        if (!world.watch.isPeerGone(handle)) {
            fail("the end of the stream came, and the peer is there");
        }
        checkReceivedAll();
    }

    /** The peer is gone, and nobody asked this end to close: what the peer flushed must have come. */
    private void checkReceivedAll() {
        ScheduleEnd peer = peer();
        if (peer == null) {
            return;
        }
        int expected = Math.max(peer.succeeded, peer.countOf(peer.flushedAtClose));
        if (received < expected) {
            fail("the end of the stream came after " + received + " of " + expected + " messages");
        }
    }

    private int countOf(int end) {
        int count = 0;
        for (int i = 0; i < end; i++) {
            count += sizes.get(i) == CANCELLED ? 0 : 1;
        }
        return count;
    }

    private ScheduleEnd peer() {
        return world.at(world.watch.peerOf(handle));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        world.wrong(cause);
    }

    @Override
    public void read(ChannelHandlerContext ctx) {
        readAsked = true;
        ctx.read();
    }

    /** Stops or starts to read by itself, in the event loop. */
    void toggleAutoRead() {
        boolean now = !channel.config().isAutoRead();
        channel.config().setAutoRead(now);
        if (!now && channel.eventLoop().inEventLoop()) {
            readAsked = false;
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        readAsked = false;
        if (inactives > 0) {
            fail("a read completed after the end");
        }
        ctx.fireChannelReadComplete();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (inactives > 0) {
            fail("received after the end");
        }
        if (!readAsked) {
            fail("received what nobody asked for");
        }
        if (world.mode == NamedPipeMode.BYTE) {
            ByteBuf bytes = (ByteBuf) msg;
            partial.writeBytes(bytes);
            bytes.release();
            while (partial.readableBytes() >= HEADER
                    && partial.readableBytes() >= HEADER + partial.getInt(partial.readerIndex() + 8)) {
                message();
            }
        } else {
            PipeMessage part = (PipeMessage) msg;
            partial.writeBytes(part.content());
            part.release();
            if (part.isEndOfMessage()) {
                message();
                if (partial.isReadable()) {
                    fail("a message has " + partial.readableBytes() + " bytes too many");
                    partial.clear();
                }
            }
        }
    }

    private void message() {
        ScheduleEnd writer = peer();
        while (writer != null && nextIndex < writer.sizes.size() && writer.sizes.get(nextIndex) == CANCELLED) {
            nextIndex++;
        }
        if (writer == null || nextIndex >= writer.sizes.size()) {
            fail("received a message that nobody wrote");
            partial.clear();
            return;
        }
        int index = nextIndex++;
        received++;
        int size = writer.sizes.get(index);
        if (size == EMPTY && !partial.isReadable()) {
            return;
        }
        if (partial.readableBytes() < HEADER) {
            fail("message " + index + " has " + partial.readableBytes() + " bytes instead of " + size);
            partial.clear();
            return;
        }
        int number = partial.readInt();
        int read = partial.readInt();
        int length = partial.readInt();
        if (number != writer.number || read != index || length != size) {
            fail("received message " + read + " of end " + number + ", " + length + " bytes, in place of " + index
                    + " of end " + writer.number + ", which wrote " + writer.sizes);
            partial.clear();
            return;
        }
        for (int i = 0; i < Math.min(size, partial.capacity()) && partial.isReadable(); i++) {
            if (partial.readByte() != (byte) (writer.number * 31 + index * 7 + i)) {
                fail("byte " + i + " of message " + index + " is another's");
            }
        }
        partial.discardReadBytes();
    }

    // How it ends

    boolean wasActive() {
        return actives > 0;
    }

    /** All is at rest, and everybody reads. */
    void checkDelivered() {
        if (!wasActive() || closeAsked) {
            return;
        }
        ScheduleEnd peer = peer();
        if (channel.isActive() && channel.isRegistered()) {
            if (world.watch.isPeerGone(handle)) {
                fail("the end of the stream never came");
            }
            if (peer != null && received < peer.succeeded) {
                fail("received " + received + " of " + peer.succeeded + " messages");
            }
            if (peer != null && !peer.closeAsked && flushed > 0 && answered < flushed) {
                fail("only " + answered + " of " + flushed + " writes ended although the peer reads");
            }
        }
    }

    /** It left its event loop. */
    void checkLeft() {
        if (!channel.isRegistered() && world.watch.outstanding(handle) > 0) {
            fail("it left its event loop with operations outstanding");
        }
    }

    /** All is closed. */
    void checkEnded() {
        if (channel == null) {
            return;
        }
        if (channel.isOpen() || channel.isActive()) {
            fail("still open: " + channel);
        }
        if (actives > 1 || inactives > actives || inactives < actives && !deregistered) {
            fail(actives + " times active, " + inactives + " times inactive");
        }
        if (answered != asked) {
            fail(answered + " of " + asked + " promises are done");
        }
    }
}
