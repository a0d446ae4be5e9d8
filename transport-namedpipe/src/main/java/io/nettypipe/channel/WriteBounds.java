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

import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.nettypipe.iocp.IocpIoOps;
import io.nettypipe.win32.ErrorText;

/**
 * How much one {@code WriteFile} carries, and whether one that the system had no memory for is tried again: with less,
 * where bytes can be cut, and later each time, for about a second.
 */
final class WriteBounds {
    private static final InternalLogger LOGGER = InternalLoggerFactory.getInstance(WriteBounds.class);

    /**
     * The most that goes to a byte-type pipe of this machine, in bytes. The pipe's driver copies the whole of a write
     * into non-paged memory of the kernel, whatever the quota, and keeps it there until the peer has read it all
     * (Microsoft's article Q105531, ReactOS' npfs).
     */
    static final int MOST = 256 * 1024;
    /**
     * The most that goes to a pipe of another machine, in bytes. "WriteFileEx" says 65,535; with that much it fails in
     * practice (Apache Thrift, THRIFT-4898), where this works.
     */
    static final int MOST_REMOTELY = 61_440;
    private static final int LEAST = 4096;
    private static final int TIMES = 10;

    private final NamedPipeChannel channel;
    private int most = MOST;
    private int shortages;

    WriteBounds(NamedPipeChannel channel) {
        this.channel = channel;
    }

    /** How many bytes the next write to a byte-type pipe may have. */
    int length() {
        return Math.min(most, channel.maxMessageLength());
    }

    /** A write was done. */
    void worked() {
        shortages = 0;
        most = Math.min(most * 2, MOST);
    }

    /** Whether a write that failed, and sent nothing, is worth another try after {@link #delayMillis()}. */
    boolean isShortage(IocpIoOps write) {
        if (!PipeErrors.isWriteShortage(write.error()) || write.bytesTransferred() > 0 || shortages == TIMES) {
            return false;
        }
        shortages++;
        most = Math.max(most / 4, LEAST);
        if (LOGGER.isDebugEnabled()) {
            LOGGER.debug("{}: a write is tried again in {} ms: {}", channel, delayMillis(),
                    ErrorText.of(write.error()));
        }
        return true;
    }

    long delayMillis() {
        return 1L << shortages - 1;
    }
}
