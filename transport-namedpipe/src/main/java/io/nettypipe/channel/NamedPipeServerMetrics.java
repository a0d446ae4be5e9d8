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

import io.nettypipe.iocp.IocpIoHandlerFactory;

import java.util.concurrent.atomic.LongAdder;

/**
 * What one {@link NamedPipeServerChannel} has done, and what is left of it. Each getter may be called by any thread,
 * takes no lock, and says nothing of how it relates to the others. What the event loops count is {@link
 * IocpIoHandlerFactory#metrics()}.
 */
public final class NamedPipeServerMetrics {
    private final LongAdder accepted = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder retried = new LongAdder();
    private final LongAdder lingering = new LongAdder();

    NamedPipeServerMetrics() {
    }

    /** How many clients were accepted. */
    public long acceptedChannels() {
        return accepted.sum();
    }

    /**
     * How many times the system refused the bound server an instance, or to let one listen, for any reason; among them
     * is that the name has as many as its first server allowed ({@code ERROR_PIPE_BUSY}). An instance that an accepted
     * channel could not replace counts when the server tries to.
     */
    public long refusedCalls() {
        return refused.sum();
    }

    /** How many times the server tried again after that; once for all that was refused until then. */
    public long retries() {
        return retried.sum();
    }

    /**
     * How many accepted channels are closed now whose handles still deliver what was flushed, or wait until the client
     * has read that ({@link io.netty.channel.ChannelOption#SO_LINGER}).
     */
    public long lingeringChannels() {
        return lingering.sum();
    }

    void accepted() {
        accepted.increment();
    }

    void refused() {
        refused.increment();
    }

    void retried() {
        retried.increment();
    }

    void lingering(int more) {
        lingering.add(more);
    }

    @Override
    public String toString() {
        return "NamedPipeServerMetrics(accepted: " + accepted + ", refused: " + refused + ", retried: " + retried
                + ", lingering: " + lingering + ')';
    }
}
