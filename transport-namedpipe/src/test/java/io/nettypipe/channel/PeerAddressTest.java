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

import io.nettypipe.testing.PipeTest;
import io.nettypipe.win32.NativeMemory;
import io.nettypipe.win32.PipeFlags;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What tells the clients of a pipe apart in logs. */
@PipeTest
class PeerAddressTest {
    private static final String PROCESS = " (process " + ProcessHandle.current().pid() + ")";

    @Test
    void remoteAddress_ofAcceptedChannels_isThePipeAndShowsTheProcess() throws Exception {
        for (NamedPipeDirection direction : NamedPipeDirection.values()) {
            try (PipeFixture pipes = new PipeFixture()) {
                pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.DIRECTION, direction));
                Peer client = new Peer(null);
                client.channel = pipes.clientBootstrap(client)
                        .option(NamedPipeChannelOption.DIRECTION, opposite(direction)).connect(pipes.address).sync()
                        .channel();
                NamedPipeChannel server = (NamedPipeChannel) pipes.accept().channel;
                assertShown(pipes, server);
                assertEquals(pipes.address.path(), server.localAddress().toString());
                assertEquals(pipes.address.path(), client.channel.remoteAddress().toString());
                server.close().sync();
                assertTrue(server.toString().contains(PROCESS), server.toString());
                client.close();
            }
        }
    }

    @Test
    void remoteAddress_ofAnAdoptedServersEnd_showsTheProcessToo() throws Exception {
        try (PipeFixture pipes = new PipeFixture(); NativeMemory name = NativeMemory.wideString(pipes.address.path())) {
            long handle = pipes.win32.createNamedPipe(name.address(),
                    PipeFlags.PIPE_ACCESS_DUPLEX | PipeFlags.FILE_FLAG_OVERLAPPED, 0, 1, 0, 0, 0);
            Peer client = pipes.connect();
            NamedPipeChannel server = new NamedPipeChannel(pipes.win32, handle);
            assertShown(pipes, server);
            pipes.group.register(server).sync();
            assertShown(pipes, server);
            client.close();
        }
    }

    @Test
    void remoteAddress_firstAskedOfAClosedChannel_isThePipeAlone() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            pipes.connect();
            NamedPipeChannel server = (NamedPipeChannel) pipes.accept().channel;
            server.close().sync();
            assertEquals(pipes.address, server.remoteAddress());
            assertEquals(pipes.address.path(), server.remoteAddress().toString());
        }
    }

    @Test
    void process_notAskedFor_costsNoCallAndAskedForOne() throws Exception {
        CountingWin32 calls = new CountingWin32();
        try (PipeFixture pipes = new PipeFixture(1, calls.win32).serve()) {
            Peer client = pipes.connect();
            Peer server = pipes.accept();
            calls.reset();
            pipes.connect().close();
            Peer other = pipes.accept();
            other.awaitInactive();
            client.send("x").sync();
            assertEquals("x", server.readText(1));
            assertEquals(0, calls.count("identity"), calls::toString);
            for (int i = 0; i < 3; i++) {
                assertTrue(server.channel.toString().contains(PROCESS), server.channel::toString);
                assertTrue(server.channel.remoteAddress().toString().contains(PROCESS));
            }
            assertEquals(1, calls.count("identity"), calls::toString);
        }
    }

    private static NamedPipeDirection opposite(NamedPipeDirection direction) {
        return direction == NamedPipeDirection.INBOUND ? NamedPipeDirection.OUTBOUND
                : direction == NamedPipeDirection.OUTBOUND ? NamedPipeDirection.INBOUND : NamedPipeDirection.DUPLEX;
    }

    private static void assertShown(PipeFixture pipes, NamedPipeChannel server) {
        assertEquals(pipes.address.path() + PROCESS, server.remoteAddress().toString());
        assertEquals(pipes.address, server.remoteAddress());
        assertTrue(server.toString().endsWith(" R:" + pipes.address.path() + PROCESS + ']'), server.toString());
    }
}
