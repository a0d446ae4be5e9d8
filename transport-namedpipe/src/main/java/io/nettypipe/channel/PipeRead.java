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
import io.netty.channel.RecvByteBufAllocator;
import io.nettypipe.iocp.IocpIoCompletion;
import io.nettypipe.iocp.IocpIoOps;
import io.nettypipe.win32.NativeMemory;
import io.nettypipe.win32.PipeFlags;
import io.nettypipe.win32.Win32Error;

/**
 * One read after another, each into a buffer of its own. With {@link NamedPipeChannelOption#ZERO_BYTE_READ} a read
 * whose data may not be there yet waits for it without the buffer.
 * <p>
 * On a byte-type pipe it waits with a read of no bytes, which takes nothing and ends when there is data. On a
 * message-type pipe such a read is ended by an empty message as well, and systems differ in whether it takes that
 * message. There it waits with a read of one byte, which ends in the same way everywhere: the byte is put before
 * what is read next, and no byte is the empty message.
 */
final class PipeRead implements IocpIoCompletion {
    private static final int STATUS_BLOCK_SIZE = 16;
    private static final int INFORMATION_SIZE = 40;
    private static final int READ_DATA_AVAILABLE = STATUS_BLOCK_SIZE + 20;

    private final NamedPipeChannel channel;
    private final ReadLoop loop;
    private final IocpIoOps read = IocpIoOps.read(this);
    private boolean waiting;
    /** Where the first byte of a message-type pipe is waited for. */
    private NativeMemory oneByte;
    private ByteBuf buffer;
    /** Where the system answers how much there is to read. */
    private NativeMemory answer;
    /** The buffer was sized by that answer, which counts the messages behind this one as well. */
    private boolean sizedByAnswer;
    /** How many bytes the buffer had from the wait, before what is being read; 0 or 1. */
    private int before;
    private int error;
    private int bytesTransferred;

    PipeRead(NamedPipeChannel channel, ReadLoop loop) {
        this.channel = channel;
        this.loop = loop;
    }

    /** Starts the next. Returns whether it ended at once. */
    boolean start() throws NamedPipeException {
        channel.beforeRead();
        if (isMoreData()) {
            return startInto(allocateForRest(), 0);
        }
        if (!channel.config().isZeroByteRead()) {
            return startInto(allocate(), 0);
        }
        waiting = true;
        int length = 0;
        long address = 0;
        if (channel.keepsBoundaries()) {
            if (oneByte == null) {
                oneByte = new NativeMemory(1, 1);
            }
            length = 1;
            address = oneByte.address();
        }
        return !channel.file().submit(read, address, length) && waited();
    }

    /** Returns whether the read has ended with the wait. */
    private boolean waited() {
        waiting = false;
        boolean received = read.error() == Win32Error.ERROR_SUCCESS || read.isMoreData();
        boolean mayGoOn = channel.canSubmit();
        if (!received) {
            end(0);
            return true;
        }
        if (!channel.keepsBoundaries()) {
            if (mayGoOn) {
                return startInto(allocate(), 0);
            }
            // Nothing was taken: as if it had been cancelled.
            error = Win32Error.ERROR_OPERATION_ABORTED;
            bytesTransferred = 0;
            return true;
        }
        buffer = allocate();
        if (read.bytesTransferred() == 0) {
            end(0);
            return true;
        }
        buffer.setByte(buffer.writerIndex(), oneByte.view().get(0));
        // A message of one byte is whole; of bytes more may be there, but need not.
        boolean more = mayGoOn
                && (read.isMoreData() || channel.readMode() == NamedPipeMode.BYTE && available() > 0);
        if (!more || buffer.writableBytes() == 1) {
            end(0);
            return true;
        }
        return startInto(buffer, 1);
    }

    /** How many bytes there are to read, of this message and those behind it; 0 if the system does not tell. */
    private int available() {
        if (answer == null) {
            answer = new NativeMemory(STATUS_BLOCK_SIZE + INFORMATION_SIZE, 8);
        }
        int failure = channel.win32().queryInformationFile(channel.handle(), PipeFlags.FILE_PIPE_LOCAL_INFORMATION,
                answer.address(), INFORMATION_SIZE);
        int available = failure == Win32Error.ERROR_SUCCESS ? answer.view().getInt(READ_DATA_AVAILABLE) : 0;
        // An unsigned number.
        return available < 0 ? Integer.MAX_VALUE : available;
    }

