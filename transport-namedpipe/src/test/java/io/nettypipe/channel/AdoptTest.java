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
package io.nettypipe.channel;

import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.Kernel32;
import com.sun.jna.platform.win32.WinBase;
import com.sun.jna.platform.win32.WinNT;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.nettypipe.testing.PipeTest;
import io.nettypipe.testing.WindowsTest;
import io.nettypipe.win32.NativeMemory;
import io.nettypipe.win32.PipeFlags;
import io.nettypipe.win32.Win32Error;
import io.nettypipe.win32.model.TestSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.concurrent.ExecutionException;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Channels of handles that somebody else opened. */
@PipeTest
class AdoptTest {
    private static final int BOTH = PipeFlags.GENERIC_READ | PipeFlags.GENERIC_WRITE;
    private static final int DUPLEX = PipeFlags.PIPE_ACCESS_DUPLEX | PipeFlags.FILE_FLAG_OVERLAPPED;

    @Test
    void client_ofAHandle_isActiveOnceRegisteredTalksAndClosesIt() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            long handle = dial(pipes, BOTH, PipeFlags.FILE_FLAG_OVERLAPPED);
            Peer client = new Peer(new NamedPipeChannel(pipes.win32, handle));
            client.channel.pipeline().addLast(client);
            assertEquals("[]", client.events.toString());
            assertEquals(pipes.address, client.channel.remoteAddress());
            assertEquals(pipes.address, client.channel.localAddress());
            assertNull(client.channel.parent());
            pipes.group.register(client.channel).sync();
            client.send("hello").sync();
            Peer server = pipes.accept();
            assertEquals("hello", server.readText(5));
            server.send("and you").sync();
            assertEquals("and you", client.readText(7));
            client.close();
            client.awaitInactive();
            server.awaitInactive();
            assertEquals("[active, inactive]", client.events.toString());
        }
    }

    @Test
    void server_ofAHandle_readsMessagesAsTheHandleDoes() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            long handle = create(pipes, DUPLEX, PipeFlags.PIPE_TYPE_MESSAGE | PipeFlags.PIPE_READMODE_MESSAGE);
            Peer client = pipes.connectMessages();
            Peer server = adopt(pipes, handle);
            NamedPipePeer other = ((NamedPipeChannel) server.channel).peer().get();
            assertEquals(ProcessHandle.current().pid(), other.processId());
            assertNull(other.ownerSid());
            assertEquals(NamedPipeMode.MESSAGE, server.channel.config().getOption(NamedPipeChannelOption.READ_MODE));
            client.send("one");
            client.send("");
            client.send("two").sync();
            assertEquals("one", server.readMessageText());
            assertEquals("", server.readMessageText());
            assertEquals("two", server.readMessageText());
            client.close();
            server.awaitInactive();
        }
    }

    @Test
    void server_ofAHandle_canAbort() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            long handle = create(pipes, DUPLEX, 0);
            Peer client = pipes.connect();
            AbortTest.End end = AbortTest.End.of(client);
            Peer server = adopt(pipes, handle);
            server.channel.config().setOption(ChannelOption.SO_LINGER, 0);
            server.channel.close().sync();
            end.assertIs(AbortTest.DISCONNECTED, client);
        }
    }

    @Test
    void readMode_setBeforeTheChannelIsRegistered_isSetOnTheHandle() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serveMessages()) {
            NamedPipeChannel channel =
                    new NamedPipeChannel(pipes.win32, dial(pipes, BOTH, PipeFlags.FILE_FLAG_OVERLAPPED));
            assertEquals(NamedPipeMode.BYTE, channel.config().getReadMode());
            channel.config().setOption(NamedPipeChannelOption.READ_MODE, NamedPipeMode.MESSAGE);
            Peer client = register(pipes, channel);
            Peer server = pipes.accept();
            server.send("one");
            server.send("two").sync();
            assertEquals("one", client.readMessageText());
            assertEquals("two", client.readMessageText());
            assertThrows(IllegalStateException.class,
                    () -> channel.config().setOption(NamedPipeChannelOption.READ_MODE, NamedPipeMode.BYTE));
            client.close();
        }
    }

    @Test
    void readMode_messagesOfABytePipe_isRefusedNamingTheOption() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            long handle = dial(pipes, BOTH, PipeFlags.FILE_FLAG_OVERLAPPED);
            NamedPipeChannelConfig config = new NamedPipeChannel(pipes.win32, handle).config();
            assertTrue(assertThrows(IllegalArgumentException.class,
                    () -> config.setOption(NamedPipeChannelOption.READ_MODE, NamedPipeMode.MESSAGE))
                    .getMessage().contains("READ_MODE"));
            stillTheCallers(pipes, handle);
        }
    }

    @Test
    void direction_ofAHandle_isWhatItAllows() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer reader = adopt(pipes, dial(pipes, PipeFlags.GENERIC_READ, PipeFlags.FILE_FLAG_OVERLAPPED));
            assertEquals(NamedPipeDirection.INBOUND, ((NamedPipeChannel) reader.channel).config().getDirection());
            assertInstanceOf(UnsupportedOperationException.class, failure(reader.send("x")));
            pipes.accept().send("y").sync();
            assertEquals("y", reader.readText(1));
            reader.close();
            Peer writer = adopt(pipes, dial(pipes, PipeFlags.GENERIC_WRITE | PipeFlags.FILE_READ_ATTRIBUTES,
                    PipeFlags.FILE_FLAG_OVERLAPPED));
            assertEquals(NamedPipeDirection.OUTBOUND, ((NamedPipeChannel) writer.channel).config().getDirection());
            writer.send("z").sync();
            assertEquals("z", pipes.accept().readText(1));
            writer.close();
        }
    }

    @Test
    void handle_thatIsSynchronous_isRefusedAndStaysTheCallers() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            long handle = dial(pipes, BOTH, 0);
            assertRefused(pipes, handle, "synchronous");
            stillTheCallers(pipes, handle);
        }
    }

    @Test
    void handle_thatIsNotConnected_isRefusedAndStaysTheCallers() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            long handle = create(pipes, DUPLEX, 0);
            assertRefused(pipes, handle, "not connected");
            // A client comes, is sent away, and the instance is nobody's again.
            Peer client = pipes.connect();
            assertEquals(Win32Error.ERROR_SUCCESS, pipes.win32.disconnectNamedPipe(handle));
            client.awaitInactive();
            assertRefused(pipes, handle, "not connected");
            stillTheCallers(pipes, handle);
        }
    }

    @Test
    void handle_whosePeerLeft_deliversWhatItWroteAndEnds() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            long handle = create(pipes, DUPLEX, 0);
            Peer client = pipes.connect();
            client.send("bye").sync();
            client.close();
            Peer server = adopt(pipes, handle);
            assertEquals("bye", server.readText(3));
            server.awaitInactive();
        }
    }

    @Test
    void handle_ofSomethingElse_isRefusedAndStaysTheCallers() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            long device = open(pipes, "\\\\.\\pipe\\", PipeFlags.FILE_READ_ATTRIBUTES | PipeFlags.SYNCHRONIZE,
                    PipeFlags.FILE_FLAG_OVERLAPPED);
            assertRefused(pipes, device, "not an end of a named pipe");
            stillTheCallers(pipes, device);
            long port = pipes.win32.createCompletionPort();
            assertRefused(pipes, port, "of no file");
            stillTheCallers(pipes, port);
            assertRefused(pipes, 0x7FFF_FFF0L, "not an open handle");
            assertRefused(pipes, 0, "it is none");
            assertRefused(pipes, -1, "it is none");
        }
    }

    @Test
    void handle_thatHasACompletionPort_registrationFailsAndItStaysTheCallers() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serveMessages()) {
            long handle = dial(pipes, BOTH, PipeFlags.FILE_FLAG_OVERLAPPED);
            long port = pipes.win32.createCompletionPort();
            assertEquals(Win32Error.ERROR_SUCCESS, pipes.win32.associate(handle, port, 1));
            NamedPipeChannel channel = new NamedPipeChannel(pipes.win32, handle);
            channel.config().setOption(NamedPipeChannelOption.READ_MODE, NamedPipeMode.MESSAGE);
            Throwable cause = assertInstanceOf(IllegalStateException.class, failure(pipes.group.register(channel)));
            assertTrue(cause.getMessage().contains("belongs to a completion port"), cause.getMessage());
            assertFalse(channel.isOpen());
            Peer server = pipes.accept();
            assertTrue(server.channel.isActive());
            assertEquals(NamedPipeMode.BYTE, new NamedPipeChannel(pipes.win32, handle).config().getReadMode());
            stillTheCallers(pipes, handle);
            pipes.win32.closeHandle(port);
            server.awaitInactive();
        }
    }

    @Test
    void handle_thatHasACompletionPortAndItsOldModeNoMore_isRefusedForThePort() throws Exception {
        FaultyWin32 faulty = new FaultyWin32(TestSystem.open());
        try (PipeFixture pipes = new PipeFixture(2, faulty.win32).serveMessages()) {
            long handle = dial(pipes, BOTH, PipeFlags.FILE_FLAG_OVERLAPPED);
            pipes.accept();
            long port = pipes.win32.createCompletionPort();
            assertEquals(Win32Error.ERROR_SUCCESS, pipes.win32.associate(handle, port, 1));
            NamedPipeChannel channel = new NamedPipeChannel(pipes.win32, handle);
            channel.config().setOption(NamedPipeChannelOption.READ_MODE, NamedPipeMode.MESSAGE);
            faulty.arm("setNamedPipeHandleState", 2, Win32Error.ERROR_PIPE_NOT_CONNECTED);
            Throwable cause = assertInstanceOf(IllegalStateException.class, failure(pipes.group.register(channel)));
            assertTrue(cause.getMessage().contains("belongs to a completion port"), cause.getMessage());
            assertInstanceOf(NamedPipeException.class, cause.getCause().getSuppressed()[0]);
            pipes.win32.closeHandle(handle);
            pipes.win32.closeHandle(port);
        }
    }

    @Test
    void channel_neverRegistered_leavesTheHandleToTheCaller() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            long handle = dial(pipes, BOTH, PipeFlags.FILE_FLAG_OVERLAPPED);
            new NamedPipeChannel(pipes.win32, handle).unsafe().closeForcibly();
            stillTheCallers(pipes, handle);
        }
    }

    @Test
    void channel_deregisteredAndRegistered_goesOn() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = adopt(pipes, dial(pipes, BOTH, PipeFlags.FILE_FLAG_OVERLAPPED));
            Peer server = pipes.accept();
            EventLoop loop = client.channel.eventLoop();
            client.channel.deregister().sync();
            server.send("x").sync();
            loop.register(client.channel).sync();
            assertEquals("x", client.readText(1));
            assertEquals("[active]", client.events.toString());
            client.close();
        }
    }

    @Test
    @WindowsTest
    void handlesOfAFileAndOfAnAnonymousPipe_areRefusedAndStayTheCallers(@TempDir Path directory) throws Exception {
        WinNT.HANDLEByReference reading = new WinNT.HANDLEByReference();
        WinNT.HANDLEByReference writing = new WinNT.HANDLEByReference();
        try (PipeFixture pipes = new PipeFixture()) {
            String path = directory.resolve("file").toString();
            WinNT.HANDLE file = Kernel32.INSTANCE.CreateFile(path, WinNT.GENERIC_READ, 0, null, WinNT.CREATE_ALWAYS,
                    PipeFlags.FILE_FLAG_OVERLAPPED, null);
            assertRefused(pipes, value(file), "not an end of a named pipe");
            stillTheCallers(pipes, value(file));
            assertTrue(Kernel32.INSTANCE.CreatePipe(reading, writing, new WinBase.SECURITY_ATTRIBUTES(), 0));
            for (WinNT.HANDLE end : new WinNT.HANDLE[] {reading.getValue(), writing.getValue()}) {
                assertTrue(assertThrows(IllegalArgumentException.class,
                        () -> new NamedPipeChannel(value(end))).getMessage().contains("stays open"));
                stillTheCallers(pipes, value(end));
            }
        }
    }

    private static long value(WinNT.HANDLE handle) {
        return Pointer.nativeValue(handle.getPointer());
    }

    private static long dial(PipeFixture pipes, int access, int flags) {
        return open(pipes, pipes.address.path(), access, flags);
    }

    private static long open(PipeFixture pipes, String path, int access, int flags) {
        try (NativeMemory name = NativeMemory.wideString(path)) {
            long handle = pipes.win32.createFile(name.address(), access, flags);
            assertTrue(handle > 0, () -> "error " + -handle);
            return handle;
        }
    }

    private static long create(PipeFixture pipes, int openMode, int pipeMode) {
        try (NativeMemory name = NativeMemory.wideString(pipes.address.path())) {
            long handle = pipes.win32.createNamedPipe(name.address(), openMode, pipeMode, 1, 1_000, 1_000, 0);
            assertTrue(handle > 0, () -> "error " + -handle);
            return handle;
        }
    }

    private static Peer adopt(PipeFixture pipes, long handle) throws Exception {
        return register(pipes, new NamedPipeChannel(pipes.win32, handle));
    }

    private static Peer register(PipeFixture pipes, NamedPipeChannel channel) throws Exception {
        Peer peer = new Peer(channel);
        channel.pipeline().addLast(peer);
        pipes.group.register(channel).sync();
        return peer;
    }

    private static void assertRefused(PipeFixture pipes, long handle, String reason) {
        String message = assertThrows(IllegalArgumentException.class,
                () -> new NamedPipeChannel(pipes.win32, handle)).getMessage();
        assertTrue(message.contains(reason), message);
        assertTrue(message.contains("0x" + Long.toHexString(handle)), message);
    }

    private static void stillTheCallers(PipeFixture pipes, long handle) {
        assertEquals(Win32Error.ERROR_SUCCESS, pipes.win32.closeHandle(handle));
    }

    private static Throwable failure(ChannelFuture future) {
        return assertThrows(ExecutionException.class, future::get).getCause();
    }
}
