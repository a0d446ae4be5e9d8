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
package io.nettypipe.microbench.race;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * A server that may take part.
 *
 * @param id      what {@code --only} calls it
 * @param title   what the tables call it
 * @param ours    whether it is this project's
 * @param warm    whether its code is compiled while it runs, so that it needs a warm-up
 * @param loads   what it can be loaded with
 * @param command what starts it, at an address
 * @param missing why it cannot take part, or null
 */
record Contestant(String id, String title, boolean ours, boolean warm, Set<Load> loads,
                  Function<String, List<String>> command, String missing) {
    /** What a server does for echoes alone, where another one of the same kind has the other loads. */
    static final Set<Load> ECHOES = EnumSet.range(Load.ONE, Load.LARGE);
    static final Set<Load> ALL = EnumSet.allOf(Load.class);
    /** What a server does that knows no messages. */
    static final Set<Load> STREAMS = EnumSet.complementOf(EnumSet.of(Load.MESSAGES, Load.LONG_MESSAGES));

    boolean isTcp() {
        return id.equals("nio");
    }
}
