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

import io.nettypipe.win32.model.ModelDescriptor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.Locale;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** An instance that serves nobody, and only keeps the name. */
class HolderContractTest extends ContractTest {
    private static final int FIRST = Rig.DUPLEX | PipeFlags.FILE_FLAG_FIRST_PIPE_INSTANCE;
    private static final int INBOUND = PipeFlags.PIPE_ACCESS_INBOUND;
    private static final int LONG = 20_000;
    private static final String EVERYBODY = "D:(A;;FA;;;WD)";

    private long holder;

    private long hold(int openMode, int pipeMode, int maxInstances) throws SystemCallException {
        return rig.hold(openMode, pipeMode, maxInstances, EVERYBODY);
    }

    @BeforeEach
    void hold() throws SystemCallException {
        holder = Rig.opened(hold(PipeFlags.PIPE_ACCESS_DUPLEX, 0, 255));
    }

    @Test
    @Fact("F015")
    void holder_noOtherInstance_clientsFindThePipeBusyAndWait() {
        assertEquals(-Win32Error.ERROR_PIPE_BUSY, rig.dial(rig.path));
        assertEquals(Win32Error.ERROR_SEM_TIMEOUT, rig.wait(rig.path, 1));
        Rig.Op wait = rig.await(rig.device(), rig.path, LONG);
        rig.assertPending(wait);
        long server = rig.server(0);
        assertEquals(Win32Error.ERROR_SUCCESS, rig.end(wait).error);
        long client = rig.client();
        assertEquals(-Win32Error.ERROR_PIPE_BUSY, rig.dial(rig.path));
        rig.join(server);
        rig.join(client);
        rig.end(rig.write(client, "x"));
        assertEquals("x", rig.end(rig.read(server, 10)).text());
    }

    @Test
    void holder_serversComeAndGo_nameIsTakenUntilItIsClosed() throws Exception {
        for (int i = 0; i < 3; i++) {
            long[] pair = rig.pair(0);
            assertTaken();
            rig.close(pair[i % 2]);
            rig.close(pair[1 - i % 2]);
            assertTaken();
            assertEquals(-Win32Error.ERROR_PIPE_BUSY, rig.dial(rig.path));
        }
        rig.close(holder);
        assertEquals(-Win32Error.ERROR_FILE_NOT_FOUND, rig.dial(rig.path));
        Rig.opened(rig.create(FIRST, 0, 255));
        assertEquals(-Win32Error.ERROR_ACCESS_DENIED, hold(PipeFlags.PIPE_ACCESS_DUPLEX, 0, 255));
    }

    private void assertTaken() throws Exception {
        assertEquals(-Win32Error.ERROR_ACCESS_DENIED, rig.create(FIRST, 0, 255));
        rig.path = rig.path.toUpperCase(Locale.ROOT);
        assertEquals(-Win32Error.ERROR_ACCESS_DENIED, hold(PipeFlags.PIPE_ACCESS_DUPLEX, 0, 255));
    }

    @Test
    void holder_ofALimit_leavesRoomForAsManyInstances() throws Exception {
        for (int limit : new int[] {1, 254}) {
            rig.rename();
            hold(PipeFlags.PIPE_ACCESS_DUPLEX, 0, limit);
            long last = 0;
            for (int i = 0; i < limit; i++) {
                last = rig.server(0);
            }
            assertEquals(-Win32Error.ERROR_PIPE_BUSY, rig.create(Rig.DUPLEX, 0, limit));
            assertTrue(hold(PipeFlags.PIPE_ACCESS_DUPLEX, 0, limit) < 0);
            rig.close(last);
            last = rig.server(0);
            // No client needs to have left.
            rig.client();
            rig.close(last);
            rig.server(0);
        }
        rig.rename();
        hold(PipeFlags.PIPE_ACCESS_DUPLEX, 0, 255);
        for (int i = 0; i < 300; i++) {
            rig.server(0);
        }
    }

    @Test
    void holder_thatRejectsOtherMachines_isOfBytesUnlessItSaysOtherwise() throws Exception {
        for (int type : new int[] {0, PipeFlags.PIPE_TYPE_MESSAGE}) {
            rig.rename();
            hold(PipeFlags.PIPE_ACCESS_DUPLEX, type | PipeFlags.PIPE_REJECT_REMOTE_CLIENTS, 255);
            assertEquals(type == 0 ? 0 : 1, rig.localInformation(rig.server(0), 0));
        }
    }

    @Test
    void holder_ofATypeAndDirection_saysThemForAll() throws Exception {
        rig.rename();
        hold(INBOUND, PipeFlags.PIPE_TYPE_MESSAGE | PipeFlags.PIPE_READMODE_MESSAGE, 255);
        assertEquals(-Win32Error.ERROR_ACCESS_DENIED, rig.create(Rig.DUPLEX, 0, 255));
        long server = Rig.opened(rig.create(INBOUND | PipeFlags.FILE_FLAG_OVERLAPPED, 0, 255));
        assertEquals(1, rig.localInformation(server, 0));
        assertEquals(0, rig.localInformation(server, 1));
        Rig.opened(rig.dial(rig.path, PipeFlags.GENERIC_WRITE));
    }

    @Test
    void holder_withADescriptor_saysItForAll() throws Exception {
        String user = rig.win32.identity().processUser();
        String sddl = "O:" + user + "D:P(D;;FA;;;NU)(A;;FA;;;" + user + ")";
        rig.rename();
        rig.hold(PipeFlags.PIPE_ACCESS_DUPLEX, 0, 255, sddl);
        String seen = rig.win32.identity().descriptorOf(rig.server(0));
        assertEquals(ModelDescriptor.of(sddl).toString(), ModelDescriptor.of(seen, user).toString());
    }

    @Test
    void holder_ofABadName_isRefused() throws Exception {
        rig.path = "orders";
        assertTrue(hold(PipeFlags.PIPE_ACCESS_DUPLEX, 0, 255) < 0);
    }
}
