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
 * What {@code DisconnectNamedPipe} leaves of a client, and that the instance serves the next one as if it were new; on
 * the real system and on the model of it.
 */
class ReuseContractTest extends ContractTest {

    @Test
    @Fact({"F052", "F054", "F056", "F101"})
    void disconnect_clientStays_itsCallsFailAndWhatWasWrittenIsGone() {
        long server = rig.server(0);
        long client = rig.client();
        rig.join(client);
        rig.end(rig.write(client, "unread"));
        Rig.Op pending = rig.read(client, 10);
        rig.assertPending(pending);
        assertEquals(Win32Error.ERROR_SUCCESS, rig.win32.disconnectNamedPipe(server));
        assertEquals(Win32Error.ERROR_PIPE_NOT_CONNECTED, rig.end(pending).error);
        assertDisconnected(client);
        assertDisconnected(server);
    }

    @Test
    @Fact("F076")
    void disconnect_writesPending_theyFailOnBothSides() {
        long[] pair = rig.pair(0);
        Rig.Op in = rig.write(pair[1], "i".repeat(3 * Rig.QUOTA));
        Rig.Op out = rig.write(pair[0], "o".repeat(3 * Rig.QUOTA));
        rig.assertPending(in);
        rig.assertPending(out);
        assertEquals(Win32Error.ERROR_SUCCESS, rig.win32.disconnectNamedPipe(pair[0]));
        assertEquals(Win32Error.ERROR_PIPE_NOT_CONNECTED, rig.end(in).error);
        assertEquals(Win32Error.ERROR_PIPE_NOT_CONNECTED, rig.end(out).error);
    }

    @Test
    @Fact({"F013", "F021"})
    void disconnected_notListening_clientsFindThePipeBusyAndTheLimitReached() {
        long server = rig.create(Rig.DUPLEX, 0, 1);
        long client = rig.client();
        rig.win32.disconnectNamedPipe(server);
        assertEquals(-Win32Error.ERROR_PIPE_BUSY, rig.dial(rig.path));
        rig.close(client);
        assertEquals(-Win32Error.ERROR_PIPE_BUSY, rig.dial(rig.path));
        assertEquals(-Win32Error.ERROR_PIPE_BUSY, rig.create(Rig.DUPLEX, 0, 1));
        // The name is still taken, so nobody else is the first.
        int first = Rig.DUPLEX | PipeFlags.FILE_FLAG_FIRST_PIPE_INSTANCE;
        assertTrue(rig.create(first, 0, 1) < 0);
    }

    @Test
    @Fact({"F030", "F235"})
    void listenAgain_afterADisconnect_nextClientFindsNothingOfTheLast() {
        long server = rig.server(Rig.MESSAGE);
        long old = rig.client();
        rig.readMode(old, PipeFlags.PIPE_READMODE_MESSAGE);
        rig.join(old);
        rig.end(rig.write(old, "of the last"));
        rig.win32.disconnectNamedPipe(server);
        Rig.Op listen = rig.listen(server);
        assertEquals(Win32Error.ERROR_IO_PENDING, listen.answer);
        long next = rig.client();
        assertEquals(Win32Error.ERROR_SUCCESS, rig.endListen(listen));
        rig.join(server);
        rig.join(next);
        Rig.Op read = rig.read(server, 100);
        rig.assertPending(read);
        rig.end(rig.write(next, "of the next"));
        assertEquals("of the next", rig.end(read).text());
        // A client's end reads bytes until it says otherwise, whatever the one before it said.
        rig.end(rig.write(server, "two"));
        rig.end(rig.write(server, "messages"));
        assertEquals("twomessages", rig.end(rig.read(next, 100)).text());
    }

    @Test
    @Fact("F101")
    void oldClient_whileTheNextIsServed_staysDisconnectedAndItsCloseHurtsNobody() {
        long server = rig.server(0);
        long old = rig.client();
        rig.join(old);
        rig.win32.disconnectNamedPipe(server);
        Rig.Op listen = rig.listen(server);
        assertDisconnected(old);
        long next = rig.client();
        assertEquals(Win32Error.ERROR_SUCCESS, rig.endListen(listen));
        rig.join(server);
        rig.join(next);
        rig.end(rig.write(server, "for the next only"));
        assertDisconnected(old);
        rig.close(old);
        assertEquals("for the next only", rig.end(rig.read(next, 100)).text());
        rig.end(rig.write(next, "still there"));
        assertEquals("still there", rig.end(rig.read(server, 100)).text());
    }

