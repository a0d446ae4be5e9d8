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
            assertEquals(Win32Error.ERROR_SUCCESS, query(handle, informationClass, scratch));
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
    @Fact("F093")
    void synchronousHandle_joiningAPort_isRefused() {
        rig.server(0);
        assertEquals(Win32Error.ERROR_INVALID_PARAMETER, rig.win32.associate(synchronousClient(), rig.port, 1));
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
    @Fact("F014")
    void access_ofAServersHandle_isOfItsDirection() {
        int[] masks = {0x120089, 0x120116, 0x12019F};
        for (int direction = PipeFlags.PIPE_ACCESS_INBOUND; direction <= PipeFlags.PIPE_ACCESS_DUPLEX; direction++) {
            rig.rename();
            long server = Rig.opened(rig.create(PipeFlags.FILE_FLAG_OVERLAPPED | direction, 0, 255));
            assertEquals(masks[direction - 1], ask(server, PipeFlags.FILE_ACCESS_INFORMATION));
        }
    }

    @Test
    @Fact({"F025", "F026"})
    void access_ofAClientsHandle_isAllThatItAskedForAndWhatCreateFileAdds() {
        rig.server(0);
        long writer = Rig.opened(rig.dial(rig.path, PipeFlags.GENERIC_WRITE));
        answers("F025", hex(ask(writer, PipeFlags.FILE_ACCESS_INFORMATION)), hex(0x120196));
        rig.server(0);
        long nothing = Rig.opened(rig.dial(rig.path, 0));
        answers("F026", hex(ask(nothing, PipeFlags.FILE_ACCESS_INFORMATION)), hex(0x100080));
    }

    private static String hex(int access) {
        return "0x" + Integer.toHexString(access);
    }

    @Test
    @Fact("F230")
    void handle_ofAnyKind_isASmallMultipleOfFour() {
        for (long handle : new long[] {rig.server(0), rig.client(), rig.port, rig.device()}) {
            assertEquals(handle, (int) handle);
            assertTrue(handle > 0 && handle % 4 == 0, () -> "handle " + handle);
        }
    }

    @Test
    @Fact("F108")
    void name_ofEachEnd_isThePipes() {
        long[] pair = {rig.server(0), rig.client()};
        for (long handle : pair) {
            try (NativeMemory scratch = new NativeMemory(16 + ROOM, 8)) {
                assertEquals(Win32Error.ERROR_SUCCESS, query(handle, PipeFlags.FILE_NAME_INFORMATION, scratch));
                byte[] name = new byte[scratch.view().getInt(16)];
                scratch.view().get(20, name);
                String text = new String(name, StandardCharsets.UTF_16LE);
                assertTrue(text.startsWith("\\") && rig.path.endsWith(text), text);
            }
        }
    }

    @Test
    @Fact("F030")
    void readMode_ofEachEnd_isWhatItWasSetTo() {
        long server = rig.server(Rig.MESSAGE);
        long client = rig.client();
        assertEquals(1, ask(server, PipeFlags.FILE_PIPE_INFORMATION));
        assertEquals(0, ask(client, PipeFlags.FILE_PIPE_INFORMATION));
        assertEquals(Win32Error.ERROR_SUCCESS, rig.readMode(client, PipeFlags.PIPE_READMODE_MESSAGE));
        assertEquals(1, ask(client, PipeFlags.FILE_PIPE_INFORMATION));
    }

    @Test
    @Fact({"F111", "F112", "F113"})
    void readMode_ofAnEndThatIsAlone_isSetUnlessTheServerThrewItOut() {
        long[] pair = rig.pair(Rig.MESSAGE);
        assertEquals(Win32Error.ERROR_SUCCESS, rig.win32.disconnectNamedPipe(pair[0]));
        assertEquals(Win32Error.ERROR_SUCCESS, rig.readMode(pair[0], 0));
        assertEquals(Win32Error.ERROR_PIPE_NOT_CONNECTED, rig.readMode(pair[1], 0));
        assertEquals(Win32Error.ERROR_PIPE_NOT_CONNECTED, refusal(pair[1], PipeFlags.FILE_PIPE_INFORMATION));
        rig.rename();
        long server = rig.server(Rig.MESSAGE);
        long client = rig.client();
        rig.close(server);
        assertEquals(Win32Error.ERROR_SUCCESS, rig.readMode(client, PipeFlags.PIPE_READMODE_MESSAGE));
        assertEquals(1, ask(client, PipeFlags.FILE_PIPE_INFORMATION));
    }

    @Test
    @Fact({"F114", "F115", "F215"})
    void quotas_ofBothEnds_areWhatTheServerGaveAndWhatIsLeft() {
        long[] pair = rig.pair(rig.serverOfQuotas(0, 200, 100), 0);
        for (long end : pair) {
            answers("F114", rig.localInformation(end, 4) + " in, " + rig.localInformation(end, 6) + " out",
                    "100 in, 200 out");
        }
        answers("F115", left(pair), "200, 100");
        rig.end(rig.write(pair[0], "12345"));
        rig.end(rig.write(pair[1], "1"));
        answers("F115", left(pair), "195, 99");
        rig.end(rig.read(pair[0], 1));
        rig.end(rig.read(pair[1], 5));
        // A read that waits takes of the quota of what it reads; one of nothing takes nothing.
        rig.read(pair[0], 0);
        answers("F215", left(pair), "200, 100");
        rig.read(pair[0], 30);
        rig.read(pair[1], 1000);
        answers("F215", left(pair), "0, 70");
    }

    /** What the server may write, and the client. */
    private String left(long[] pair) {
        return rig.localInformation(pair[0], 7) + ", " + rig.localInformation(pair[1], 7);
    }

    @Test
    @Fact({"F116", "F227"})
    void unreadBytes_alsoOfAWriteThatWaits_areToldUntilTheyAreReadOrCancelled() {
        long[] pair = rig.pair(0);
        rig.end(rig.write(pair[0], "abc"));
        Rig.Op write = rig.write(pair[0], "x".repeat(2 * Rig.QUOTA));
        assertEquals(3 + 2 * Rig.QUOTA, rig.localInformation(pair[1], 5));
        assertEquals(Win32Error.ERROR_SUCCESS, rig.cancel(write));
        rig.end(write);
        assertEquals(3, rig.localInformation(pair[1], 5));
        rig.close(pair[0]);
        assertEquals(4, rig.state(pair[1]));
        assertEquals(3, rig.localInformation(pair[1], 5));
    }

    @Test
    void questionsOfPipes_aboutWhatIsNone_areRefused() {
        for (long handle : new long[] {rig.device(), rig.port, 0x7FFF_FFF0L}) {
            assertNotEquals(Win32Error.ERROR_SUCCESS, refusal(handle, PipeFlags.FILE_PIPE_LOCAL_INFORMATION));
            assertNotEquals(Win32Error.ERROR_SUCCESS, refusal(handle, PipeFlags.FILE_PIPE_INFORMATION));
        }
        assertEquals(Win32Error.ERROR_INVALID_HANDLE, refusal(0x7FFF_FFF0L, PipeFlags.FILE_MODE_INFORMATION));
    }
}
