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
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
        assertEquals(WinError.ERROR_SUCCESS, rig.end(rig.write(handle, text)).error);
    }

    private void read(long handle, String text) {
        assertEquals(text, rig.end(rig.read(handle, text.length())).text());
    }

    private static void assertEnded(Rig.Op op, int error) {
        assertEquals(error, op.error);
    }

    @Test
    void eachSystem_hasOneOfTheTwoFlushes() throws Exception {
        long server = rig.pair(0)[0];
        Rig.Op control = rig.end(rig.flush(server));
        int blocking = rig.flushBlocking(server).end();
        assertEnded(control, system.isWine() ? WinError.ERROR_NOT_SUPPORTED : WinError.ERROR_SUCCESS);
        assertEquals(system.isWine() ? WinError.ERROR_SUCCESS : WinError.ERROR_NOT_SUPPORTED, blocking);
    }

    @Test
    void flush_waitsUntilWhatWasWrittenBeforeIsRead() {
        assumeFalse(system.isWine(), "Wine has no FSCTL_PIPE_FLUSH");
        for (int mode : MODES) {
            for (int writer = 0; writer < 2; writer++) {
                long[] pair = newPair(mode);
                Rig.Op idle = rig.flush(pair[writer]);
                rig.assertAtOnce(idle);
                assertEnded(rig.end(idle), WinError.ERROR_SUCCESS);
                write(pair[writer], "abc");
                Rig.Op flush = rig.flush(pair[writer]);
                write(pair[writer], "later");
                read(pair[1 - writer], "ab");
                rig.assertPending(flush);
                read(pair[1 - writer], "c");
                assertEnded(rig.end(flush), WinError.ERROR_SUCCESS);
                read(pair[1 - writer], "later");
            }
        }
    }

    @Test
    void flush_behindAWriteThatWaits_waitsForIt() {
        assumeFalse(system.isWine(), "Wine has no FSCTL_PIPE_FLUSH");
        long[] pair = rig.pair(Rig.MESSAGE);
        Rig.Op write = rig.write(pair[0], BIG);
        Rig.Op flush = rig.flush(pair[0]);
        assertEquals(BIG, rig.end(rig.read(pair[1], BIG.length())).text());
        assertEnded(rig.end(write), WinError.ERROR_SUCCESS);
        assertEnded(rig.end(flush), WinError.ERROR_SUCCESS);
    }

    @Test
    void flush_peerLeavesOrIsThrownOut_failsAndLaterOnesSucceed() {
        assumeFalse(system.isWine(), "Wine has no FSCTL_PIPE_FLUSH");
        long[] left = rig.pair(0);
        write(left[0], "abc");
        Rig.Op flush = rig.flush(left[0]);
        rig.close(left[1]);
        assertEnded(rig.end(flush), WinError.ERROR_BROKEN_PIPE);
        assertEnded(rig.end(rig.flush(left[0])), WinError.ERROR_SUCCESS);
        assertEquals(4, rig.state(left[0]));

        long[] thrownOut = rig.pair(0);
        write(thrownOut[1], "abc");
        Rig.Op clients = rig.flush(thrownOut[1]);
        assertEquals(WinError.ERROR_SUCCESS, rig.win32.disconnectNamedPipe(thrownOut[0]));
        assertEnded(rig.end(clients), WinError.ERROR_PIPE_NOT_CONNECTED);
    }

    @Test
    void flush_cancelled_endsAborted() {
        assumeFalse(system.isWine(), "Wine has no FSCTL_PIPE_FLUSH");
        long[] pair = rig.pair(0);
        write(pair[0], "abc");
        Rig.Op flush = rig.flush(pair[0]);
        assertEquals(WinError.ERROR_SUCCESS, rig.cancel(flush));
        assertEnded(rig.end(flush), WinError.ERROR_OPERATION_ABORTED);
        read(pair[1], "abc");
    }

    @Test
    void blockingFlush_waitsUntilEverythingIsRead() throws Exception {
        assumeTrue(system.isWine(), "only Wine can end such a call");
        for (int mode : MODES) {
            for (int writer = 0; writer < 2; writer++) {
                long[] pair = newPair(mode);
                write(pair[writer], "abc");
                Rig.BlockingFlush flush = rig.flushBlocking(pair[writer]);
                read(pair[1 - writer], "ab");
                flush.assertPending();
                read(pair[1 - writer], "c");
                assertEquals(WinError.ERROR_SUCCESS, flush.end());
            }
        }
    }

    @Test
    void blockingFlush_cancelledOrLeft_ends() throws Exception {
        assumeTrue(system.isWine(), "only Wine can end such a call");
        long[] pair = rig.pair(0);
        write(pair[0], "abc");
        assertEquals(WinError.ERROR_OPERATION_ABORTED, rig.flushBlocking(pair[0]).endByCancel());
        assertEquals(3, rig.state(pair[0]));
        rig.close(pair[1]);
        assertEquals(4, rig.state(pair[0]));
        // What nobody can read any more is not waited for: that the peer has read it must be known otherwise.
        assertEquals(WinError.ERROR_SUCCESS, rig.flushBlocking(pair[0]).end());
    }

    @Test
    void disconnect_throwsAwayWhatIsUnreadAndTellsTheClient() {
        for (int mode : MODES) {
            long[] pair = newPair(mode);
            write(pair[0], "abc");
            assertEquals(WinError.ERROR_SUCCESS, rig.win32.disconnectNamedPipe(pair[0]));
            assertEquals(1, rig.state(pair[0]));
            assertEnded(rig.end(rig.read(pair[1], 10)), WinError.ERROR_PIPE_NOT_CONNECTED);
            assertEnded(rig.end(rig.write(pair[1], "x")), WinError.ERROR_PIPE_NOT_CONNECTED);
            rig.close(pair[0]);
            assertEnded(rig.end(rig.read(pair[1], 10)), WinError.ERROR_PIPE_NOT_CONNECTED);
        }
    }

    @Test
    void disconnect_underWrites_endsThem() {
        long[] pair = rig.pair(0);
        Rig.Op clients = rig.write(pair[1], BIG);
        Rig.Op servers = rig.write(pair[0], BIG);
        assertEquals(WinError.ERROR_SUCCESS, rig.win32.disconnectNamedPipe(pair[0]));
        assertEnded(rig.end(clients), WinError.ERROR_PIPE_NOT_CONNECTED);
        assertEnded(rig.end(servers), WinError.ERROR_PIPE_NOT_CONNECTED);
    }

    @Test
    void disconnect_underAClientsRead_endsIt() {
        long[] pair = rig.pair(0);
        Rig.Op read = rig.read(pair[1], 10);
        rig.assertPending(read);
        assertEquals(WinError.ERROR_SUCCESS, rig.win32.disconnectNamedPipe(pair[0]));
        assertEnded(rig.end(read), WinError.ERROR_PIPE_NOT_CONNECTED);
    }
}
