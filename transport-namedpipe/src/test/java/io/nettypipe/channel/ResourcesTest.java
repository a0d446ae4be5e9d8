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

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.nettypipe.testing.ProcessHandles;
import io.nettypipe.testing.WindowsTest;
import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a server and its event loops took, they give back. */
@WindowsTest
class ResourcesTest {

    @Test
    void serveAndShutDown_manyTimes_handlesMemoryAndThreadsAreBack() throws Exception {
        round();
        round();
        awaitGlobalExecutor();
        Map<String, Integer> handles = ProcessHandles.ofTransport();
        long memory = UnpooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
        try (PipeFixture pipes = new PipeFixture().serve()) {
            pipes.connect();
            assertNotEquals(handles, ProcessHandles.ofTransport(), "one that is open is not counted");
        }
        for (int i = 0; i < 5; i++) {
            round();
        }
        awaitGlobalExecutor();
        assertEquals(memory, UnpooledByteBufAllocator.DEFAULT.metric().usedDirectMemory());
        assertEventLoopsEnd();
        assertEquals(handles, ProcessHandles.ofTransport());
    }

    /** Netty's own thread, which a shutdown starts, and which ends when it has had nothing to do for a second. */
    private static void awaitGlobalExecutor() throws InterruptedException {
        GlobalEventExecutor.INSTANCE.submit(() -> { });
        assertTrue(GlobalEventExecutor.INSTANCE.awaitInactivity(PipeFixture.SECONDS, TimeUnit.SECONDS));
    }

    /** A loop is terminated a moment before its thread is. */
    private static void assertEventLoopsEnd() throws InterruptedException {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().contains("IoEventLoop")) {
                thread.join(TimeUnit.SECONDS.toMillis(PipeFixture.SECONDS));
                assertFalse(thread.isAlive(), thread::getName);
            }
        }
    }

    private static void round() throws Exception {
        try (PipeFixture pipes = new PipeFixture(2).serve()) {
            for (int i = 0; i < 20; i++) {
                Peer client = pipes.connect();
                Peer server = pipes.accept();
                client.send("x").sync();
                assertEquals("x", server.readText(1));
                if (i % 2 == 0) {
                    client.close();
                    server.awaitInactive();
                }
            }
        }
    }
}
