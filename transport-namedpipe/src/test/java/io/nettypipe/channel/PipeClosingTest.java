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

import io.nettypipe.channel.PipeClosing.State;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** The table of the states of a close; what channels make of it is in the tests of closing, lingering and reuse. */
class PipeClosingTest {

    @ParameterizedTest(name = "{0}, outstanding: {1}, {2}, {3} -> {4}")
    @CsvSource({
        // state,         outstanding, left,    handle,  next
        "CANCELLING,      reads,       written, closed,  CANCELLING",
        "CANCELLING,      reads,       unsent,  closed,  CANCELLING",
        "CANCELLING,      writes,      unsent,  closed,  DELIVERING",
        "CANCELLING,      nothing,     written, closed,  DELIVERING",
        "CANCELLING,      nothing,     written, returns, DELIVERING",
        "DELIVERING,      writes,      written, closed,  DELIVERING",
        "DELIVERING,      writes,      unsent,  returns, DELIVERING",
        // It is tried again after a shortage.
        "DELIVERING,      nothing,     unsent,  returns, DELIVERING",
        // A forcible close does not wait for the reads, but the handle does.
        "DELIVERING,      reads,       written, closed,  DELIVERING",
        "DELIVERING,      nothing,     written, closed,  GONE",
        "DELIVERING,      nothing,     written, returns, AWAITING_READER",
        "AWAITING_READER, reads,       written, returns, AWAITING_READER",
        "AWAITING_READER, nothing,     written, returns, GONE",
        "GONE,            nothing,     written, closed,  GONE",
        "GONE,            nothing,     written, returns, GONE"
    })
    void state_inASituation_goesTo(State state, String outstanding, String left, String handle, State next) {
        boolean idle = outstanding.equals("nothing");
        assertEquals(next, state.next(idle || outstanding.equals("writes"), idle, left.equals("written"),
                handle.equals("returns")));
    }
}
