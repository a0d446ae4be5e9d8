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

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelOption;
import io.nettypipe.testing.PipeTest;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.Win32Error;
import io.nettypipe.win32.model.TestSystem;
import org.junit.jupiter.api.Test;

import java.lang.reflect.Proxy;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@PipeTest
class BindTest {

    @Test
    void bind_nameInUse_bindExceptionAndTheFirstServerGoesOn() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Throwable cause = bindFails(pipes, pipes.serverBootstrap(), pipes.address);
            assertInstanceOf(BindException.class, cause);
            assertTrue(cause.getMessage().contains(pipes.address.path()), cause.getMessage());
            assertTrue(cause.getMessage().contains("in use"), cause.getMessage());
            pipes.connect().send("x").sync();
            assertEquals("x", pipes.accept().readText(1));
        }
    }

    @Test
    void bind_nameThatIsNotForThisUser_bindExceptionSaysSoFirst() throws Exception {
        Win32 system = TestSystem.open();
        FaultyWin32 faulty = new FaultyWin32(system);
        try (PipeFixture pipes = new PipeFixture(1, faulty.win32)) {
            faulty.arm("holdNamedPipe", 1, Win32Error.ERROR_ACCESS_DENIED);
            String path = "\\\\.\\pipe\\protectedprefix\\administrators\\" + pipes.address.name();
            Throwable cause = bindFails(pipes, pipes.serverBootstrap(), NamedPipeAddress.of(path));
            assertInstanceOf(BindException.class, cause);
            assertTrue(cause.getMessage().startsWith("this process may not create"), cause.getMessage());
        }
        TestSystem.close(system);
    }

    @Test
    void bind_afterTheServerClosed_nameIsFree() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            for (int i = 0; i < 5; i++) {
                pipes.server.close().sync();
                pipes.serve();
            }
        }
    }

    @Test
    void bind_addressThatCannotBeServed_refusedNamingIt() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            for (SocketAddress address : new SocketAddress[] {
                    NamedPipeAddress.of("\\\\elsewhere\\pipe\\x"), new InetSocketAddress("127.0.0.1", 1)}) {
                Throwable cause = bindFails(pipes, pipes.serverBootstrap(), address);
                assertInstanceOf(IllegalArgumentException.class, cause);
                assertTrue(cause.getMessage().contains(address.toString()), cause.getMessage());
            }
        }
    }

    @Test
    void bind_messageReadModeOfABytePipe_refused() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            Throwable cause = bindFails(pipes, pipes.serverBootstrap()
                    .option(NamedPipeChannelOption.READ_MODE, NamedPipeMode.MESSAGE), pipes.address);
            assertInstanceOf(IllegalArgumentException.class, cause);
            assertTrue(cause.getMessage().contains("READ_MODE"), cause.getMessage());
        }
    }

    @Test
    void options_badValues_refusedNamingTheValue() {
        NamedPipeServerChannelConfig config = new NamedPipeServerChannel().config();
        for (int bad : new int[] {0, -1, 256}) {
            refused(() -> config.setOption(NamedPipeChannelOption.MAX_INSTANCES, bad), bad);
        }
        refused(() -> config.setOption(NamedPipeChannelOption.IN_BUFFER_SIZE, -5), -5);
        refused(() -> config.setOption(NamedPipeChannelOption.OUT_BUFFER_SIZE, -6), -6);
        refused(() -> config.setOption(ChannelOption.SO_BACKLOG, -1), -1);
        refused(() -> new NamedPipeChannel().config().setOption(ChannelOption.SO_LINGER, -2), -2);
        assertFalse(new NamedPipeChannel().config().setOption(NamedPipeChannelOption.MAX_INSTANCES, 3));
    }

    @Test
    void options_badValueInABootstrap_bindFails() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            bindFails(pipes, pipes.serverBootstrap().option(NamedPipeChannelOption.MAX_INSTANCES, 1000), pipes.address);
        }
    }

    @Test
    void options_setAfterTheBind_refused() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            assertThrows(IllegalStateException.class,
                    () -> pipes.server.config().setOption(NamedPipeChannelOption.MAX_INSTANCES, 3));
            Peer client = pipes.connect();
            assertThrows(IllegalStateException.class, () -> client.channel.config()
                    .setOption(NamedPipeChannelOption.READ_MODE, NamedPipeMode.MESSAGE));
        }
    }

    @Test
    void options_default_areTheDocumentedOnes() {
        NamedPipeServerChannelConfig config = new NamedPipeServerChannel().config();
        assertEquals(NamedPipeMode.BYTE, config.getOption(NamedPipeChannelOption.PIPE_TYPE));
        assertEquals(NamedPipeMode.BYTE, config.getOption(NamedPipeChannelOption.READ_MODE));
        assertEquals(255, config.getOption(NamedPipeChannelOption.MAX_INSTANCES));
        assertEquals(65536, config.getOption(NamedPipeChannelOption.IN_BUFFER_SIZE));
        assertEquals(65536, config.getOption(NamedPipeChannelOption.OUT_BUFFER_SIZE));
        assertEquals(true, config.getOption(NamedPipeChannelOption.REJECT_REMOTE_CLIENTS));
        assertEquals(true, config.getOption(NamedPipeChannelOption.FIRST_INSTANCE));
        assertEquals(64, config.getOption(ChannelOption.SO_BACKLOG));
        config.setOption(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE);
        assertEquals(NamedPipeMode.MESSAGE, config.getOption(NamedPipeChannelOption.READ_MODE));
        assertEquals(NamedPipeMode.BYTE, new NamedPipeChannel().config().getOption(NamedPipeChannelOption.READ_MODE));
    }

    @Test
    void options_setOnTheServer_reachTheSystem() throws Exception {
        List<Object[]> held = new CopyOnWriteArrayList<>();
        List<Object[]> created = new CopyOnWriteArrayList<>();
        Win32 target = TestSystem.open();
        Win32 recording = (Win32) Proxy.newProxyInstance(Win32.class.getClassLoader(), new Class<?>[] {Win32.class},
                (proxy, method, args) -> {
                    if ("createNamedPipe".equals(method.getName())) {
                        created.add(args);
                    } else if ("holdNamedPipe".equals(method.getName())) {
                        held.add(args);
                    }
                    return method.invoke(target, args);
                });
        try (PipeFixture pipes = new PipeFixture(1, recording)) {
            pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE)
                    .option(NamedPipeChannelOption.MAX_INSTANCES, 7)
                    .option(NamedPipeChannelOption.OUT_BUFFER_SIZE, 1000)
                    .option(NamedPipeChannelOption.IN_BUFFER_SIZE, 2000)
                    .option(ChannelOption.SO_BACKLOG, 3));
            // PIPE_ACCESS_DUPLEX; PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE | PIPE_REJECT_REMOTE_CLIENTS.
            assertEquals(List.of(3, 0xE, 7, 1000, 2000), List.of(held.get(0)).subList(1, 6));
            assertEquals(3, created.size());
            for (Object[] instance : created) {
                // With FILE_FLAG_OVERLAPPED; and the descriptor is that of the one before.
                assertEquals(List.of(0x40000003, 0xE, 7, 1000, 2000, 0L), List.of(instance).subList(1, 7));
            }
            pipes.server.close().sync();
            created.clear();
            pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.REJECT_REMOTE_CLIENTS, false)
                    .option(NamedPipeChannelOption.FIRST_INSTANCE, false).option(ChannelOption.SO_BACKLOG, 1));
            assertEquals(1, created.size());
            assertEquals(List.of(0x40000003, 0), List.of(created.get(0)).subList(1, 3));
        }
        TestSystem.close(target);
    }

    private static void refused(Runnable call, int value) {
        String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
        assertTrue(message.contains(": " + value), message);
    }

    private static Throwable bindFails(PipeFixture pipes, ServerBootstrap bootstrap, SocketAddress address) {
        return assertThrows(ExecutionException.class, () -> bootstrap.bind(address).get()).getCause();
    }
}
