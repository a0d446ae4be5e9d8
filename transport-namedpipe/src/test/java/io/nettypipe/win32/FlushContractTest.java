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

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * How an end learns that its peer has read everything, and how a server throws away what it has not, on the real system
 * and on the model of it. Windows flushes by an overlapped control, Wine by a call that blocks.
 */
class FlushContractTest extends ContractTest {
    private static final String BIG = "0123456789".repeat(Rig.QUOTA);
    private static final int[] MODES = {0, Rig.MESSAGE};

    /** A pair on a name of its own, since all instances of a name are of one type. */
    private long[] newPair(int mode) {
        rig.close();
        rig = new Rig(system);
        return rig.pair(mode);
    }

    private void write(long handle, String text) {
        assertEquals(Win32Error.ERROR_SUCCESS, rig.end(rig.write(handle, text)).error);
    }

    private void read(long handle, String text) {
        assertEquals(text, rig.end(rig.read(handle, text.length())).text());
    }

    private static void assertEnded(Rig.Op op, int error) {
        assertEquals(error, op.error);
    }

    @Test
    @Fact({"F087", "F081", "F082", "F083", "F209"})
    void flush_waitsUntilWhatWasWrittenBeforeIsRead() {
        for (int mode : MODES) {
            for (int writer = 0; writer < 2; writer++) {
                long[] pair = newPair(mode);
                assertEquals(Win32Error.ERROR_SUCCESS, rig.end(rig.flush(pair[writer])).error);
                write(pair[writer], "abc");
                Rig.Op flush = rig.flush(pair[writer]);
                write(pair[writer], "later");
                read(pair[1 - writer], "ab");
                rig.assertPending(flush);
                read(pair[1 - writer], "c");
                if (system.isWine()) {
                    rig.assertPending(flush);
                    answers("F083", "waits for them", "success");
                    read(pair[1 - writer], "later");
                    assertEnded(rig.end(flush), Win32Error.ERROR_SUCCESS);
                } else {
                    answers("F083", rig.end(flush).error, Win32Error.ERROR_SUCCESS);
                    read(pair[1 - writer], "later");
                }
            }
        }
    }

    @Test
    @Fact({"F087", "F082"})
    void flush_behindAWriteThatWaits_waitsForIt() {
        long[] pair = rig.pair(Rig.MESSAGE);
        Rig.Op write = rig.write(pair[0], BIG);
        Rig.Op flush = rig.flush(pair[0]);
        assertEquals(BIG, rig.end(rig.read(pair[1], BIG.length())).text());
        assertEnded(rig.end(write), Win32Error.ERROR_SUCCESS);
        assertEnded(rig.end(flush), Win32Error.ERROR_SUCCESS);
    }

    @Test
    @Fact({"F087", "F085", "F081"})
    void flush_peerLeavesOrIsThrownOut_failsAndLaterOnesSucceed() {
        long[] left = rig.pair(0);
        write(left[0], "abc");
        Rig.Op flush = rig.flush(left[0]);
        rig.close(left[1]);
        assertEnded(rig.end(flush), Win32Error.ERROR_BROKEN_PIPE);
        answers("F085", rig.end(rig.flush(left[0])).error, Win32Error.ERROR_SUCCESS);
        assertEquals(4, rig.state(left[0]));

        long[] thrownOut = rig.pair(0);
        write(thrownOut[1], "abc");
        Rig.Op clients = rig.flush(thrownOut[1]);
        assertEquals(Win32Error.ERROR_SUCCESS, rig.win32.disconnectNamedPipe(thrownOut[0]));
        assertEnded(rig.end(clients), Win32Error.ERROR_PIPE_NOT_CONNECTED);
    }

    @Test
    void flush_thatIsOverAtOnce_maySayThatItIsPendingButTellsItsEndOnce() {
        long[] pair = rig.pair(0);
        assertTold(rig.flush(pair[0]), "success");
        assertEquals(Win32Error.ERROR_SUCCESS, rig.win32.disconnectNamedPipe(pair[0]));
        assertTold(rig.flush(pair[1]), "error 233");
    }

