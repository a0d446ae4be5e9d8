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

/** Reading and writing, on the real system and on the model of it. */
class TransferContractTest extends ContractTest {
    private static final String BIG = "0123456789".repeat(Rig.QUOTA);

    private void assertRead(int error, String text, Rig.Op op) {
        rig.end(op);
        assertEquals(error, op.error);
        assertEquals(text, op.text());
    }

    private void assertWritten(Rig.Op op) {
        rig.end(op);
        assertEquals(Win32Error.ERROR_SUCCESS, op.error);
        assertEquals(op.length, op.bytes());
    }

    @Test
    @Fact("F057")
    void read_beforeTheWrite_endsWithAPacket() {
        long[] pair = rig.pair(0);
        Rig.Op read = rig.read(pair[0], 100);
        rig.assertPending(read);
        assertWritten(rig.write(pair[1], "hello"));
        assertRead(0, "hello", read);
    }

    @Test
    @Fact({"F057", "F088"})
    void read_afterTheWrite_endsAtOnceWithoutAPacket() {
        long[] pair = rig.pair(0);
        Rig.Op write = rig.write(pair[1], "hello");
        rig.assertAtOnce(write);
        assertWritten(write);
        Rig.Op read = rig.read(pair[0], 100);
        rig.assertAtOnce(read);
        assertRead(0, "hello", read);
    }

    @Test
    void bytes_ofSeveralWrites_areOneStream() {
        long[] pair = rig.pair(0);
        assertWritten(rig.write(pair[1], "abc"));
        assertWritten(rig.write(pair[1], "defg"));
        assertRead(0, "ab", rig.read(pair[0], 2));
        assertRead(0, "cdefg", rig.read(pair[0], 100));
    }

    @Test
    @Fact({"F061", "F206"})
    void message_longerThanTheBuffer_arrivesInParts() {
        long[] pair = rig.pair(Rig.MESSAGE);
        Rig.Op waiting = rig.read(pair[0], 3);
        assertWritten(rig.write(pair[1], "abcdefgh"));
        assertWritten(rig.write(pair[1], "next"));
        assertRead(Win32Error.ERROR_MORE_DATA, "abc", waiting);
        Rig.Op part = rig.read(pair[0], 3);
        answers("F061 F206", rig.told(part), Rig.LATER + "error 234", Rig.AT_ONCE + "error 234");
        assertRead(Win32Error.ERROR_MORE_DATA, "def", part);
        assertRead(0, "gh", rig.read(pair[0], 3));
        assertRead(0, "next", rig.read(pair[0], 100));
    }

    @Test
    @Fact("F058")
    void messages_readAsBytes_areOneStream() {
        long[] pair = rig.pair(PipeFlags.PIPE_TYPE_MESSAGE);
        assertWritten(rig.write(pair[1], "abc"));
        assertWritten(rig.write(pair[1], ""));
        assertWritten(rig.write(pair[1], "def"));
        assertRead(0, "ab", rig.read(pair[0], 2));
        assertRead(0, "cdef", rig.read(pair[0], 100));
    }

    @Test
    @Fact({"F059", "F213"})
    void emptyMessage_behindBytes_isReadWithThemOnWindows() {
        long[] pair = rig.pair(PipeFlags.PIPE_TYPE_MESSAGE);
        assertWritten(rig.write(pair[1], "abc"));
        assertWritten(rig.write(pair[1], ""));
        assertRead(0, "abc", rig.read(pair[0], 10));
        Rig.Op next = rig.read(pair[0], 10);
        if (answers("F059 F213", Rig.text(next.answer), Rig.text(Win32Error.ERROR_IO_PENDING))) {
            rig.assertPending(next);
        } else {
            assertRead(0, "", next);
        }
    }

