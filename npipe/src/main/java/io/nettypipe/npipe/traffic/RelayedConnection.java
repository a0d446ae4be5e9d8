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
package io.nettypipe.npipe.traffic;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** What the two sides of a relayed connection share. Any thread. */
final class RelayedConnection {
    private final Traffic traffic;
    private final Consumer<String> log;
    private final long quietSeconds;
    private final AtomicInteger endedDirections = new AtomicInteger();

    /**
     * Counts it.
     *
     * @param quietSeconds how long one side may say nothing once the other has ended and it cannot be told
     * @param log          told of what goes wrong
     */
    RelayedConnection(Traffic traffic, long quietSeconds, Consumer<String> log) {
        this.traffic = traffic;
        this.quietSeconds = quietSeconds;
        this.log = log;
        traffic.open.incrementAndGet();
        traffic.total.incrementAndGet();
    }

    Traffic traffic() {
        return traffic;
    }

    long quietSeconds() {
        return quietSeconds;
    }

    /** One direction has ended, and who it leads to was told; answers whether both have. */
    boolean directionEnded() {
        return endedDirections.incrementAndGet() == 2;
    }

    void failed(String why) {
        log.accept(why);
    }

    /** The accepted side is closed. */
    void closed() {
        traffic.open.decrementAndGet();
    }
}
