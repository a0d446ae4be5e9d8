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

import com.sun.jna.Native;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.win32.StdCallLibrary;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.nettypipe.testing.WindowsTest;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a server and its event loops took, they give back. */
@WindowsTest
class ResourcesTest {

    /** {@code GetProcessHandleCount}, which the transport itself has no use for. */
    interface Kernel32 extends StdCallLibrary {
        Kernel32 INSTANCE = Native.load("kernel32", Kernel32.class);

        long GetCurrentProcess();

        int GetProcessHandleCount(long process, IntByReference count);
    }

    @Test
    void serveAndShutDown_manyTimes_handlesMemoryAndThreadsAreBack() throws Exception {
        round();
        round();
        int handles = handles();
        long memory = UnpooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
        int threads = Thread.activeCount();
        for (int i = 0; i < 5; i++) {
            round();
        }
        assertEquals(memory, UnpooledByteBufAllocator.DEFAULT.metric().usedDirectMemory());
        assertTrue(Thread.activeCount() <= threads, () -> Thread.activeCount() + " threads, were " + threads);
        // The JVM itself opens and closes a few; a transport that lost one a connection would have lost a hundred.
        assertTrue(handles() <= handles + 15, () -> handles() + " handles, were " + handles);
    }

    private static int handles() {
        IntByReference count = new IntByReference();
        Kernel32.INSTANCE.GetProcessHandleCount(Kernel32.INSTANCE.GetCurrentProcess(), count);
        return count.getValue();
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
