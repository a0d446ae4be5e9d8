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
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

import java.util.HashMap;
import java.util.Map;

/**
 * One end of a connection in a {@link ScheduleWorld}: numbers and fills what it writes so that whoever receives it
 * knows whose it is and where it belongs, and checks the same of what it receives.
 * <p>
 * Each message begins with a header of two numbers: the writer, and how many messages it wrote before.
 */
final class ScheduleEnd extends ChannelInboundHandlerAdapter {
    private static final int HEADER = 12;
    private static final Map<Integer, ScheduleEnd> BY_NUMBER = new HashMap<>();
    private static int lastNumber;

    Channel channel;
    /** Netty tells a channel that closes between two event loops nothing of it. */
    boolean deregistered;
    private final NamedPipeMode mode;
    private final ByteBufAllocator alloc;
    private final int number = ++lastNumber;
    private int written;
    private int finished;
    private int succeeded;
    private boolean closed;

    private final ByteBuf partial;
    private int received;
    private ScheduleEnd writer;
    private int actives;
    private int inactives;
    private Throwable wrong;

    ScheduleEnd(Channel channel, NamedPipeMode mode, ByteBufAllocator alloc) {
        this.channel = channel;
        this.mode = mode;
        this.alloc = alloc;
        partial = Unpooled.buffer();
        BY_NUMBER.put(number, this);
    }

    static void forgetAll() {
        BY_NUMBER.clear();
        lastNumber = 0;
    }

    void write(int size) {
        int index = written++;
        ByteBuf message = alloc.directBuffer(HEADER + size);
        message.writeInt(number).writeInt(index).writeInt(size);
        for (int i = 0; i < size; i++) {
            message.writeByte(number * 31 + index * 7 + i);
        }
        channel.write(message).addListener(done -> {
            if (index != finished) {
                fail("the promise of write " + index + " came as number " + finished);
            }
            finished++;
            if (done.isSuccess()) {
                if (succeeded != index) {
                    fail("write " + index + " succeeded after one that failed");
                }
                succeeded++;
                if (index % 7 == 3 && channel.isActive()) {
                    // From inside the loop that writes.
                    write(index % 50);
                    channel.flush();
                }
            }
        });
    }

    void close() {
        closed = true;
        channel.close();
    }

    private void fail(String what) {
        if (wrong == null) {
            wrong = new AssertionError(what + ", at end " + number);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        actives++;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        inactives++;
        // Writes that were not flushed stay with the channel until it closes; it has.
        closed = true;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (wrong == null) {
            wrong = cause;
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (inactives > 0) {
            fail("received after the end");
        }
        if (mode == NamedPipeMode.BYTE) {
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
                }
            }
        }
    }

    private void message() {
        int from = partial.readInt();
        int index = partial.readInt();
        int size = partial.readInt();
        if (writer == null) {
            writer = BY_NUMBER.get(from);
        }
        if (writer == null || writer.number != from || index != received) {
            fail("received message " + index + " of end " + from + " as number " + received);
            partial.clear();
            return;
        }
        for (int i = 0; i < size; i++) {
            if (partial.readByte() != (byte) (from * 31 + index * 7 + i)) {
                fail("byte " + i + " of message " + index + " is another's");
            }
        }
        received++;
        partial.discardReadBytes();
    }

    boolean wasActive() {
        return actives > 0;
    }

    /** All is at rest, and everybody reads. */
    void checkDelivered() {
        check();
        if (!closed && writer != null && received < writer.succeeded) {
            fail("received " + received + " of " + writer.succeeded + " messages");
        }
        if (!closed && channel.isActive() && finished != written) {
            ScheduleEnd reader = BY_NUMBER.values().stream().filter(end -> end.writer == this).findAny().orElse(null);
            if (reader != null && !reader.closed) {
                fail("only " + finished + " of " + written + " writes ended although its peer reads");
            }
        }
        check();
    }

    /** All is closed. */
    void checkEnded() {
        check();
        if (channel.isOpen() || channel.isActive()) {
            fail("still open: " + channel);
        }
        if (actives > 1 || inactives > actives || inactives < actives && !deregistered) {
            fail(actives + " times active, " + inactives + " times inactive");
        }
        if (finished != written) {
            fail(finished + " of " + written + " promises are done");
        }
        check();
    }

    private void check() {
        if (wrong != null) {
            throw new AssertionError(wrong.toString(), wrong);
        }
    }
}
