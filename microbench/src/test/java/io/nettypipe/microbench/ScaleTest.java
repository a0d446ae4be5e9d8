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

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.util.ResourceLeakDetector;
import io.nettypipe.channel.CountingWin32;
import io.nettypipe.testing.PipeTest;
import io.nettypipe.testing.ProcessHandles;
import io.nettypipe.win32.model.ModelWin32;
import io.nettypipe.win32.model.TestSystem;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.concurrent.ExecutorService;
import java.util.function.ToDoubleFunction;

/** Nothing of a connection grows with the number of connections: the curves of docs/performance.md, but the times. */
@Tag("long")
@PipeTest
class ScaleTest {
    private static final int FEW = 100;
    private static final int MANY = 1000;
    private static final int BUSY = 10;
    private static final int MESSAGES = 100;
    private static final int VISITS = 4;

    @Test
    @Timeout(120)
    void connection_amongMany_takesAsManyCallsAndHandlesAsAmongFew() throws Exception {
        CountingWin32 calls = new CountingWin32();
        try (PipeCrowd crowd = new PipeCrowd(calls.win32, calls.target)) {
            Cost amongFew = new Cost(crowd, FEW, calls);
            Cost amongMany = new Cost(crowd, MANY, calls);
            System.out.println("Among " + FEW + ": " + amongFew + "; among " + MANY + ": " + amongMany);
            int echoes = BUSY * MESSAGES;
            assertEquals(2 * (MANY - FEW), amongMany.handles - amongFew.handles);
            assertEquals(amongFew.reads, amongMany.reads, BUSY);
            assertEquals(amongFew.writes, amongMany.writes, 1);
            assertTrue(amongMany.dequeues <= echoes + BUSY, amongMany::toString);
            assertEquals(amongMany.reads + amongMany.writes + amongMany.dequeues, amongMany.calls, BUSY);
            assertTrue(amongMany.callsOfVisits <= amongFew.callsOfVisits * 1.25, amongMany::toString);
        }
        TestSystem.close(calls.target);
    }

    @Test
    @Timeout(120)
    void end_amongEightThousand_holdsNoMoreMemoryThanAmongAThousand() throws Exception {
        ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
        // Its records would be most of what is counted.
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        ExecutorService loopThread = new LoopThreads(1, "loop");
        try {
            InstantCrowd crowd = new InstantCrowd(0);
            // What the allocator keeps of these for the next ones would be missing there.
            loopThread.submit(() -> crowd.measure(FEW, BUSY)).get();
            ScaleLevel few = loopThread.submit(() -> crowd.measure(MANY, BUSY)).get();
            ScaleLevel many = loopThread.submit(() -> crowd.measure(8 * MANY, BUSY)).get();
            assertNoMore(few, many, ScaleLevel::heapOfEnd);
            assertNoMore(few, many, ScaleLevel::directOfEnd);
        } finally {
            loopThread.shutdown();
            ResourceLeakDetector.setLevel(level);
        }
    }

    private static void assertNoMore(ScaleLevel few, ScaleLevel many, ToDoubleFunction<ScaleLevel> value) {
        assertTrue(value.applyAsDouble(many) < value.applyAsDouble(few) * 1.1, () -> few + ", then " + many);
    }

    /** What the server does for echoes and for clients that come and leave, counted. */
    private static final class Cost {
        final int handles;
        final long reads;
        final long writes;
        final long dequeues;
        final long calls;
        final long callsOfVisits;

        Cost(PipeCrowd crowd, int connections, CountingWin32 counting) throws Exception {
            crowd.grow(connections);
            handles = counting.target instanceof ModelWin32 model ? model.openHandles().size()
                    : ProcessHandles.ofTransport().get("File");
            crowd.echoes(BUSY, MESSAGES);
            counting.reset();
            crowd.echoes(BUSY, MESSAGES);
            reads = counting.count("readFile");
            writes = counting.count("writeFile");
            dequeues = counting.count("getQueuedCompletionStatusEx");
            calls = counting.total();
            crowd.visit();
            counting.reset();
            for (int i = 0; i < VISITS; i++) {
                crowd.visit();
            }
            callsOfVisits = counting.total() - counting.count("getQueuedCompletionStatusEx");
        }

        @Override
        public String toString() {
            return handles + " handles; for echoes " + reads + " reads, " + writes + " writes, " + dequeues
                    + " dequeues, " + calls + " calls; for visits " + callsOfVisits + " calls";
        }
    }
}