    private boolean startInto(ByteBuf target, int alreadyThere) {
        buffer = target;
        before = alreadyThere;
        long address = NativeMemory.address(target, target.writerIndex() + alreadyThere);
        int length = target.writableBytes() - alreadyThere;
        if (channel.file().submit(read, address, length)) {
            return false;
        }
        end(alreadyThere);
        return true;
    }

    private void end(int alreadyThere) {
        error = read.error();
        bytesTransferred = alreadyThere + read.bytesTransferred();
        before = 0;
        if (sizedByAnswer) {
            sizedByAnswer = false;
            fitBuffer();
        }
        if (alreadyThere > 0 && error != Win32Error.ERROR_SUCCESS && !isMoreData()) {
            // The byte that the wait took is delivered all the same; the next read meets what is wrong, if it is still.
            error = channel.readMode() == NamedPipeMode.MESSAGE ? Win32Error.ERROR_MORE_DATA : Win32Error.ERROR_SUCCESS;
            bytesTransferred = alreadyThere;
        }
    }

    @Override
    public void completed(IocpIoOps ops) {
        try {
            if (waiting) {
                if (!waited()) {
                    return;
                }
            } else {
                end(before);
            }
        } catch (Throwable t) {
            loop.readFailed(t);
            return;
        }
        loop.readEnded();
    }

    /** The system writes into it, so it must be direct and one piece, whatever the allocator prefers. */
    private ByteBuf allocate() {
        RecvByteBufAllocator.ExtendedHandle handle = channel.pipeUnsafe().recvHandle();
        ByteBuf allocated = handle.allocate(channel.alloc());
        if (allocated.isDirect() && allocated.nioBufferCount() == 1 && allocated.isWritable()) {
            return allocated;
        }
        allocated.release();
        return channel.alloc().directBuffer(Math.max(handle.guess(), 1));
    }

    /**
     * For the rest of a message of which a part was read, which is there: the whole of it where that can be, because
     * Windows brings each part but the last by the port. What the system tells is an upper bound, and never waits, as
     * "NtQueryInformationFile" of an asynchronous handle; the length of the first message alone tells FSCTL_PIPE_PEEK
     * ("PeekNamedPipe"), which may end by a packet, or be waited for on a handle that is not signalled here.
     */
    private ByteBuf allocateForRest() {
        // A pipe of another machine would be asked through the network.
        boolean ask = channel.readMode() == NamedPipeMode.MESSAGE && channel.isOfThisMachine();
        int most = ask ? channel.config().getOption(NamedPipeChannelOption.MAX_PART_SIZE) : 0;
        int guess = channel.pipeUnsafe().recvHandle().guess();
        int size = most > guess ? Math.min(available(), most) : 0;
        if (size <= guess) {
            return allocate();
        }
        ByteBuf allocated = channel.alloc().directBuffer(size);
        sizedByAnswer = true;
        return allocated;
    }

    /** Who keeps what was received keeps no more than twice its size. */
    private void fitBuffer() {
        if (bytesTransferred > 0 && bytesTransferred < buffer.capacity() / 2) {
            ByteBuf large = buffer;
            buffer = channel.alloc().directBuffer(bytesTransferred).setBytes(0, large, 0, bytesTransferred);
            large.release();
        }
    }

    boolean isOutstanding() {
        return read.isOutstanding();
    }

    /** The Win32 error of the last one that ended. */
    int error() {
        return error;
    }

    /** How many bytes the last one read. */
    int bytesTransferred() {
        return bytesTransferred;
    }

    /** Whether the last one read a part of a message of which more is to come. */
    boolean isMoreData() {
        return error == Win32Error.ERROR_MORE_DATA;
    }

    /** Hands over the buffer of the one that ended, before which the writer index is. */
    ByteBuf take() {
        ByteBuf taken = buffer;
        buffer = null;
        return taken;
    }

    /** Releases the buffer, if there is one; the system must not have it. */
    void discard() {
        sizedByAnswer = false;
        if (buffer != null) {
            buffer.release();
            buffer = null;
        }
    }

    /** Frees what it needed beside the buffers; nothing is outstanding, and nothing will be. */
    void close() {
        if (oneByte != null) {
            oneByte.close();
            oneByte = null;
        }
        if (answer != null) {
            answer.close();
            answer = null;
        }
    }
}
