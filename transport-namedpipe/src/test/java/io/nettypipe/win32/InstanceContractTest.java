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

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** How instances and clients come and go, on the real system and on the model of it. */
class InstanceContractTest extends ContractTest {
    private static final int WRITE_DAC = 0x40000;
    private static final int FIRST = Rig.DUPLEX | PipeFlags.FILE_FLAG_FIRST_PIPE_INSTANCE;

    @Test
    @Fact({"F001", "F003", "F004"})
    void instance_ofABadNameOrNumber_isRefused() {
        assertEquals(-Win32Error.ERROR_INVALID_NAME, rig.create("orders", Rig.DUPLEX, 0, 1));
        opens("F003", rig.create(Rig.DUPLEX, 0, 0), Win32Error.ERROR_INVALID_PARAMETER);
        rig.rename();
        opens("F004", rig.create(PipeFlags.FILE_FLAG_OVERLAPPED, 0, 1), Win32Error.ERROR_INVALID_PARAMETER);
    }

    @Test
    @Fact({"F008", "F221"})
    void instance_ofAnotherTypeAndLimitThanTheFirst_isOneMoreOfTheFirst() {
        long first = Rig.opened(rig.create(Rig.DUPLEX | WRITE_DAC, 0, 3));
        long second = Rig.opened(rig.create(Rig.DUPLEX | WRITE_DAC, PipeFlags.PIPE_TYPE_MESSAGE, 7));
        for (int index : new int[] {0, 2, 3}) {
            assertEquals(rig.localInformation(first, index), rig.localInformation(second, index));
        }
        assertEquals(3, rig.localInformation(second, 2));
    }

    @Test
    @Fact("F006")
    void instance_overTheLimit_isTooManyWhateverElseIsWrongWithIt() {
        Rig.opened(rig.create(Rig.DUPLEX, 0, 1));
        assertEquals(-Win32Error.ERROR_PIPE_BUSY,
                rig.create(PipeFlags.PIPE_ACCESS_INBOUND | PipeFlags.FILE_FLAG_OVERLAPPED, 0, 1));
        opens("F006", rig.create(FIRST, 0, 1), Win32Error.ERROR_PIPE_BUSY);
    }

    @Test
    @Fact("F016")
    void name_behindOneThatExists_isNone() {
        rig.server(0);
        String behind = rig.path + "\\behind";
        answers("F016", "open: " + Rig.text(errorOf(rig.dial(behind))) + ", create: "
                + Rig.text(errorOf(rig.create(behind, Rig.DUPLEX, 0, 1))), "open: error 123, create: error 123");
    }

    @Test
    @Fact({"F017", "F018"})
    void name_ofOddCharacters_isKeptAsItIs() {
        for (String odd : new String[] {"\\", ":", "<>*?|\"", "..x", " x"}) {
            rig.rename();
            Rig.opened(rig.create(rig.path + odd, Rig.DUPLEX, 0, 1));
            assertEquals(-Win32Error.ERROR_FILE_NOT_FOUND, rig.dial(rig.path), odd);
            Rig.opened(rig.dial((rig.path + odd).toUpperCase(Locale.ROOT)));
        }
    }

    @Test
    @Fact({"F023", "F233"})
    void client_ofSeveralFreeInstances_getsTheOneThatIsFreeLongest() {
        long[] servers = {rig.server(0), rig.server(0), rig.server(0)};
        // That a listen waits makes no difference.
        Rig.Op listen = rig.listen(servers[1]);
        String order = served(servers) + served(servers);
        rig.endListen(listen);
        assertEquals(Win32Error.ERROR_SUCCESS, rig.win32.disconnectNamedPipe(servers[0]));
        assertEquals(Win32Error.ERROR_SUCCESS, rig.win32.disconnectNamedPipe(servers[1]));
        Rig.Op[] listens = {rig.listen(servers[1]), rig.listen(servers[0])};
        order += served(servers) + served(servers);
        rig.endListen(listens[0]);
        order += served(servers);
        rig.endListen(listens[1]);
        answers("F023 F233", order, "01210");
    }

    /** The index of the instance that a new client gets. */
    private String served(long[] servers) {
        int[] before = Arrays.stream(servers).mapToInt(rig::state).toArray();
        rig.client();
        return IntStream.range(0, servers.length).filter(i -> rig.state(servers[i]) != before[i])
                .mapToObj(Integer::toString).collect(Collectors.joining());
    }

