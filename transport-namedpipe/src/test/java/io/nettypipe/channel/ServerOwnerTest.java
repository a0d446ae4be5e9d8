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

import io.netty.channel.ChannelFuture;
import io.nettypipe.testing.PipeTest;
import io.nettypipe.win32.NativeMemory;
import io.nettypipe.win32.PipeFlags;
import io.nettypipe.win32.SystemCallException;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.Win32Error;
import io.nettypipe.win32.Win32Identity;
import io.nettypipe.win32.model.TestSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.ConnectException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a client decides of its server: whose it must be, and what it may do in the client's name. */
@PipeTest
class ServerOwnerTest {
    private static final String SOMEBODY = "S-1-5-21-4-4-4-4444";

    @Test
    void connect_toAPipeOfWhomTheClientTrusts_connects() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            String user = pipes.win32.identity().processUser();
            for (NamedPipeOwner owner : List.of(NamedPipeOwner.anyone(), NamedPipeOwner.currentUser(),
                    NamedPipeOwner.sid(user), NamedPipeOwner.localSystem().or(NamedPipeOwner.currentUser()),
                    NamedPipeOwner.sid(SOMEBODY).or(NamedPipeOwner.anyone()))) {
                assertConnects(pipes, owner);
            }
        }
    }

    @Test
    void connect_toAPipeOfSomebodyElse_failsNamingBothAndSendsNothing() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            String user = pipes.win32.identity().processUser();
            for (NamedPipeOwner owner : List.of(NamedPipeOwner.localSystem(), NamedPipeOwner.administrators(),
                    NamedPipeOwner.sid(SOMEBODY))) {
                Peer client = new Peer(null);
                ChannelFuture dial = dial(pipes, client, owner);
                NamedPipeOwnerException cause = assertInstanceOf(NamedPipeOwnerException.class, failure(dial));
                assertInstanceOf(ConnectException.class, cause);
                assertEquals(user, cause.actualOwner());
                assertEquals(Set.of(owner.toString()), cause.expectedOwners());
                for (String part : List.of(user, owner.toString(), pipes.address.path())) {
                    assertTrue(cause.getMessage().contains(part), cause.getMessage());
                }
                Peer served = pipes.accept();
                served.awaitInactive();
                assertTrue(served.received.isEmpty(), served.received::toString);
                assertFalse(dial.channel().isActive());
                assertTrue(client.events.isEmpty(), client.events::toString);
            }
        }
    }

    @Test
    void connect_toAPipeOfALevel_isUpToTheClient() throws Exception {
        NamedPipeOwner user = NamedPipeOwner.currentUser();
        try (PipeFixture low = serve(NamedPipeSecurity.builder().currentUser()
                .integrity(NamedPipeIntegrity.LOW).build());
             PipeFixture unlabelled = serve(NamedPipeSecurity.currentUser())) {
            assertConnects(low, user.atLeast(NamedPipeIntegrity.LOW));
            assertRefused(low, user.atLeast(NamedPipeIntegrity.MEDIUM), "S-1-16-4096");
            assertRefused(low, user.atLeast(NamedPipeIntegrity.HIGH).or(NamedPipeOwner.sid(SOMEBODY)), "(HIGH)");
            assertConnects(unlabelled, user.atLeast(NamedPipeIntegrity.MEDIUM));
            assertRefused(unlabelled, NamedPipeOwner.anyone().atLeast(NamedPipeIntegrity.HIGH), "S-1-16-8192");
        }
    }

    @Test
    void connect_toAPipeThatOthersMayServe_isUpToTheClient() throws Exception {
        NamedPipeOwner alone = NamedPipeOwner.currentUser().alone();
        try (PipeFixture words = serve(NamedPipeSecurity.authenticatedUsers());
             PipeFixture shared = serve(NamedPipeSecurity.sddl(
                     "O:" + owner() + "D:(A;;FA;;;WD)(A;;FA;;;" + SOMEBODY + ")"))) {
            assertConnects(words, alone);
            assertConnects(shared, NamedPipeOwner.currentUser());
            assertRefused(shared, alone, "S-1-1-0, " + SOMEBODY);
            assertConnects(shared, alone.or(NamedPipeOwner.sid(SOMEBODY)).or(NamedPipeOwner.sid("S-1-1-0")));
        }
    }

    private static String owner() throws SystemCallException {
        Win32 win32 = TestSystem.open();
        String user = win32.identity().processUser();
        TestSystem.close(win32);
        return user;
    }

    private static PipeFixture serve(NamedPipeSecurity security) throws Exception {
        PipeFixture pipes = new PipeFixture();
        return pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.SECURITY, security));
    }

    private static void assertConnects(PipeFixture pipes, NamedPipeOwner owner) throws Exception {
        Peer client = new Peer(null);
        client.channel = dial(pipes, client, owner).sync().channel();
        client.send("x").sync();
        assertEquals("x", pipes.accept().readText(1));
        client.close();
    }

    private static void assertRefused(PipeFixture pipes, NamedPipeOwner owner, String naming) throws Exception {
        NamedPipeOwnerException cause = assertInstanceOf(NamedPipeOwnerException.class,
                failure(dial(pipes, new Peer(null), owner)));
        assertTrue(cause.getMessage().contains(naming), cause.getMessage());
        pipes.accept().awaitInactive();
    }

    @Test
    void connect_toAServerThatDisconnectsMeanwhile_isTheEndOfTheStream() throws Exception {
        Win32 target = TestSystem.open();
        AtomicLong server = new AtomicLong();
        Win32Identity disconnecting = (Win32Identity) Proxy.newProxyInstance(Win32.class.getClassLoader(),
                new Class<?>[] {Win32Identity.class}, (proxy, method, args) -> {
                    if (method.getName().equals("ownerOf")) {
                        target.disconnectNamedPipe(server.get());
                        throw new SystemCallException("GetSecurityInfo", Win32Error.ERROR_PIPE_NOT_CONNECTED);
                    }
                    return method.invoke(target.identity(), args);
                });
        Win32 win32 = (Win32) Proxy.newProxyInstance(Win32.class.getClassLoader(), new Class<?>[] {Win32.class},
                (proxy, method, args) -> method.getName().equals("identity") ? disconnecting
                        : method.invoke(target, args));
        try (PipeFixture pipes = new PipeFixture(1, win32);
             NativeMemory name = NativeMemory.wideString(pipes.address.path())) {
            server.set(target.createNamedPipe(name.address(),
                    PipeFlags.PIPE_ACCESS_DUPLEX | PipeFlags.FILE_FLAG_OVERLAPPED, 0, 1, 100, 100, 0));
            Peer client = new Peer(null);
            client.channel = dial(pipes, client, NamedPipeOwner.currentUser()).sync().channel();
            client.awaitInactive();
            assertEquals("[active, NamedPipeDisconnectedEvent, inactive]", client.events.toString());
            assertTrue(client.exceptions.isEmpty(), client.exceptions::toString);
            target.closeHandle(server.get());
        }
        TestSystem.close(target);
    }

    @Test
    void connect_refusedForItsOwner_sameChannelCanTryAnother() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = new Peer(null);
            client.channel = pipes.clientBootstrap(client)
                    .option(NamedPipeChannelOption.SERVER_OWNER, NamedPipeOwner.sid(SOMEBODY))
                    .register().sync().channel();
            assertInstanceOf(NamedPipeOwnerException.class, failure(client.channel.connect(pipes.address)));
            pipes.accept().awaitInactive();
            client.channel.config().setOption(NamedPipeChannelOption.SERVER_OWNER, NamedPipeOwner.currentUser());
            client.channel.connect(pipes.address).sync();
            client.send("x").sync();
            assertEquals("x", pipes.accept().readText(1));
            client.close();
        }
    }

    @ParameterizedTest
    @EnumSource(ImpersonationLevel.class)
    void connect_withALevel_tellsTheSystem(ImpersonationLevel level) throws Exception {
        List<Integer> flags = new CopyOnWriteArrayList<>();
        Win32 target = TestSystem.open();
        Win32 recording = (Win32) Proxy.newProxyInstance(Win32.class.getClassLoader(), new Class<?>[] {Win32.class},
                (proxy, method, args) -> {
                    if ("createFile".equals(method.getName())) {
                        flags.add((Integer) args[2]);
                    }
                    try {
                        return method.invoke(target, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        try (PipeFixture pipes = new PipeFixture(1, recording).serve()) {
            Peer client = new Peer(null);
            client.channel = pipes.clientBootstrap(client).option(NamedPipeChannelOption.IMPERSONATION_LEVEL, level)
                    .connect(pipes.address).sync().channel();
            client.close();
        }
        TestSystem.close(target);
        // FILE_FLAG_OVERLAPPED | SECURITY_SQOS_PRESENT, and the SECURITY_IMPERSONATION_LEVEL in the next bits.
        assertEquals(List.of(0x40100000 | level.ordinal() << 16), flags);
    }

    @Test
    void options_ofAClient_areCheckedAndKept() throws Exception {
        NamedPipeChannelConfig config = new NamedPipeChannel().config();
        assertEquals(NamedPipeOwner.anyone(), config.getOption(NamedPipeChannelOption.SERVER_OWNER));
        assertEquals(ImpersonationLevel.IDENTIFICATION, config.getOption(NamedPipeChannelOption.IMPERSONATION_LEVEL));
        config.setOption(NamedPipeChannelOption.SERVER_OWNER, NamedPipeOwner.localSystem());
        config.setOption(NamedPipeChannelOption.IMPERSONATION_LEVEL, ImpersonationLevel.DELEGATION);
        assertEquals(NamedPipeOwner.sid("s-1-05-018"), config.getOptions().get(NamedPipeChannelOption.SERVER_OWNER));
        assertEquals(ImpersonationLevel.DELEGATION,
                config.getOptions().get(NamedPipeChannelOption.IMPERSONATION_LEVEL));
        assertThrows(NullPointerException.class, () -> config.setOption(NamedPipeChannelOption.SERVER_OWNER, null));
        assertThrows(NullPointerException.class,
                () -> config.setOption(NamedPipeChannelOption.IMPERSONATION_LEVEL, null));
        try (PipeFixture pipes = new PipeFixture().serve()) {
            NamedPipeChannelConfig connected = (NamedPipeChannelConfig) pipes.connect().channel.config();
            assertThrows(IllegalStateException.class,
                    () -> connected.setOption(NamedPipeChannelOption.SERVER_OWNER, NamedPipeOwner.currentUser()));
            assertThrows(IllegalStateException.class,
                    () -> connected.setOption(NamedPipeChannelOption.IMPERSONATION_LEVEL,
                            ImpersonationLevel.ANONYMOUS));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "SY", "S-1-5", "S-1-5-", "S-2-5-18", "S-1-5-4294967296", "S-1-281474976710656-1",
        "S-1-5-18 ", "S-1-x-1", "S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16"})
    void sid_bad_refusedNamingIt(String bad) {
        String message = assertThrows(IllegalArgumentException.class, () -> NamedPipeOwner.sid(bad)).getMessage();
        assertTrue(message.contains('"' + bad + '"'), message);
    }

    @Test
    void sid_writtenInOtherWays_isTheSame() {
        assertEquals(NamedPipeOwner.sid("S-1-5-18"), NamedPipeOwner.sid("s-1-0x000000000005-0018"));
        assertEquals("S-1-5-18 or the current user",
                NamedPipeOwner.localSystem().or(NamedPipeOwner.currentUser()).toString());
        assertEquals("S-1-5-18 at least of integrity HIGH alone",
                NamedPipeOwner.localSystem().alone().atLeast(NamedPipeIntegrity.HIGH).toString());
    }

    @Test
    void or_ofDemands_demandsTheStricterOfBoth() {
        NamedPipeOwner strict = NamedPipeOwner.localSystem().atLeast(NamedPipeIntegrity.HIGH).alone();
        NamedPipeOwner medium = NamedPipeOwner.administrators().atLeast(NamedPipeIntegrity.MEDIUM);
        NamedPipeOwner expected = NamedPipeOwner.administrators().or(NamedPipeOwner.localSystem()).alone()
                .atLeast(NamedPipeIntegrity.HIGH);
        for (NamedPipeOwner other : List.of(medium, NamedPipeOwner.administrators())) {
            assertEquals(expected, strict.or(other));
            assertEquals(expected, other.or(strict));
        }
        assertEquals(NamedPipeOwner.anyone().alone().atLeast(NamedPipeIntegrity.HIGH),
                strict.or(NamedPipeOwner.anyone()));
        assertEquals(expected, expected.atLeast(NamedPipeIntegrity.LOW));
        assertNotEquals(medium, medium.atLeast(NamedPipeIntegrity.HIGH));
        assertNotEquals(NamedPipeOwner.localSystem(), NamedPipeOwner.localSystem().alone());
    }

    private static ChannelFuture dial(PipeFixture pipes, Peer client, NamedPipeOwner owner) {
        return pipes.clientBootstrap(client).option(NamedPipeChannelOption.SERVER_OWNER, owner).connect(pipes.address);
    }

    private static Throwable failure(ChannelFuture future) {
        return assertThrows(ExecutionException.class, future::get).getCause();
    }
}
