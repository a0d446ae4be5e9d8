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
package io.nettypipe.microbench;

/**
 * What so many connections cost.
 *
 * @param connections    how many there are
 * @param ends           how many ends of them are in this process
 * @param held           what they hold together
 * @param acceptNanos    of the server's event loop, for a client that comes and is closed
 * @param echoNanos      of the server's event loop, for an echo, a hundred connections or all of them busy
 * @param turnNanos      of the server's event loop, for a turn, one connection busy
 * @param echoesPerSecond by the clock, a hundred connections or all of them busy
 * @param callsPerEcho   operations given to the system, and dequeues; NaN where nobody counts
 * @param wineserverNanos of the wineserver, for a client that comes and is closed, for both ends; NaN without one
 * @param wineserver     what the wineserver has in memory for them, in bytes; NaN without one
 */
record ScaleLevel(int connections, int ends, Held held, double acceptNanos, double echoNanos, double turnNanos,
                  double echoesPerSecond, double callsPerEcho, double wineserverNanos,
                  double wineserver) {
    /** From so many on, what they hold tells something: what else comes and goes in a JVM is more than that of few. */
    private static final int ENOUGH = 100;
    /** The same, of a process of which only the pages are counted. */
    private static final int ENOUGH_OF_PAGES = 1000;

    double heapOfEnd() {
        return connections < ENOUGH ? Double.NaN : (double) held.heap() / ends;
    }

    double directOfEnd() {
        return connections < ENOUGH ? Double.NaN : (double) held.direct() / ends;
    }

    double wineserverOfConnection() {
        // What it had before for others it uses again.
        return connections < ENOUGH_OF_PAGES || wineserver <= 0 ? Double.NaN : wineserver / connections;
    }
}
