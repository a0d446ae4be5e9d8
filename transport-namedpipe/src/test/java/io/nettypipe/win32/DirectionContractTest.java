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

/** Pipes of one direction, and who may ask what of them, on the real system and on the model of it. */
class DirectionContractTest extends ContractTest {
    private static final int INBOUND = PipeFlags.PIPE_ACCESS_INBOUND | PipeFlags.FILE_FLAG_OVERLAPPED;
    private static final int OUTBOUND = PipeFlags.PIPE_ACCESS_OUTBOUND | PipeFlags.FILE_FLAG_OVERLAPPED;
    private static final int BOTH = PipeFlags.GENERIC_READ | PipeFlags.GENERIC_WRITE;
    private static final int CONNECTED = 3;
    private static final int CLOSING = 4;

    private long[] pair(int openMode, int pipeMode, int access) {
        long server = Rig.opened(rig.create(openMode, pipeMode, 255));
        long client = Rig.opened(rig.dial(rig.path, access));
        rig.join(server);
        rig.join(client);
        return new long[] {server, client};
    }

    private void assertOneWay(long writer, long reader) {
        assertEquals(0, rig.end(rig.write(writer, "hello")).error);
        assertEquals("hello", rig.end(rig.read(reader, 10)).text());
        Rig.Op read = rig.read(writer, 10);
        rig.assertAtOnce(read);
        assertEquals(Win32Error.ERROR_ACCESS_DENIED, rig.end(read).error);
        Rig.Op write = rig.write(reader, "x");
        rig.assertAtOnce(write);
        assertEquals(Win32Error.ERROR_ACCESS_DENIED, rig.end(write).error);
        assertEquals(Win32Error.ERROR_ACCESS_DENIED, rig.end(rig.write(reader, "")).error);
    }

    @Test
    void inboundPipe_anyData_flowsFromTheClientToTheServerOnly() {
        long[] pair = pair(INBOUND, 0, PipeFlags.GENERIC_WRITE | PipeFlags.FILE_READ_ATTRIBUTES);
        assertOneWay(pair[1], pair[0]);
    }

    @Test
    void outboundPipe_anyData_flowsFromTheServerToTheClientOnly() {
        long[] pair = pair(OUTBOUND, 0, PipeFlags.GENERIC_READ);
        assertOneWay(pair[0], pair[1]);
    }

    @Test
    void clientOfADuplexPipe_thatAskedForOneDirection_hasThatOnly() {
        long[] pair = pair(Rig.DUPLEX, 0, PipeFlags.GENERIC_READ);
        assertEquals(Win32Error.ERROR_ACCESS_DENIED, rig.end(rig.write(pair[1], "x")).error);
        pair = pair(Rig.DUPLEX, 0, PipeFlags.GENERIC_WRITE);
        assertEquals(Win32Error.ERROR_ACCESS_DENIED, rig.end(rig.read(pair[1], 10)).error);
    }

    @Test
    @Fact("F027")
    void client_thatAsksForTheClosedDirection_isDenied() {
        rig.create(INBOUND, 0, 255);
        assertEquals(-Win32Error.ERROR_ACCESS_DENIED, rig.dial(rig.path, BOTH));
        assertEquals(-Win32Error.ERROR_ACCESS_DENIED, rig.dial(rig.path, PipeFlags.GENERIC_READ));
        Rig.opened(rig.dial(rig.path, PipeFlags.GENERIC_WRITE));
    }

    @Test
    @Fact("F027")
    void client_thatAsksForTheClosedDirectionOfABusyPipe_isDenied() {
        rig.create(INBOUND, 0, 255);
        Rig.opened(rig.dial(rig.path, PipeFlags.GENERIC_WRITE));
        assertEquals(-Win32Error.ERROR_PIPE_BUSY, rig.dial(rig.path, PipeFlags.GENERIC_WRITE));
        opens("F027", rig.dial(rig.path, BOTH), Win32Error.ERROR_ACCESS_DENIED);
    }