    @Test
    @Fact("F002")
    void instance_ofBytesReadAsMessages_isRefused() {
        assertEquals(-Win32Error.ERROR_INVALID_PARAMETER,
                rig.create(Rig.DUPLEX, PipeFlags.PIPE_READMODE_MESSAGE, 1));
    }

    @Test
    @Fact("F005")
    void firstInstance_ofATakenName_isRefused() {
        rig.server(0);
        assertEquals(-Win32Error.ERROR_ACCESS_DENIED, rig.create(FIRST, 0, 255));
    }

    @Test
    void firstInstance_afterAllWereClosed_isCreated() {
        long[] pair = rig.pair(0);
        rig.close(pair[0]);
        rig.close(pair[1]);
        assertTrue(rig.create(FIRST, 0, 255) > 0);
    }

    @Test
    @Fact("F006")
    void instance_overTheLimit_isRefusedUntilOneIsClosed() {
        long first = rig.create(Rig.DUPLEX, 0, 2);
        assertTrue(rig.create(Rig.DUPLEX, 0, 2) > 0);
        assertEquals(-Win32Error.ERROR_PIPE_BUSY, rig.create(Rig.DUPLEX, 0, 2));
        rig.close(first);
        assertTrue(rig.create(Rig.DUPLEX, 0, 2) > 0);
    }

    @Test
    @Fact({"F011", "F012", "F208"})
    void instance_leftByItsServer_isGoneAndWithItNameTypeDirectionAndLimit() {
        long server = rig.create(Rig.DUPLEX, 0, 1);
        long client = rig.client();
        rig.join(server);
        rig.join(client);
        rig.end(rig.write(server, "left behind"));
        rig.close(server);
        assertEquals(0, rig.localInformation(client, 3));
        int inbound = PipeFlags.PIPE_ACCESS_INBOUND | PipeFlags.FILE_FLAG_OVERLAPPED;
        long another = Rig.opened(rig.create(inbound | PipeFlags.FILE_FLAG_FIRST_PIPE_INSTANCE,
                PipeFlags.PIPE_TYPE_MESSAGE, 2));
        assertEquals(1, rig.localInformation(another, 0));
        assertEquals("left behind", rig.end(rig.read(client, 100)).text());
        rig.close(client);
        // The first one's client has not taken the name with it.
        Rig.opened(rig.dial(rig.path, PipeFlags.GENERIC_WRITE));
        Rig.opened(rig.create(inbound, 0, 2));
    }

    @Test
    @Fact({"F020", "F029"})
    void client_ofANameThatNobodyServes_isRefused() {
        assertEquals(-Win32Error.ERROR_FILE_NOT_FOUND, rig.dial(rig.path));
        long server = rig.server(0);
        rig.client();
        rig.close(server);
        assertEquals(-Win32Error.ERROR_FILE_NOT_FOUND, rig.dial(rig.path));
    }

    @Test
    @Fact({"F018", "F022"})
    void client_beforeAnyListen_connects() {
        rig.server(0);
        assertTrue(rig.dial(rig.path.toUpperCase(Locale.ROOT)) > 0);
    }

    @Test
    @Fact("F021")
    void client_ofBusyInstances_isRefusedUntilThereIsAnother() {
        rig.server(0);
        rig.client();
        assertEquals(-Win32Error.ERROR_PIPE_BUSY, rig.dial(rig.path));
        rig.server(0);
        assertTrue(rig.dial(rig.path) > 0);
    }

    @Test
    @Fact("F021")
    void instance_leftByItsClient_isFreeForNoOther() {
        rig.server(0);
        rig.close(rig.client());
        assertEquals(-Win32Error.ERROR_PIPE_BUSY, rig.dial(rig.path));
    }

    @Test
    @Fact("F117")
    void info_ofEachEnd_tellsTypeAndSide() {
        try (NativeMemory flags = new NativeMemory(4, 4)) {
            long server = rig.server(Rig.MESSAGE);
            long client = rig.client();
            assertEquals(Win32Error.ERROR_SUCCESS, rig.win32.getNamedPipeInfo(server, flags.address()));
            assertEquals(5, flags.view().getInt(0));
            assertEquals(Win32Error.ERROR_SUCCESS, rig.win32.getNamedPipeInfo(client, flags.address()));
            assertEquals(4, flags.view().getInt(0));
        }
    }

