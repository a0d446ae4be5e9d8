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

import java.util.HashMap;
import java.util.Map;

/** What the client saw in one turn. */
final class Turn {
    private final Map<String, Double> values = new HashMap<>();

    /** Of the line that {@code client.c} prints, after its {@code status=ok}. */
    Turn(String line) {
        for (String pair : line.split(" ")) {
            int equals = pair.indexOf('=');
            values.put(pair.substring(0, equals), Double.valueOf(pair.substring(equals + 1)));
        }
    }

    double count() {
        return values.get("count");
    }

    double perSecond(Load.Kind kind) {
        return count() / kind.unit * 1e9 / values.get("nanos");
    }

    /** {@code peak}: the most of the server that was ever in memory; {@code private}: what only it has; MiB. */
    double mebibytes(String what) {
        return values.get(what) / 1024;
    }

    /** Nanoseconds, KiB or a number, as the client calls it. */
    double value(String what) {
        return values.get(what);
    }
}
