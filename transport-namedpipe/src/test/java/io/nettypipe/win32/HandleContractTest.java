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

import java.nio.charset.StandardCharsets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What can be asked of a handle that somebody else opened, on the real system and on the model of it. */
class HandleContractTest extends ContractTest {
    private static final int SYNCHRONOUS = 0x30;
    private static final int DATA = PipeFlags.FILE_READ_DATA | PipeFlags.FILE_WRITE_DATA;
    private static final int ROOM = 1024;

    private int query(long handle, int informationClass, NativeMemory scratch) {
        return rig.win32.queryInformationFile(handle, informationClass, scratch.address(), ROOM);
    }

    private int ask(long handle, int informationClass) {
        try (NativeMemory scratch = new NativeMemory(16 + ROOM, 8)) {
            assertEquals(WinError.ERROR_SUCCESS, query(handle, informationClass, scratch));
            return scratch.view().getInt(16);
        }
    }

    private int refusal(long handle, int informationClass) {
        try (NativeMemory scratch = new NativeMemory(16 + ROOM, 8)) {
            return query(handle, informationClass, scratch);
        }
    }

    private long synchronousClient() {
        try (NativeMemory text = NativeMemory.wideString(rig.path)) {
            return Rig.opened(rig.own(rig.win32.createFile(text.address(),
                    PipeFlags.GENERIC_READ | PipeFlags.GENERIC_WRITE, 0)));
        }
    }

    @Test
    void mode_ofAHandle_tellsWhetherItIsSynchronous() {
        long server = rig.server(0);
        assertEquals(0, ask(server, PipeFlags.FILE_MODE_INFORMATION) & SYNCHRONOUS);
        assertEquals(0, ask(rig.client(), PipeFlags.FILE_MODE_INFORMATION) & SYNCHRONOUS);
        long other = Rig.opened(rig.create(PipeFlags.PIPE_ACCESS_DUPLEX, 0, 255));
        assertNotEquals(0, ask(other, PipeFlags.FILE_MODE_INFORMATION) & SYNCHRONOUS);
        assertNotEquals(0, ask(synchronousClient(), PipeFlags.FILE_MODE_INFORMATION) & SYNCHRONOUS);
    }

    @Test
    void synchronousHandle_joiningAPort_isRefused() {
        rig.server(0);
        assertEquals(WinError.ERROR_INVALID_PARAMETER, rig.win32.associate(synchronousClient(), rig.port, 1));
    }

    @Test
    void handleThatHasAPort_joiningAnother_isRefused() {
        rig.server(0);
        long client = rig.client();
        rig.join(client);
        long another = rig.own(rig.win32.createCompletionPort());
        assertEquals(WinError.ERROR_INVALID_PARAMETER, rig.win32.associate(client, another, 1));
    }

    @Test
    void access_ofAHandle_tellsItsDirections() {
        long server = rig.server(0);
        assertEquals(DATA, ask(server, PipeFlags.FILE_ACCESS_INFORMATION) & DATA);
        long reader = Rig.opened(rig.dial(rig.path, PipeFlags.GENERIC_READ));
        assertEquals(PipeFlags.FILE_READ_DATA, ask(reader, PipeFlags.FILE_ACCESS_INFORMATION) & DATA);
        rig.server(0);
        long writer = Rig.opened(rig.dial(rig.path, PipeFlags.GENERIC_WRITE));
        assertEquals(PipeFlags.FILE_WRITE_DATA, ask(writer, PipeFlags.FILE_ACCESS_INFORMATION) & DATA);
    }

    @Test
    void name_ofEachEnd_isThePipes() {
        long[] pair = {rig.server(0), rig.client()};
        for (long handle : pair) {
            try (NativeMemory scratch = new NativeMemory(16 + ROOM, 8)) {
                assertEquals(WinError.ERROR_SUCCESS, query(handle, PipeFlags.FILE_NAME_INFORMATION, scratch));
                byte[] name = new byte[scratch.view().getInt(16)];
                scratch.view().get(20, name);
                String text = new String(name, StandardCharsets.UTF_16LE);
                assertTrue(text.startsWith("\\") && rig.path.endsWith(text), text);
            }
        }
    }

    @Test
    void readMode_ofEachEnd_isWhatItWasSetTo() {
        long server = rig.server(Rig.MESSAGE);
        long client = rig.client();
        assertEquals(1, ask(server, PipeFlags.FILE_PIPE_INFORMATION));
        assertEquals(0, ask(client, PipeFlags.FILE_PIPE_INFORMATION));
        assertEquals(WinError.ERROR_SUCCESS, rig.readMode(client, PipeFlags.PIPE_READMODE_MESSAGE));
        assertEquals(1, ask(client, PipeFlags.FILE_PIPE_INFORMATION));
    }

    @Test
    void questionsOfPipes_aboutWhatIsNone_areRefused() {
        for (long handle : new long[] {rig.device(), rig.port, 0x7FFF_FFF0L}) {
            assertNotEquals(WinError.ERROR_SUCCESS, refusal(handle, PipeFlags.FILE_PIPE_LOCAL_INFORMATION));
            assertNotEquals(WinError.ERROR_SUCCESS, refusal(handle, PipeFlags.FILE_PIPE_INFORMATION));
        }
        assertEquals(WinError.ERROR_INVALID_HANDLE, refusal(0x7FFF_FFF0L, PipeFlags.FILE_MODE_INFORMATION));
    }
}
