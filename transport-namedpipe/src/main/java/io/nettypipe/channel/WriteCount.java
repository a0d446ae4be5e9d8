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

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;

/**
 * Counts the messages that left the outbound buffer, and knows the last that is to be written. {@link
 * ChannelOutboundBuffer} takes messages from its head only; so those that came too late wait behind what is still
 * written, and fail when their turn comes.
 */
final class WriteCount {
    private long taken;
    /** Without those that were cancelled, which {@code forEachFlushedMessage} leaves out. */
    private long visiblyTaken;
    private long last = Long.MAX_VALUE;
    private long lastVisible = Long.MAX_VALUE;

    /** The message at the head is about to leave the buffer, written or failed. */
    void take(ChannelOutboundBuffer out) {
        taken++;
        // What Netty puts in the place of a cancelled write; nobody else's is (OutboundMessages).
        if (out.current() != Unpooled.EMPTY_BUFFER) {
            visiblyTaken++;
        }
    }

    /** How many left, since the channel was made. */
    long taken() {
        return taken;
    }

    /** What is not flushed at this moment is not to be written, nor what comes later; the turn of both comes. */
    void end(ChannelOutboundBuffer out) {
        last = taken + out.size();
        lastVisible = visiblyTaken + visible(out);
        out.addFlush();
    }

    /** Whether the message at the head, and all behind it, is not to be written. */
    boolean isAtEnd() {
        return taken >= last;
    }

    /** To how many messages {@code forEachFlushedMessage} comes before the first that is not to be written. */
    long visiblyLeft() {
        return lastVisible - visiblyTaken;
    }

    private static int visible(ChannelOutboundBuffer out) {
        int[] count = {0};
        try {
            out.forEachFlushedMessage(message -> {
                count[0]++;
                return true;
            });
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return count[0];
    }
}