    @Test
    @Fact("F110")
    void messageReadMode_onAByteType_isRefused() {
        rig.server(0);
        assertEquals(Win32Error.ERROR_INVALID_PARAMETER, rig.readMode(rig.client(), PipeFlags.PIPE_READMODE_MESSAGE));
    }

    @Test
    @Fact({"F031", "F032"})
    void listen_thenClient_callsTheProcedureAndLeavesTheHandleFree() {
        long server = rig.server(0);
        Rig.Op listen = rig.listen(server);
        assertEquals(Win32Error.ERROR_IO_PENDING, listen.answer);
        assertEquals(Win32Error.WAIT_TIMEOUT, rig.dequeue(0));
        assertFalse(rig.isSignalled());
        rig.client();
        assertEquals(Win32Error.ERROR_SUCCESS, rig.endListen(listen));
        rig.join(server);
    }

    @Test
    @Fact({"F034", "F235"})
    void listen_byAClient_isRefused() {
        rig.server(0);
        long client = rig.client();
        assertEquals(Win32Error.ERROR_INVALID_FUNCTION, rig.listen(client).answer);
        rig.join(client);
        assertEquals(Win32Error.ERROR_INVALID_FUNCTION,
                rig.end(rig.control(client, PipeFlags.FSCTL_PIPE_LISTEN)).error);
    }

    @Test
    @Fact("F037")
    void listen_twice_endsTwice() {
        long server = rig.server(0);
        rig.join(server);
        Rig.Op first = rig.control(server, PipeFlags.FSCTL_PIPE_LISTEN);
        Rig.Op second = rig.control(server, PipeFlags.FSCTL_PIPE_LISTEN);
        rig.assertPending(first);
        rig.assertPending(second);
        rig.client();
        assertEquals(Win32Error.ERROR_SUCCESS, rig.end(first).error);
        assertEquals(Win32Error.ERROR_SUCCESS, rig.end(second).error);
    }

    @Test
    @Fact({"F022", "F035"})
    void listen_afterTheClient_saysConnected() {
        long server = rig.server(0);
        rig.client();
        assertEquals(Win32Error.ERROR_PIPE_CONNECTED, rig.listen(server).answer);
        assertEquals(Win32Error.WAIT_TIMEOUT, rig.dequeue(0));
    }

    @Test
    @Fact({"F035", "F053", "F228"})
    void listen_afterTheClientLeft_saysSoAndItsBytesCanBeRead() {
        long server = rig.server(0);
        long client = rig.client();
        rig.join(client);
        assertEquals(Win32Error.ERROR_SUCCESS, rig.end(rig.write(client, "bye")).error);
        rig.close(client);
        assertEquals(Win32Error.ERROR_NO_DATA, rig.listen(server).answer);
        assertEquals(Win32Error.ERROR_NO_DATA, rig.listen(server).answer);
        rig.join(server);
        assertEquals("bye", rig.end(rig.read(server, 10)).text());
        assertEquals(Win32Error.ERROR_BROKEN_PIPE, rig.end(rig.read(server, 10)).error);
    }

    @Test
    @Fact({"F038", "F078", "F079"})
    void listen_cancelled_endsAbortedAndCanBeDoneAgain() {
        long server = rig.server(0);
        Rig.Op listen = rig.listen(server);
        assertEquals(Win32Error.ERROR_SUCCESS, rig.cancel(listen));
        assertEquals(Win32Error.ERROR_OPERATION_ABORTED, rig.endListen(listen));
        Rig.Op again = rig.listen(server);
        rig.client();
        assertEquals(Win32Error.ERROR_SUCCESS, rig.endListen(again));
        assertEquals(Win32Error.ERROR_NOT_FOUND, rig.cancel(again));
    }

    @Test
    @Fact({"F052", "F054"})
    void reading_andWriting_beforeAClient_isRefused() {
        long server = rig.server(0);
        rig.join(server);
        assertEquals(536, rig.end(rig.read(server, 10)).error);
        assertEquals(536, rig.end(rig.write(server, "x")).error);
    }
}
