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

import java.util.Locale;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** How instances and clients come and go, on the real system and on the model of it. */
class InstanceContractTest extends ContractTest {
    private static final int FIRST = Rig.DUPLEX | PipeFlags.FILE_FLAG_FIRST_PIPE_INSTANCE;

    @Test
    void instance_ofABadNameOrNumber_isRefused() {
        assertEquals(-WinError.ERROR_INVALID_NAME, rig.create("orders", Rig.DUPLEX, 0, 1));
        if (!system.isWine()) {
            assertEquals(-WinError.ERROR_INVALID_PARAMETER, rig.create(Rig.DUPLEX, 0, 0));
        }
    }

    @Test
    void instance_ofBytesReadAsMessages_isRefused() {
        assertEquals(-WinError.ERROR_INVALID_PARAMETER,
                rig.create(Rig.DUPLEX, PipeFlags.PIPE_READMODE_MESSAGE, 1));
    }

    @Test
    void firstInstance_ofATakenName_isRefused() {
        rig.server(0);
        assertEquals(-WinError.ERROR_ACCESS_DENIED, rig.create(FIRST, 0, 255));
    }

    @Test
    void firstInstance_afterAllWereClosed_isCreated() {
        long[] pair = rig.pair(0);
        rig.close(pair[0]);
        rig.close(pair[1]);
        assertTrue(rig.create(FIRST, 0, 255) > 0);
    }

    @Test
    void instance_overTheLimit_isRefusedUntilOneIsClosed() {
        long first = rig.create(Rig.DUPLEX, 0, 2);
        assertTrue(rig.create(Rig.DUPLEX, 0, 2) > 0);
        assertEquals(-WinError.ERROR_PIPE_BUSY, rig.create(Rig.DUPLEX, 0, 2));
        rig.close(first);
        assertTrue(rig.create(Rig.DUPLEX, 0, 2) > 0);
    }

    @Test
    void instance_leftByItsServerOnly_stillCountsOnWindows() {
        long server = rig.create(Rig.DUPLEX, 0, 1);
        long client = rig.client();
        rig.close(server);
        long another = rig.create(Rig.DUPLEX, 0, 1);
        if (system.isWine()) {
            assertTrue(another > 0, () -> "error " + -another);
            rig.close(client);
        } else {
            assertEquals(-WinError.ERROR_PIPE_BUSY, another);
            rig.close(client);
            assertTrue(rig.create(FIRST, 0, 1) > 0);
        }
        // The first one's client has not taken the name with it.
        rig.client();
    }

    @Test
    void client_ofANameThatNobodyServes_isRefused() {
        assertEquals(-WinError.ERROR_FILE_NOT_FOUND, rig.dial(rig.path));
        long server = rig.server(0);
        rig.client();
        rig.close(server);
        assertEquals(-WinError.ERROR_FILE_NOT_FOUND, rig.dial(rig.path));
    }

    @Test
    void client_beforeAnyListen_connects() {
        rig.server(0);
        assertTrue(rig.dial(rig.path.toUpperCase(Locale.ROOT)) > 0);
    }

    @Test
    void client_ofBusyInstances_isRefusedUntilThereIsAnother() {
        rig.server(0);
        rig.client();
        assertEquals(-WinError.ERROR_PIPE_BUSY, rig.dial(rig.path));
        rig.server(0);
        assertTrue(rig.dial(rig.path) > 0);
    }

    @Test
    void instance_leftByItsClient_isFreeForNoOther() {
        rig.server(0);
        rig.close(rig.client());
        assertEquals(-WinError.ERROR_PIPE_BUSY, rig.dial(rig.path));
    }

    @Test
    void info_ofEachEnd_tellsTypeAndSide() {
        try (NativeMemory flags = new NativeMemory(4, 4)) {
            long server = rig.server(Rig.MESSAGE);
            long client = rig.client();
            assertEquals(WinError.ERROR_SUCCESS, rig.win32.getNamedPipeInfo(server, flags.address()));
            assertEquals(5, flags.view().getInt(0));
            assertEquals(WinError.ERROR_SUCCESS, rig.win32.getNamedPipeInfo(client, flags.address()));
            assertEquals(4, flags.view().getInt(0));
        }
    }

    @Test
    void messageReadMode_onAByteType_isRefused() {
        rig.server(0);
        assertEquals(WinError.ERROR_INVALID_PARAMETER, rig.readMode(rig.client(), PipeFlags.PIPE_READMODE_MESSAGE));
    }

    @Test
    void listen_thenClient_callsTheProcedureAndLeavesTheHandleFree() {
        long server = rig.server(0);
        Rig.Op listen = rig.listen(server);
        assertEquals(WinError.ERROR_IO_PENDING, listen.answer);
        assertEquals(WinError.WAIT_TIMEOUT, rig.dequeue(0));
        rig.client();
        assertEquals(WinError.ERROR_SUCCESS, rig.endListen(listen));
        rig.join(server);
    }

    @Test
    void listen_afterTheClient_saysConnected() {
        long server = rig.server(0);
        rig.client();
        assertEquals(WinError.ERROR_PIPE_CONNECTED, rig.listen(server).answer);
        assertEquals(WinError.WAIT_TIMEOUT, rig.dequeue(0));
    }

    @Test
    void listen_afterTheClientLeft_saysSoAndItsBytesCanBeRead() {
        long server = rig.server(0);
        long client = rig.client();
        rig.join(client);
        assertEquals(WinError.ERROR_SUCCESS, rig.end(rig.write(client, "bye")).error);
        rig.close(client);
        assertEquals(WinError.ERROR_NO_DATA, rig.listen(server).answer);
        assertEquals(WinError.ERROR_NO_DATA, rig.listen(server).answer);
        rig.join(server);
        assertEquals("bye", rig.end(rig.read(server, 10)).text());
        assertEquals(WinError.ERROR_BROKEN_PIPE, rig.end(rig.read(server, 10)).error);
    }

    @Test
    void listen_cancelled_endsAbortedAndCanBeDoneAgain() {
        long server = rig.server(0);
        Rig.Op listen = rig.listen(server);
        assertEquals(WinError.ERROR_SUCCESS, rig.cancel(listen));
        assertEquals(WinError.ERROR_OPERATION_ABORTED, rig.endListen(listen));
        Rig.Op again = rig.listen(server);
        rig.client();
        assertEquals(WinError.ERROR_SUCCESS, rig.endListen(again));
        assertEquals(WinError.ERROR_NOT_FOUND, rig.cancel(again));
    }

    @Test
    void reading_andWriting_beforeAClient_isRefused() {
        long server = rig.server(0);
        rig.join(server);
        assertEquals(536, rig.end(rig.read(server, 10)).error);
        assertEquals(536, rig.end(rig.write(server, "x")).error);
    }
}
