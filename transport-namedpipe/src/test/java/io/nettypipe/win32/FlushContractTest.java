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

    /** Whether there is FSCTL_PIPE_FLUSH. */
    private boolean hasFlush() {
        boolean has = answersAll(rig.end(rig.flush(rig.pair(0)[0])).error, WinError.ERROR_SUCCESS);
        rig.rename();
        return has;
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
    @Fact("F087")
    void eachSystem_hasOneOfTheTwoFlushes() throws Exception {
        long server = rig.pair(0)[0];
        Rig.Op control = rig.flush(server);
        boolean has = answers("F087", rig.end(control).error, WinError.ERROR_SUCCESS);
        assertEquals(has ? WinError.ERROR_NOT_SUPPORTED : WinError.ERROR_SUCCESS, rig.flushBlocking(server).end());
    }

    @Test
    @Fact({"F087", "F081", "F082", "F083", "F209"})
    void flush_waitsUntilWhatWasWrittenBeforeIsRead() {
        if (!hasFlush()) {
            return;
        }
        for (int mode : MODES) {
            for (int writer = 0; writer < 2; writer++) {
                long[] pair = newPair(mode);
                assertEquals(WinError.ERROR_SUCCESS, rig.end(rig.flush(pair[writer])).error);
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
    @Fact({"F087", "F082"})
    void flush_behindAWriteThatWaits_waitsForIt() {
        if (!hasFlush()) {
            return;
        }
        long[] pair = rig.pair(Rig.MESSAGE);
        Rig.Op write = rig.write(pair[0], BIG);
        Rig.Op flush = rig.flush(pair[0]);
        assertEquals(BIG, rig.end(rig.read(pair[1], BIG.length())).text());
        assertEnded(rig.end(write), WinError.ERROR_SUCCESS);
        assertEnded(rig.end(flush), WinError.ERROR_SUCCESS);
    }

    @Test
    @Fact({"F087", "F085", "F081"})
    void flush_peerLeavesOrIsThrownOut_failsAndLaterOnesSucceed() {
        if (!hasFlush()) {
            return;
        }
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
    @Fact({"F090", "F207"})
    void flush_thatIsOverAtOnce_maySayThatItIsPendingButTellsItsEndOnce() {
        long[] pair = rig.pair(0);
        Rig.Op flush = rig.flush(pair[0]);
        if (rig.end(flush).error != WinError.ERROR_NOT_SUPPORTED) {
            answers("F090", rig.told(flush), Rig.LATER + "success", Rig.AT_ONCE + "success");
            assertEquals(WinError.ERROR_SUCCESS, rig.win32.disconnectNamedPipe(pair[0]));
            answers("F207", rig.told(rig.flush(pair[1])), Rig.LATER + "error 233", Rig.AT_ONCE + "error 233");
        }
    }

    @Test
    @Fact({"F087", "F086"})
    void flush_byAClientThatWasThrownOut_failsWhateverIsWrittenToTheNext() {
        if (!hasFlush()) {
            return;
        }
        long[] pair = rig.pair(0);
        assertEquals(WinError.ERROR_SUCCESS, rig.win32.disconnectNamedPipe(pair[0]));
        assertEnded(rig.end(rig.flush(pair[1])), WinError.ERROR_PIPE_NOT_CONNECTED);
        Rig.Op listen = rig.control(pair[0], PipeFlags.FSCTL_PIPE_LISTEN);
        long next = rig.client();
        rig.join(next);
        assertEnded(rig.end(listen), WinError.ERROR_SUCCESS);
        write(next, "unread");
        assertEnded(rig.end(rig.flush(pair[1])), WinError.ERROR_PIPE_NOT_CONNECTED);
    }

    @Test
    @Fact({"F087", "F084"})
    void flush_whoseWriteIsCancelled_succeeds() {
        if (!hasFlush()) {
            return;
        }
        long[] pair = rig.pair(0);
        Rig.Op write = rig.write(pair[0], BIG);
        Rig.Op flush = rig.flush(pair[0]);
        rig.assertPending(flush);
        assertEquals(WinError.ERROR_SUCCESS, rig.cancel(write));
        assertEnded(rig.end(write), WinError.ERROR_OPERATION_ABORTED);
        assertEnded(rig.end(flush), WinError.ERROR_SUCCESS);
    }

    @Test
    @Fact({"F087", "F210"})
    void flush_cancelled_endsAborted() {
        if (!hasFlush()) {
            return;
        }
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
    @Fact("F101")
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
    @Fact("F076")
    void disconnect_underWrites_endsThem() {
        long[] pair = rig.pair(0);
        Rig.Op clients = rig.write(pair[1], BIG);
        Rig.Op servers = rig.write(pair[0], BIG);
        assertEquals(WinError.ERROR_SUCCESS, rig.win32.disconnectNamedPipe(pair[0]));
        assertEnded(rig.end(clients), WinError.ERROR_PIPE_NOT_CONNECTED);
        assertEnded(rig.end(servers), WinError.ERROR_PIPE_NOT_CONNECTED);
    }

    @Test
    @Fact("F056")
    void disconnect_underAClientsRead_endsIt() {
        long[] pair = rig.pair(0);
        Rig.Op read = rig.read(pair[1], 10);
        rig.assertPending(read);
        assertEquals(WinError.ERROR_SUCCESS, rig.win32.disconnectNamedPipe(pair[0]));
        assertEnded(rig.end(read), WinError.ERROR_PIPE_NOT_CONNECTED);
    }
}
