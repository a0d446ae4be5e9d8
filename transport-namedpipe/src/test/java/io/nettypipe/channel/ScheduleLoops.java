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

import io.netty.channel.EventLoop;

import java.util.Random;

/** The event loops of a {@link ScheduleWorld}, and who acts beside them. */
interface ScheduleLoops {
    int count();

    /** One of the loops. */
    EventLoop any(Random random);

    /** Does {@code steps} things at random, by the loops' threads or by others, and lets the loops run between. */
    void play(int steps, Runnable step);

    /** Lets the loops run until they have nothing more to do. */
    void rest();

    /**
     * Asks every loop to end, and lets them run until they have.
     *
     * @param step what others do meanwhile, or {@code null}
     */
    void end(Runnable step);

    /** Whether all loops were asked to end already. */
    boolean isEnding();

    /** Ends the threads of a schedule that failed. */
    void abandon();
}
