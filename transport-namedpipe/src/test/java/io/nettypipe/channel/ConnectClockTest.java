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

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ConnectTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** When an attempt to connect looks again and when it ends, by a clock that the test turns: on the model only. */
class ConnectClockTest {

    @Test
    void absent_whenToWait_looksLessAndLessOften() {
        try (ClockedPipes pipes = new ClockedPipes()) {
            ChannelFuture dial = pipes.dial("nobody", 0, ConnectPolicy.WAIT);
            pipes.pass(1_000);
            assertEquals(List.of(0L, 20L, 60L, 140L, 300L, 550L, 800L), pipes.asked);
            Channel server = pipes.serve("nobody");
            pipes.pass(50);
            assertTrue(dial.isSuccess());
            pipes.closeAll(dial.channel(), server);
        }
    }

    @Test
    void absent_pastTheTimeout_failsThenAndNotBefore() {
        try (ClockedPipes pipes = new ClockedPipes()) {
            ChannelFuture dial = pipes.dial("nobody", 1_000, ConnectPolicy.WAIT);
            pipes.pass(999);
            assertFalse(dial.isDone());
            pipes.pass(1);
            assertInstanceOf(ConnectTimeoutException.class, dial.cause());
            assertFalse(dial.channel().isOpen());
            int before = pipes.asked.size();
            pipes.pass(1_000);
            assertEquals(before, pipes.asked.size());
        }
    }

    @Test
    void busy_anotherClientAlwaysFaster_timeoutIsOverAllWaits() {
        try (ClockedPipes pipes = new ClockedPipes()) {
            // An instance is free for every wait, and taken for every open.
            Channel server = pipes.serve("contended");
            pipes.alwaysBusy = true;
            ChannelFuture dial = pipes.dial("contended", 1_000, ConnectPolicy.WAIT_WHEN_BUSY);
            pipes.pass(999);
            assertFalse(dial.isDone());
            assertTrue(pipes.asked.size() > 100, () -> "asked for " + pipes.asked.size() + " times");
            pipes.pass(1);
            Throwable cause = assertInstanceOf(ConnectTimeoutException.class, dial.cause());
            assertTrue(cause.getMessage().contains("(error 231)"), cause.getMessage());
            pipes.closeAll(server);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5, 50, 87})
    void busy_pipeThatCannotBeWaitedFor_looksLessAndLessOften(int error) {
        try (ClockedPipes pipes = new ClockedPipes()) {
            Channel server = pipes.serve("contained");
            pipes.alwaysBusy = true;
            pipes.waitError = error;
            ChannelFuture dial = pipes.dial("contained", 0, ConnectPolicy.WAIT_WHEN_BUSY);
            pipes.pass(1_000);
            assertEquals(List.of(0L, 20L, 60L, 140L, 300L, 550L, 800L), pipes.asked);
            pipes.alwaysBusy = false;
            pipes.pass(50);
            assertTrue(dial.isSuccess());
            pipes.closeAll(dial.channel(), server);
        }
    }

    @Test
    void absentThenBusyThenAbsent_timeoutIsOverAllWaits() {
        try (ClockedPipes pipes = new ClockedPipes()) {
            ChannelFuture dial = pipes.dial("moody", 2_000, ConnectPolicy.WAIT);
            pipes.pass(500);
            for (int i = 0; i < 3; i++) {
                Channel server = pipes.serve("moody");
                pipes.alwaysBusy = true;
                pipes.pass(300);
                pipes.closeAll(server);
                pipes.alwaysBusy = false;
                pipes.pass(100);
            }
            pipes.pass(299);
            assertFalse(dial.isDone());
            pipes.pass(1);
            assertInstanceOf(ConnectTimeoutException.class, dial.cause());
        }
    }

    @Test
    void gap_ofAPipeThatWasBusy_isBorneForAHundredMilliseconds() {
        try (ClockedPipes pipes = new ClockedPipes()) {
            Channel server = pipes.serve("replaced");
            pipes.alwaysBusy = true;
            ChannelFuture dial = pipes.dial("replaced", 0, ConnectPolicy.WAIT_WHEN_BUSY);
            pipes.pass(10);
            pipes.closeAll(server);
            pipes.alwaysBusy = false;
            pipes.pass(99);
            assertFalse(dial.isDone());
            pipes.pass(30);
            assertTrue(dial.cause().getMessage().contains("no such pipe"), dial.cause()::getMessage);
        }
    }
}