    @Test
    @Fact({"F105", "F228"})
    void clientLeft_thenDisconnect_instanceListensAgain() {
        long server = rig.server(0);
        rig.close(rig.client());
        assertEquals(Win32Error.ERROR_NO_DATA, rig.listen(server).answer);
        assertEquals(Win32Error.ERROR_SUCCESS, rig.win32.disconnectNamedPipe(server));
        Rig.Op listen = rig.listen(server);
        assertEquals(Win32Error.ERROR_IO_PENDING, listen.answer);
        rig.client();
        assertEquals(Win32Error.ERROR_SUCCESS, rig.endListen(listen));
    }

    @Test
    void serverGone_afterADisconnect_nameIsFreeAlthoughTheOldClientStays() {
        long server = rig.create(Rig.DUPLEX, 0, 1);
        rig.client();
        rig.win32.disconnectNamedPipe(server);
        rig.close(server);
        assertTrue(rig.create(Rig.DUPLEX | PipeFlags.FILE_FLAG_FIRST_PIPE_INSTANCE, 0, 1) > 0);
    }

    @Test
    @Fact({"F102", "F235"})
    void disconnect_twice_saysThatNobodyIsConnected() {
        long server = rig.server(0);
        rig.client();
        assertEquals(Win32Error.ERROR_SUCCESS, rig.win32.disconnectNamedPipe(server));
        assertEquals(Win32Error.ERROR_PIPE_NOT_CONNECTED, rig.win32.disconnectNamedPipe(server));
    }

    @Test
    @Fact("F040")
    void disconnect_whileListening_endsTheListenOnWindowsAndIsRefusedInWine() {
        long server = rig.server(0);
        Rig.Op listen = rig.listen(server);
        if (answers("F040", rig.win32.disconnectNamedPipe(server), Win32Error.ERROR_SUCCESS)) {
            assertEquals(Win32Error.ERROR_PIPE_NOT_CONNECTED, rig.endListen(listen));
            assertEquals(-Win32Error.ERROR_PIPE_BUSY, rig.dial(rig.path));
        } else {
            assertEquals(Win32Error.ERROR_SUCCESS, rig.cancel(listen));
            assertEquals(Win32Error.ERROR_OPERATION_ABORTED, rig.endListen(listen));
        }
    }

    @Test
    @Fact({"F103", "F104", "F235"})
    void disconnect_byAClient_isRefused() {
        long[] pair = rig.pair(0);
        answers("F103 F235", rig.win32.disconnectNamedPipe(pair[1]), Win32Error.ERROR_INVALID_FUNCTION);
        assertEquals(3, rig.state(pair[1]));
        assertEquals(Win32Error.ERROR_SUCCESS, rig.win32.disconnectNamedPipe(pair[0]));
        answers("F104", rig.win32.disconnectNamedPipe(pair[1]), Win32Error.ERROR_PIPE_NOT_CONNECTED);
    }

    @Test
    @Fact({"F091", "F097"})
    void disconnect_ofAHandleWithAPort_queuesNoPacket() {
        long[] pair = rig.pair(0);
        assertEquals(Win32Error.ERROR_SUCCESS, rig.win32.disconnectNamedPipe(pair[0]));
        assertEquals(Win32Error.WAIT_TIMEOUT, rig.dequeue(0));
    }

    @Test
    @Fact("F204")
    void portLeft_thenDisconnected_instanceListensAndJoinsAPortAgain() {
        long[] pair = rig.pair(0);
        rig.end(rig.write(pair[0], "x"));
        if (!answers("F204", rig.leave(pair[0]), Win32Error.ERROR_SUCCESS)) {
            return;
        }
        assertEquals(Win32Error.ERROR_SUCCESS, rig.readMode(pair[0], 0));
        assertEquals(Win32Error.ERROR_SUCCESS, rig.win32.disconnectNamedPipe(pair[0]));
        Rig.Op listen = rig.listen(pair[0]);
        long next = rig.client();
        assertEquals(Win32Error.ERROR_SUCCESS, rig.endListen(listen));
        rig.join(pair[0]);
        rig.join(next);
        rig.end(rig.write(next, "y"));
        assertEquals("y", rig.end(rig.read(pair[0], 10)).text());
    }

    private void assertDisconnected(long end) {
        assertEquals(Win32Error.ERROR_PIPE_NOT_CONNECTED, rig.end(rig.read(end, 10)).error);
        assertEquals(Win32Error.ERROR_PIPE_NOT_CONNECTED, rig.end(rig.write(end, "x")).error);
    }
}