    @Test
    @Fact({"F107", "F108", "F217", "F133"})
    void outboundServer_asked_tellsItsNameAndItsPeerOnly() throws Exception {
        long[] pair = pair(OUTBOUND, 0, PipeFlags.GENERIC_READ);
        assertEquals((int) ProcessHandle.current().pid(), rig.win32.identity().processId(pair[0], true));
        try (NativeMemory scratch = new NativeMemory(1024, 8)) {
            assertEquals(Win32Error.ERROR_SUCCESS, rig.win32.queryInformationFile(pair[0],
                    PipeFlags.FILE_NAME_INFORMATION, scratch.address(), 1000));
            answers("F107", rig.win32.queryInformationFile(pair[0], PipeFlags.FILE_PIPE_LOCAL_INFORMATION,
                    scratch.address(), 40), Win32Error.ERROR_ACCESS_DENIED);
            answers("F217", rig.win32.getNamedPipeInfo(pair[0], scratch.address()), Win32Error.ERROR_ACCESS_DENIED);
        }
    }

    @Test
    void clientOfAnOutboundPipe_thatAsksToWrite_isDenied() {
        rig.create(OUTBOUND, 0, 255);
        assertEquals(-Win32Error.ERROR_ACCESS_DENIED, rig.dial(rig.path, BOTH));
        assertEquals(-Win32Error.ERROR_ACCESS_DENIED, rig.dial(rig.path, PipeFlags.GENERIC_WRITE));
        Rig.opened(rig.dial(rig.path, PipeFlags.GENERIC_READ | PipeFlags.FILE_WRITE_ATTRIBUTES));
    }

    @Test
    @Fact("F007")
    void instance_ofAnotherDirectionThanTheFirst_isDenied() {
        rig.create(INBOUND, 0, 255);
        assertEquals(-Win32Error.ERROR_ACCESS_DENIED, rig.create(OUTBOUND, 0, 255));
        assertEquals(-Win32Error.ERROR_ACCESS_DENIED, rig.create(Rig.DUPLEX, 0, 255));
        Rig.opened(rig.create(INBOUND, 0, 255));
    }

    @Test
    @Fact("F117")
    void configuration_ofEachDirection_isTold() {
        assertEquals(2, rig.localInformation(rig.server(0), 1));
        rig.rename();
        assertEquals(0, rig.localInformation(Rig.opened(rig.create(INBOUND, 0, 255)), 1));
    }

    @Test
    @Fact("F109")
    void readMode_ofAReadingClient_needsTheRightToWriteAttributes() {
        rig.create(OUTBOUND, Rig.MESSAGE, 255);
        rig.create(OUTBOUND, Rig.MESSAGE, 255);
        long reader = Rig.opened(rig.dial(rig.path, PipeFlags.GENERIC_READ));
        answers("F109", rig.readMode(reader, PipeFlags.PIPE_READMODE_MESSAGE), Win32Error.ERROR_ACCESS_DENIED);
        reader = Rig.opened(rig.dial(rig.path, PipeFlags.GENERIC_READ | PipeFlags.FILE_WRITE_ATTRIBUTES));
        assertEquals(Win32Error.ERROR_SUCCESS, rig.readMode(reader, PipeFlags.PIPE_READMODE_MESSAGE));
    }

    @Test
    void writingClient_thatAskedToReadAttributes_isToldTypeAndState() {
        long[] pair = pair(INBOUND, Rig.MESSAGE, PipeFlags.GENERIC_WRITE | PipeFlags.FILE_READ_ATTRIBUTES);
        try (NativeMemory flags = new NativeMemory(4, 4)) {
            assertEquals(Win32Error.ERROR_SUCCESS, rig.win32.getNamedPipeInfo(pair[1], flags.address()));
            assertEquals(PipeFlags.PIPE_TYPE_MESSAGE, flags.view().getInt(0));
        }
        assertEquals(CONNECTED, rig.localInformation(pair[1], 8));
        rig.close(pair[0]);
        assertEquals(CLOSING, rig.localInformation(pair[1], 8));
    }

    @Test
    @Fact({"F207", "F035"})
    void writingServer_thatListensAgain_isToldWhetherItsClientIsThere() {
        long[] pair = pair(OUTBOUND, 0, PipeFlags.GENERIC_READ);
        assertEquals(Rig.AT_ONCE + "error 535", rig.told(rig.control(pair[0], PipeFlags.FSCTL_PIPE_LISTEN)));
        rig.close(pair[1]);
        assertEquals(Rig.AT_ONCE + "error 232", rig.told(rig.control(pair[0], PipeFlags.FSCTL_PIPE_LISTEN)));
    }
}