    @Test
    @Fact({"F060", "F205"})
    void message_longerThanTheBufferOfAHandleWithoutAPort_arrivesInPartsAtOnce() {
        long server = rig.server(Rig.MESSAGE);
        long client = rig.client();
        rig.join(client);
        assertWritten(rig.write(client, "abcdef"));
        for (String part : new String[] {"abc", "de"}) {
            Rig.Op read = rig.read(server, part.length());
            assertEquals(Win32Error.ERROR_MORE_DATA, read.answer);
            assertEquals(part, read.text());
        }
        Rig.Op last = rig.read(server, 10);
        assertEquals(Win32Error.ERROR_SUCCESS, last.answer);
        assertEquals("f", last.text());
    }

    @Test
    @Fact({"F052", "F054", "F055"})
    void readAndWrite_failingAtOnce_queueNoPacket() {
        long[] pair = rig.pair(0);
        rig.close(pair[1]);
        assertEquals(Rig.AT_ONCE + "error 109", rig.told(rig.read(pair[0], 10)));
        assertEquals(Rig.AT_ONCE + "error 232", rig.told(rig.write(pair[0], "x")));
        assertEquals(Win32Error.ERROR_SUCCESS, rig.win32.disconnectNamedPipe(pair[0]));
        assertEquals(Rig.AT_ONCE + "error 233", rig.told(rig.read(pair[0], 10)));
        assertEquals(Rig.AT_ONCE + "error 233", rig.told(rig.write(pair[0], "x")));
    }

    @Test
    @Fact("F066")
    void emptyRead_ofAnEmptyMessageThatIsThere_leavesIt() {
        for (int mode : new int[] {PipeFlags.PIPE_TYPE_MESSAGE, Rig.MESSAGE}) {
            rig.rename();
            long[] pair = rig.pair(mode);
            assertWritten(rig.write(pair[1], ""));
            assertRead(0, "", rig.read(pair[0], 0));
            Rig.Op next = rig.read(pair[0], 10);
            // A message behind it tells, wherever a call that is over may be pending.
            assertWritten(rig.write(pair[1], "x"));
            answers("F066", rig.end(next).text().isEmpty() ? "left" : "taken", "left");
        }
    }

    @Test
    @Fact("F214")
    void emptyRead_thatWaitsForAnEmptyMessage_takesIt() {
        long[] pair = rig.pair(Rig.MESSAGE);
        Rig.Op first = rig.read(pair[0], 0);
        Rig.Op second = rig.read(pair[0], 10);
        assertWritten(rig.write(pair[1], ""));
        assertRead(0, "", first);
        rig.assertPending(second);
    }

    @Test
    @Fact("F067")
    void emptyMessage_isAReadOfNothing() {
        long[] pair = rig.pair(Rig.MESSAGE);
        Rig.Op waiting = rig.read(pair[0], 10);
        rig.assertPending(waiting);
        assertWritten(rig.write(pair[1], ""));
        assertRead(0, "", waiting);
        assertWritten(rig.write(pair[1], ""));
        assertWritten(rig.write(pair[1], "x"));
        assertRead(0, "", rig.read(pair[0], 10));
        assertRead(0, "x", rig.read(pair[0], 10));
    }

    @Test
    @Fact("F067")
    void emptyMessage_behindAWriteThatWaits_doesNotWait() {
        long[] pair = rig.pair(Rig.MESSAGE);
        Rig.Op big = rig.write(pair[1], BIG);
        Rig.Op empty = rig.write(pair[1], "");
        assertWritten(empty);
        rig.assertPending(big);
        assertRead(0, BIG, rig.read(pair[0], BIG.length()));
        assertRead(0, "", rig.read(pair[0], 10));
    }

    @Test
    void emptyMessage_readAsBytes_isAReadOfNothing() {
        long[] pair = rig.pair(PipeFlags.PIPE_TYPE_MESSAGE);
        Rig.Op waiting = rig.read(pair[0], 10);
        assertWritten(rig.write(pair[1], ""));
        assertRead(0, "", waiting);
    }

    @Test
    @Fact("F068")
    void emptyWrite_ofBytes_isNothing() {
        long[] pair = rig.pair(0);
        Rig.Op waiting = rig.read(pair[0], 10);
        assertWritten(rig.write(pair[1], ""));
        rig.assertPending(waiting);
        assertWritten(rig.write(pair[1], "x"));
        assertRead(0, "x", waiting);
    }