    private void assertTold(Rig.Op flush, String end) {
        String told = rig.told(flush);
        assertTrue(told.equals(Rig.LATER + end) || told.equals(Rig.AT_ONCE + end), told);
    }

    @Test
    @Fact({"F087", "F086"})
    void flush_byAClientThatWasThrownOut_failsWhateverIsWrittenToTheNext() {
        long[] pair = rig.pair(0);
        assertEquals(Win32Error.ERROR_SUCCESS, rig.win32.disconnectNamedPipe(pair[0]));
        assertEnded(rig.end(rig.flush(pair[1])), Win32Error.ERROR_PIPE_NOT_CONNECTED);
        Rig.Op listen = rig.control(pair[0], PipeFlags.FSCTL_PIPE_LISTEN);
        long next = rig.client();
        rig.join(next);
        assertEnded(rig.end(listen), Win32Error.ERROR_SUCCESS);
        write(next, "unread");
        assertEnded(rig.end(rig.flush(pair[1])), Win32Error.ERROR_PIPE_NOT_CONNECTED);
    }

    @Test
    @Fact({"F087", "F084"})
    void flush_whoseWriteIsCancelled_succeeds() {
        long[] pair = rig.pair(0);
        Rig.Op write = rig.write(pair[0], BIG);
        Rig.Op flush = rig.flush(pair[0]);
        rig.assertPending(flush);
        assertEquals(Win32Error.ERROR_SUCCESS, rig.cancel(write));
        assertEnded(rig.end(write), Win32Error.ERROR_OPERATION_ABORTED);
        assertEnded(rig.end(flush), Win32Error.ERROR_SUCCESS);
    }

    @Test
    @Fact({"F087", "F210"})
    void flush_cancelled_endsAborted() {
        long[] pair = rig.pair(0);
        write(pair[0], "abc");
        Rig.Op flush = rig.flush(pair[0]);
        assertEquals(Win32Error.ERROR_SUCCESS, rig.cancel(flush));
        assertEnded(rig.end(flush), Win32Error.ERROR_OPERATION_ABORTED);
        read(pair[1], "abc");
    }

    @Test
    @Fact("F101")
    void disconnect_throwsAwayWhatIsUnreadAndTellsTheClient() {
        for (int mode : MODES) {
            long[] pair = newPair(mode);
            write(pair[0], "abc");
            assertEquals(Win32Error.ERROR_SUCCESS, rig.win32.disconnectNamedPipe(pair[0]));
            assertEquals(1, rig.state(pair[0]));
            assertEnded(rig.end(rig.read(pair[1], 10)), Win32Error.ERROR_PIPE_NOT_CONNECTED);
            assertEnded(rig.end(rig.write(pair[1], "x")), Win32Error.ERROR_PIPE_NOT_CONNECTED);
            rig.close(pair[0]);
            assertEnded(rig.end(rig.read(pair[1], 10)), Win32Error.ERROR_PIPE_NOT_CONNECTED);
        }
    }

    @Test
    @Fact("F076")
    void disconnect_underWrites_endsThem() {
        long[] pair = rig.pair(0);
        Rig.Op clients = rig.write(pair[1], BIG);
        Rig.Op servers = rig.write(pair[0], BIG);
        assertEquals(Win32Error.ERROR_SUCCESS, rig.win32.disconnectNamedPipe(pair[0]));
        assertEnded(rig.end(clients), Win32Error.ERROR_PIPE_NOT_CONNECTED);
        assertEnded(rig.end(servers), Win32Error.ERROR_PIPE_NOT_CONNECTED);
    }

    @Test
    @Fact("F056")
    void disconnect_underAClientsRead_endsIt() {
        long[] pair = rig.pair(0);
        Rig.Op read = rig.read(pair[1], 10);
        rig.assertPending(read);
        assertEquals(Win32Error.ERROR_SUCCESS, rig.win32.disconnectNamedPipe(pair[0]));
        assertEnded(rig.end(read), Win32Error.ERROR_PIPE_NOT_CONNECTED);
    }
}
