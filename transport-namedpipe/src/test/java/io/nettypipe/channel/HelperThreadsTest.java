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

import org.junit.jupiter.api.Test;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class HelperThreadsTest {
    private final AtomicInteger refusals = new AtomicInteger();
    private final HelperThreads helpers = new HelperThreads(call -> {
        if (refusals.getAndDecrement() > 0) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        Thread thread = new Thread(call);
        thread.setDaemon(true);
        return thread;
    }, 2, 1);

    @Test
    void threads_thatCannotBeCreated_takeNothingOfTheHostsShare() throws Exception {
        refusals.set(1);
        assertThrows(OutOfMemoryError.class, () -> helpers.execute("host", () -> { }));
        CountDownLatch ran = new CountDownLatch(1);
        helpers.execute("host", ran::countDown);
        assertTrue(ran.await(30, TimeUnit.SECONDS));
    }

    @Test
    void call_thatWaited_isMadeEvenIfNoThreadCanBeCreated() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch ran = new CountDownLatch(1);
        helpers.execute("host", () -> {
            started.countDown();
            while (goOn.getCount() > 0) {
                Thread.onSpinWait();
            }
        });
        helpers.execute("host", ran::countDown);
        assertTrue(started.await(30, TimeUnit.SECONDS));
        refusals.set(1);
        goOn.countDown();
        assertTrue(ran.await(30, TimeUnit.SECONDS));
    }
}
