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
package io.nettypipe.win32;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the transport needs of completion ports, on the real system and on the model of it. */
class CompletionPortContractTest extends ContractTest {
    private static final long NO_HANDLE = 0x7ffffff0;

    @Test
    void port_empty_timesOut() {
        assertEquals(Win32Error.WAIT_TIMEOUT, rig.dequeue(0));
        assertEquals(Win32Error.WAIT_TIMEOUT, rig.dequeue(5));
    }

    @Test
    void packets_posted_areDequeuedOnceWithTheirKeys() {
        Set<Long> keys = new HashSet<>();
        for (long key = 0; key < 10; key++) {
            assertEquals(Win32Error.ERROR_SUCCESS, rig.win32.postQueuedCompletionStatus(rig.port, key));
        }
        while (keys.size() < 10) {
            if (rig.dequeue(100) == Win32Error.ERROR_SUCCESS) {
                for (int i = 0; i < rig.removed(); i++) {
                    assertTrue(keys.add(rig.key(i)));
                    assertEquals(0, rig.overlapped(i));
                }
            }
        }
        assertEquals(Win32Error.WAIT_TIMEOUT, rig.dequeue(0));
    }

    @Test
    void packet_postedByAnotherThread_endsAWaitForEver() throws InterruptedException {
        Thread poster = new Thread(() -> rig.win32.postQueuedCompletionStatus(rig.port, 7));
        poster.start();
        assertEquals(Win32Error.ERROR_SUCCESS, rig.dequeue(-1));
        poster.join();
        assertEquals(7, rig.key(0));
    }

    @Test
    @Fact("F092")
    void handle_thatHasAPort_canJoinNone() {
        long[] pair = rig.pair(0);
        long other = rig.own(rig.win32.createCompletionPort());
        assertEquals(Win32Error.ERROR_INVALID_PARAMETER, rig.win32.associate(pair[0], rig.port, 1));
        assertEquals(Win32Error.ERROR_INVALID_PARAMETER, rig.win32.associate(pair[0], other, 1));
    }

    @Test
    @Fact("F094")
    void handle_thatLeftItsPort_canJoinAnotherWhereTheSystemKnowsHow() {
        long[] pair = rig.pair(0);
        long other = rig.own(rig.win32.createCompletionPort());
        if (answers("F094", rig.leave(pair[0]), Win32Error.ERROR_SUCCESS)) {
            assertEquals(Win32Error.ERROR_SUCCESS, rig.win32.associate(pair[0], other, 1));
        }
    }

    @Test
    @Fact("F095")
    void handle_leavingItsPortWhileAReadWaits_isRefused() {
        long[] pair = rig.pair(0);
        Rig.Op read = rig.read(pair[0], 10);
        rig.violates();
        assertNotEquals(Win32Error.ERROR_SUCCESS, rig.leave(pair[0]));
        assertEquals(0, rig.end(rig.write(pair[1], "x")).error);
        assertEquals("x", rig.end(read).text());
    }

    @Test
    @Fact("F202")
    void handle_thatJoinsAPortWhileAReadWaits_hasThePacketThere() {
        long[] pair = {rig.server(0), rig.client()};
        Rig.Op read = rig.read(pair[0], 10);
        assertEquals(Win32Error.ERROR_IO_PENDING, read.answer);
        rig.join(pair[0]);
        assertEquals(Win32Error.ERROR_SUCCESS, rig.end(rig.write(pair[1], "x")).error);
        assertEquals("x", rig.end(read).text());
    }

    @Test
    @Fact({"F203", "F033"})
    void handle_thatJoinsAPortWhileItListens_callsTheProcedureAndThenNoneAgain() {
        long server = rig.server(0);
        Rig.Op listen = rig.listen(server);
        rig.join(server);
        rig.client();
        assertEquals(Win32Error.ERROR_SUCCESS, rig.endListen(listen));
        assertEquals(Win32Error.WAIT_TIMEOUT, rig.dequeue(0));
        rig.violates();
        answers("F033", rig.listen(server).answer, Win32Error.ERROR_INVALID_PARAMETER);
    }

    @Test
    @Fact({"F100", "F200"})
    void dequeue_ofAPacketAndAProcedure_answersThePacketFirst() {
        Rig.Op listen = rig.listen(rig.server(0));
        rig.client();
        assertEquals(Win32Error.ERROR_SUCCESS, rig.win32.postQueuedCompletionStatus(rig.port, 7));
        int first = Win32Error.WAIT_TIMEOUT;
        while (first == Win32Error.WAIT_TIMEOUT) {
            first = rig.dequeue(100);
        }
        boolean packetFirst = answers("F200", first, Win32Error.ERROR_SUCCESS);
        if (packetFirst) {
            assertEquals(7, rig.key(0));
        }
        int second = Win32Error.WAIT_TIMEOUT;
        while (second == Win32Error.WAIT_TIMEOUT) {
            second = rig.dequeue(100);
        }
        assertEquals(packetFirst ? Win32Error.WAIT_IO_COMPLETION : Win32Error.ERROR_SUCCESS, second);
        assertEquals(Win32Error.ERROR_SUCCESS, rig.endListen(listen));
    }

    @Test
    @Fact("F201")
    void dequeue_ofNothing_writesACountOfNoneOrOne() {
        rig.fillRemoved();
        assertEquals(Win32Error.WAIT_TIMEOUT, rig.dequeue(0));
        assertTrue(rig.removed() == 0 || rig.removed() == 1, () -> "count " + rig.removed());
    }

    @Test
    void calls_onNoHandle_answerInvalidHandle() {
        int invalid = Win32Error.ERROR_INVALID_HANDLE;
        assertEquals(invalid, rig.win32.closeHandle(NO_HANDLE));
        assertEquals(invalid, rig.win32.associate(NO_HANDLE, rig.port, 1));
        assertEquals(invalid, rig.win32.postQueuedCompletionStatus(NO_HANDLE, 1));
        assertEquals(invalid, rig.read(NO_HANDLE, 10).answer);
        assertEquals(invalid, rig.write(NO_HANDLE, "x").answer);
        assertEquals(invalid, rig.listen(NO_HANDLE).answer);
        assertEquals(invalid, rig.cancel(rig.listen(NO_HANDLE)));
        assertEquals(invalid, rig.readMode(NO_HANDLE, 0));
    }

    @Test
    void handle_closedTwice_answersInvalidHandle() {
        long server = rig.server(0);
        rig.close(server);
        assertEquals(Win32Error.ERROR_INVALID_HANDLE, rig.win32.closeHandle(server));
        rig.violates();
    }

    @Test
    @Fact("F135")
    void statuses_ofTheTransport_haveTheirErrors() {
        int[][] errors = {
            {0, 0}, {0x103, 997}, {0x80000005, 234}, {0x8000000A, 676}, {0xC0000002, 1}, {0xC0000008, 6},
            {0xC000000D, 87}, {0xC0000010, 1}, {0xC0000017, 8}, {0xC0000022, 5}, {0xC0000034, 2}, {0xC000009A, 1450},
            {0xC00000AC, 231}, {0xC00000AF, 1}, {0xC00000B0, 233}, {0xC00000B1, 232}, {0xC00000B2, 535},
            {0xC00000B3, 536}, {0xC00000B5, 121}, {0xC0000120, 995}, {0xC000014B, 109}};
        for (int[] error : errors) {
            assertEquals(error[1], rig.win32.errorOf(error[0]), () -> Integer.toHexString(error[0]));
        }
    }
}