    @Test
    @Fact({"F062", "F064", "F234"})
    void emptyRead_ofBytes_tellsOfDataAndLeavesIt() {
        long[] pair = rig.pair(0);
        Rig.Op waiting = rig.read(pair[0], 0);
        assertWritten(rig.write(pair[1], ""));
        rig.assertPending(waiting);
        assertWritten(rig.write(pair[1], "abc"));
        assertRead(0, "", waiting);
        assertRead(0, "", rig.read(pair[0], 0));
        assertRead(0, "abc", rig.read(pair[0], 10));
    }

    @Test
    @Fact({"F063", "F065"})
    void emptyRead_ofAMessage_tellsOfDataAndLeavesIt() {
        long[] pair = rig.pair(Rig.MESSAGE);
        Rig.Op waiting = rig.read(pair[0], 0);
        rig.assertPending(waiting);
        assertWritten(rig.write(pair[1], "abc"));
        assertRead(Win32Error.ERROR_MORE_DATA, "", waiting);
        assertRead(Win32Error.ERROR_MORE_DATA, "", rig.read(pair[0], 0));
        assertRead(0, "abc", rig.read(pair[0], 10));
    }

    @Test
    void reads_pending_areServedInOrder() {
        long[] pair = rig.pair(0);
        Rig.Op first = rig.read(pair[0], 2);
        Rig.Op second = rig.read(pair[0], 2);
        assertWritten(rig.write(pair[1], "abc"));
        assertRead(0, "ab", first);
        assertRead(0, "c", second);
    }

    @Test
    @Fact({"F070", "F072"})
    void writes_pastTheQuota_waitInOrderUntilTheyAreRead() {
        long[] pair = rig.pair(Rig.MESSAGE);
        Rig.Op big = rig.write(pair[1], BIG);
        rig.assertPending(big);
        Rig.Op small = rig.write(pair[1], "small");
        rig.assertPending(small);
        assertRead(0, BIG, rig.read(pair[0], BIG.length()));
        assertWritten(big);
        assertWritten(small);
        assertRead(0, "small", rig.read(pair[0], 100));
    }

    @Test
    @Fact("F070")
    void write_pastTheQuota_endsWhenTheRestFits() {
        long[] pair = rig.pair(0);
        Rig.Op big = rig.write(pair[1], BIG);
        int first = BIG.length() - Rig.QUOTA - 1;
        assertRead(0, BIG.substring(0, first), rig.read(pair[0], first));
        rig.assertPending(big);
        assertRead(0, BIG.substring(first), rig.read(pair[0], BIG.length()));
        assertWritten(big);
    }

    @Test
    @Fact("F069")
    void write_ofExactlyTheQuota_endsAtOnce() {
        long[] pair = rig.pair(0);
        Rig.Op write = rig.write(pair[1], BIG.substring(0, Rig.QUOTA));
        rig.assertAtOnce(write);
        assertWritten(write);
        rig.assertPending(rig.write(pair[1], "x"));
    }

    @Test
    @Fact("F071")
    void write_underAPendingRead_countsOnlyWhatIsLeftOfIt() {
        long[] pair = rig.pair(0);
        Rig.Op read = rig.read(pair[0], 100);
        assertWritten(rig.write(pair[1], BIG.substring(0, Rig.QUOTA + 100)));
        assertRead(0, BIG.substring(0, 100), read);
        rig.assertPending(rig.write(pair[1], "x"));
    }

    @Test
    @Fact("F073")
    void write_ofAPipeWithoutQuotas_waitsForItsReader() {
        long[] pair = rig.pair(rig.serverOfQuotas(0, 0, 0), 0);
        Rig.Op write = rig.write(pair[0], "abc");
        if (answers("F073", Rig.text(write.answer), Rig.text(Win32Error.ERROR_IO_PENDING))) {
            rig.assertPending(write);
        }
        assertRead(0, "ab", rig.read(pair[1], 2));
        assertRead(0, "c", rig.read(pair[1], 2));
        assertWritten(write);
        Rig.Op read = rig.read(pair[1], 3);
        assertWritten(rig.write(pair[0], "abc"));
        assertRead(0, "abc", read);
    }

