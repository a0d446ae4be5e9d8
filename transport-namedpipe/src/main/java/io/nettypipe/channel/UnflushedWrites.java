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

import io.netty.channel.ChannelOutboundBuffer;

/**
 * What was not flushed when the output was shut down, and is not to be written any more. {@link ChannelOutboundBuffer}
 * takes messages from its head only; so these wait behind what was flushed, and are failed when their turn comes.
 */
final class UnflushedWrites {
    private int messages;
    /** Without those that were cancelled, which {@code forEachFlushedMessage} leaves out. */
    private int visible;

    /** All that is not flushed at this moment is not to be written; and nothing is added to the buffer any more. */
    void discard(ChannelOutboundBuffer out) {
        int flushed = out.size();
        int visiblyFlushed = visible(out);
        out.addFlush();
        messages = out.size() - flushed;
        visible = visible(out) - visiblyFlushed;
    }

    /** Whether the message at the head, and all behind it, is not to be written. */
    boolean areNext(ChannelOutboundBuffer out) {
        return messages > 0 && out.size() <= messages;
    }

    /** To how many messages {@code forEachFlushedMessage} comes before the first that is not to be written. */
    int flushedBefore(ChannelOutboundBuffer out) {
        return messages == 0 ? Integer.MAX_VALUE : Math.max(visible(out) - visible, 0);
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
