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

import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What a relay has carried. Any thread. */
public final class Traffic {
    final LongAdder sent = new LongAdder();
    final LongAdder received = new LongAdder();
    final AtomicInteger open = new AtomicInteger();
    final AtomicInteger total = new AtomicInteger();

    /** As a line. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%d relayed, %d of them open; %s sent, %s received", total.get(), open.get(),
                amount(sent.sum()), amount(received.sum()));
    }

    /** Bytes as people read them. */
    static String amount(long bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
        double amount = bytes;
        int unit = 0;
        while (amount >= 1024 && unit < units.length - 1) {
            amount /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", amount, units[unit]);
    }
}