    @Test
    @Fact("F077")
    void write_cancelledWhenPartOfItWasRead_losesTheRestAndLaterOnesMoveUp() {
        long[] pair = rig.pair(0);
        Rig.Op big = rig.write(pair[1], BIG);
        Rig.Op later = rig.write(pair[1], "later");
        assertRead(0, "012", rig.read(pair[0], 3));
        rig.assertPending(later);
        assertEquals(Win32Error.ERROR_SUCCESS, rig.cancel(big));
        assertEquals(Win32Error.ERROR_OPERATION_ABORTED, rig.end(big).error);
        assertWritten(later);
        assertRead(0, "later", rig.read(pair[0], 100));
    }

    @Test
    @Fact({"F078", "F226"})
    void read_cancelled_endsAbortedAndLosesNothing() {
        long[] pair = rig.pair(0);
        Rig.Op read = rig.read(pair[0], 10);
        assertEquals(Win32Error.ERROR_SUCCESS, rig.cancel(read));
        assertEquals(Win32Error.ERROR_OPERATION_ABORTED, rig.end(read).error);
        assertEquals(Win32Error.ERROR_NOT_FOUND, rig.cancel(read));
        assertWritten(rig.write(pair[1], "x"));
        assertRead(0, "x", rig.read(pair[0], 10));
    }

    @Test
    void readAndWrite_cancelledWithAllOfTheHandle_endAborted() {
        long[] pair = rig.pair(0);
        Rig.Op read = rig.read(pair[0], 10);
        Rig.Op write = rig.write(pair[0], BIG);
        rig.assertPending(read);
        rig.assertPending(write);
        assertEquals(Win32Error.ERROR_SUCCESS, rig.win32.cancelIoEx(pair[0], 0));
        assertEquals(Win32Error.ERROR_OPERATION_ABORTED, rig.end(read).error);
        assertEquals(Win32Error.ERROR_OPERATION_ABORTED, rig.end(write).error);
    }

    @Test
    @Fact("F077")
    void write_cancelled_endsAbortedAndIsNotRead() {
        long[] pair = rig.pair(0);
        assertWritten(rig.write(pair[1], "before"));
        Rig.Op write = rig.write(pair[1], BIG);
        assertEquals(Win32Error.ERROR_SUCCESS, rig.cancel(write));
        assertEquals(Win32Error.ERROR_OPERATION_ABORTED, rig.end(write).error);
        assertRead(0, "before", rig.read(pair[0], BIG.length()));
    }

    @Test
    @Fact("F056")
    void peer_closingUnderARead_endsIt() {
        long[] pair = rig.pair(0);
        Rig.Op read = rig.read(pair[0], 10);
        rig.close(pair[1]);
        assertEquals(Win32Error.ERROR_BROKEN_PIPE, rig.end(read).error);
    }

    @Test
    @Fact("F075")
    void peer_closingUnderAWrite_endsIt() {
        long[] pair = rig.pair(0);
        Rig.Op write = rig.write(pair[0], BIG);
        rig.close(pair[1]);
        assertEquals(Win32Error.ERROR_BROKEN_PIPE, rig.end(write).error);
    }

    @Test
    @Fact("F054")
    void writing_toAPeerThatIsGone_isRefused() {
        long[] pair = rig.pair(0);
        rig.close(pair[1]);
        assertEquals(Win32Error.ERROR_NO_DATA, rig.end(rig.write(pair[0], "x")).error);
    }

    @Test
    @Fact("F053")
    void bytes_ofAServerThatIsGone_canBeReadAndThenTheEnd() {
        long[] pair = rig.pair(Rig.MESSAGE);
        assertWritten(rig.write(pair[0], "abcdef"));
        rig.close(pair[0]);
        assertRead(Win32Error.ERROR_MORE_DATA, "abc", rig.read(pair[1], 3));
        assertRead(0, "def", rig.read(pair[1], 10));
        assertEquals(Win32Error.ERROR_BROKEN_PIPE, rig.end(rig.read(pair[1], 10)).error);
    }
}
