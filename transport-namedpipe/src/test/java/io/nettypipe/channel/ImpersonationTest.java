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
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.util.concurrent.Future;
import io.nettypipe.win32.NativeMemory;
import io.nettypipe.win32.PipeFlags;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.Win32Error;
import io.nettypipe.win32.Win32Identity;
import io.nettypipe.win32.model.ModelToken;
import io.nettypipe.win32.model.ModelWin32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.function.IntConsumer;
import java.util.function.UnaryOperator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Acting as other users: on the model of Windows only, because a test has one user. */
class ImpersonationTest {
    private static final int INVALID_SID = 1337;
    private static final int NO_SYSTEM_RESOURCES = 1450;
    private static final ModelToken ALICE = ModelToken.of("S-1-5-21-1-2-3-1001");
    private static final ModelToken BOB = ModelToken.of("S-1-5-21-1-2-3-1002");
    private static final ModelToken CAROL = ModelToken.of("S-1-5-21-1-2-3-1003");

    private final ModelWin32 system = new ModelWin32().as(ALICE);
    /** Its fixtures are closed before those of the clients, and verified with them. */
    private final ModelWin32 process = system.as(ALICE).notVerified();
    private final List<PipeFixture> clients = new ArrayList<>();

    @AfterEach
    void verify() {
        clients.forEach(PipeFixture::close);
        system.verify();
    }

    @Test
    void impersonate_ofSeveral_actsAsEachAndThenAsWhoItWasBefore() throws Exception {
        try (PipeFixture pipes = serve()) {
            NamedPipeChannel bob = talked(pipes, BOB, ImpersonationLevel.IMPERSONATION);
            NamedPipeChannel carol = talked(pipes, CAROL, ImpersonationLevel.IDENTIFICATION);
            onLoop(bob, () -> {
                assertEquals(ALICE.user(), system.actingUser());
                bob.impersonate(() -> {
                    assertEquals(BOB.user(), system.actingUser());
                    assertThrows(NumberFormatException.class, () -> carol.impersonate(() -> {
                        assertEquals(CAROL.user(), system.actingUser());
                        carol.impersonate(() -> bob.impersonate(() -> null));
                        assertEquals(CAROL.user(), system.actingUser());
                        return Integer.parseInt("no");
                    }));
                    assertEquals(BOB.user(), system.actingUser());
                    return null;
                });
                assertEquals(ALICE.user(), system.actingUser());
                return null;
            });
        }
    }

    @Test
    void peerUser_ofAnother_isThatOneAndTheThreadIsItself() throws Exception {
        try (PipeFixture pipes = serve()) {
            NamedPipeChannel bob = talked(pipes, BOB.inProcess(4711, 3), ImpersonationLevel.IDENTIFICATION);
            assertEquals(BOB.user(), bob.peerUser().get().sid());
            assertEquals("MODEL\\user1002", bob.peerUser().get().name());
            assertEquals(4711, bob.peer().get().processId());
            assertEquals(3, bob.peer().get().sessionId());
            onLoop(bob, () -> {
                assertEquals(ALICE.user(), system.actingUser());
                return null;
            });
        }
    }

    @Test
    void client_thatStaysAnonymous_isNobody() throws Exception {
        try (PipeFixture pipes = serve()) {
            NamedPipeChannel bob = talked(pipes, BOB, ImpersonationLevel.ANONYMOUS);
            assertError(Win32Error.ERROR_CANT_OPEN_ANONYMOUS, failure(bob.peerUser()));
            // Whoever acts as nobody cannot be asked whom to go back to.
            onLoop(bob, () -> bob.impersonate(() -> {
                assertError(Win32Error.ERROR_CANT_OPEN_ANONYMOUS,
                        assertThrows(NamedPipeException.class, () -> bob.impersonate(() -> 1)));
                return null;
            }));
        }
    }

    @Test
    void client_thatNothingWasReadFrom_isKnown() throws Exception {
        try (PipeFixture pipes = serve()) {
            connect(pipes, BOB, ImpersonationLevel.IDENTIFICATION);
            NamedPipeChannel server = (NamedPipeChannel) pipes.accept().channel;
            assertEquals(BOB.user(), server.peerUser().get().sid());
            onLoop(server, () -> server.impersonate(() -> {
                assertEquals(BOB.user(), system.actingUser());
                return null;
            }));
        }
    }

    @Test
    void client_thatSaysNoLevelAndNothingWasReadFrom_isNotKnownYet() throws Exception {
        ModelWin32 bob = system.as(BOB);
        long client = 0;
        try (PipeFixture pipes = serve(); NativeMemory name = NativeMemory.wideString(pipes.address.path())) {
            client = bob.createFile(name.address(), PipeFlags.GENERIC_READ | PipeFlags.GENERIC_WRITE,
                    PipeFlags.FILE_FLAG_OVERLAPPED);
            assertTrue(client > 0);
            NamedPipeChannel server = (NamedPipeChannel) pipes.accept().channel;
            assertError(Win32Error.ERROR_CANNOT_IMPERSONATE, failure(server.peerUser()));
            boolean[] ran = new boolean[1];
            onLoop(server, () -> {
                NamedPipeException refused = assertThrows(NamedPipeException.class, () -> server.impersonate(() -> {
                    ran[0] = true;
                    return null;
                }));
                assertError(Win32Error.ERROR_CANNOT_IMPERSONATE, refused);
                assertTrue(refused.getMessage().contains("read from the client"), refused.getMessage());
                assertEquals(ALICE.user(), system.actingUser());
                assertFalse(Impersonation.isInForce());
                return null;
            });
            assertFalse(ran[0]);
        } finally {
            bob.closeHandle(client);
        }
    }

    @Test
    void revert_failing_haltsTheProcess() throws Exception {
        List<Integer> halts = new ArrayList<>();
        IntConsumer original = Impersonation.halt;
        Impersonation.halt = halts::add;
        try (PipeFixture pipes = serve()) {
            NamedPipeChannel bob = talked(pipes, BOB, ImpersonationLevel.IMPERSONATION);
            NamedPipeChannel carol = talked(pipes, CAROL, ImpersonationLevel.IMPERSONATION);
            onLoop(bob, () -> {
                // Not even as the client of the outer one may it go on as the client of the inner one.
                assertThrows(IllegalStateException.class, () -> bob.impersonate(() -> carol.impersonate(() -> {
                    system.failReverts(NO_SYSTEM_RESOURCES);
                    return "never seen";
                })));
                assertEquals(List.of(1, 1), halts);
                system.failReverts(0);
                system.identity().revertToSelf();
                return null;
            });
        } finally {
            Impersonation.halt = original;
        }
    }

    @Test
    void impersonation_whoseCallThrowsAfterItBegan_isOver() throws Exception {
        try (PipeFixture pipes = serve()) {
            NamedPipeChannel bob = talked(pipes, BOB, ImpersonationLevel.IMPERSONATION);
            Win32 dying = (Win32) proxy(Win32.class, system, "identity",
                    // As for want of stack, on the way back from the system.
                    identity -> proxy(Win32Identity.class, identity, "impersonateNamedPipeClient", error -> {
                        throw new StackOverflowError();
                    }));
            onLoop(bob, () -> {
                assertThrows(StackOverflowError.class,
                        () -> Impersonation.run(dying, bob.handle(), pipes.address, () -> "not run"));
                assertEquals(ALICE.user(), system.actingUser());
                assertFalse(Impersonation.isInForce());
                return null;
            });
        }
    }

    /** Makes something else of what a call answers. */
    private static Object proxy(Class<?> type, Object target, String name, UnaryOperator<Object> change) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            Object answer = method.invoke(target, args);
            return method.getName().equals(name) ? change.apply(answer) : answer;
        });
    }

    @Test
    void close_asAClient_replacesTheInstanceAsTheProcess() throws Exception {
        try (PipeFixture pipes = new PipeFixture(1, process)) {
            // No owner in it: what is created belongs to who creates it.
            pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.MAX_INSTANCES, 1)
                    .option(NamedPipeChannelOption.SECURITY, NamedPipeSecurity.sddl("D:(A;;FA;;;WD)")));
            Peer client = connect(pipes, BOB, ImpersonationLevel.IMPERSONATION);
            Peer served = pipes.accept();
            client.send("hello").sync();
            assertEquals("hello", served.readText(5));
            NamedPipeChannel bob = (NamedPipeChannel) served.channel;
            onLoop(bob, () -> bob.impersonate(() -> {
                assertFalse(bob.close().isDone());
                assertTrue(bob.isActive());
                return null;
            }));
            bob.closeFuture().sync();
            client.awaitInactive();
            Peer next = connect(pipes, BOB, ImpersonationLevel.IMPERSONATION);
            assertEquals(ALICE.user(), ((NamedPipeChannel) next.channel).peer().get().ownerSid());
        }
    }

    @Test
    void channels_usedAsAClient_areOpenedAsTheProcess() throws Exception {
        try (PipeFixture pipes = serve(); PipeFixture onlyAlices = new PipeFixture(1, process)) {
            onlyAlices.serve();
            NamedPipeChannel bob = talked(pipes, BOB, ImpersonationLevel.IMPERSONATION);
            NamedPipeChannel dialing = (NamedPipeChannel) pipes.clientBootstrap(new ChannelInboundHandlerAdapter())
                    .register().sync().channel();
            NamedPipeServerChannel binding =
                    (NamedPipeServerChannel) pipes.serverBootstrap().register().sync().channel();
            assertSame(bob.eventLoop(), dialing.eventLoop());
            Future<?>[] begun = new Future<?>[2];
            onLoop(bob, () -> bob.impersonate(() -> {
                // Bob would be denied.
                begun[0] = dialing.connect(onlyAlices.address);
                assertFalse(begun[0].isDone());
                begun[1] = binding.bind(NamedPipeAddress.ephemeral());
                pipes.server.read();
                return null;
            }));
            begun[0].sync();
            dialing.close().sync();
            assertInstanceOf(IllegalStateException.class, failure(begun[1]));
            binding.close().sync();
            talked(pipes, CAROL, ImpersonationLevel.IDENTIFICATION);
        }
    }

    @Test
    void anyCall_failing_failsWhatItWasForAndNothingElse() throws Exception {
        FaultyWin32 faulty = new FaultyWin32(process);
        try (PipeFixture pipes = new PipeFixture(1, faulty.win32)) {
            for (String call : new String[] {"processUser", "processGroups", "descriptor"}) {
                faulty.arm(call, 1, NO_SYSTEM_RESOURCES);
                assertFailed(call, pipes.serverBootstrap().bind(pipes.address));
                assertTrue(faulty.disarm(), call);
            }
            pipes.serve();
            for (String call : new String[] {"processUser", "ownerOf", "integrityOf", "grantees", "processGroups"}) {
                faulty.arm(call, 1, NO_SYSTEM_RESOURCES);
                assertFailed(call, pipes.clientBootstrap(new ChannelInboundHandlerAdapter())
                        .option(NamedPipeChannelOption.SERVER_OWNER,
                                NamedPipeOwner.currentUser().atLeast(NamedPipeIntegrity.MEDIUM).alone())
                        .connect(pipes.address));
                assertTrue(faulty.disarm(), call);
                pipes.accept().awaitInactive();
            }
            NamedPipeChannel client = (NamedPipeChannel) pipes.connect().channel;
            client.writeAndFlush(PipeFixture.bytes("hello")).sync();
            Peer served = pipes.accept();
            assertEquals("hello", served.readText(5));
            NamedPipeChannel server = (NamedPipeChannel) served.channel;
            for (String call : new String[] {"processId", "sessionId"}) {
                faulty.arm(call, 1, NO_SYSTEM_RESOURCES);
                assertFailed(call, client.peer());
                assertTrue(faulty.disarm(), call);
            }
            faulty.arm("ownerOf", 1, INVALID_SID);
            NamedPipePeer ownedByNobody = client.peer().get();
            assertTrue(faulty.disarm());
            assertEquals(ProcessHandle.current().pid(), ownedByNobody.processId());
            assertNull(ownedByNobody.ownerSid());
            for (String call : new String[] {"openThreadToken", "impersonateNamedPipeClient", "userOf"}) {
                faulty.arm(call, 1, NO_SYSTEM_RESOURCES);
                assertFailed(call, server.peerUser());
                assertTrue(faulty.disarm(), call);
            }
            faulty.arm("accountName", 1, Win32Error.ERROR_NONE_MAPPED);
            assertEquals(ALICE.user(), server.peerUser().get().toString());
            faulty.disarm();
            assertEquals(ALICE.user(), server.peerUser().get().sid());
            assertEquals(ALICE.user(), client.peer().get().ownerSid());
        }
    }

    private static void assertFailed(String call, Future<?> future) {
        NamedPipeException cause = assertInstanceOf(NamedPipeException.class, failure(future));
        assertEquals(NO_SYSTEM_RESOURCES, cause.errorCode());
        assertTrue(cause.operation().equalsIgnoreCase(call), cause.operation());
    }

    private PipeFixture serve() throws Exception {
        PipeFixture pipes = new PipeFixture(1, process);
        return pipes.serve(pipes.serverBootstrap()
                .option(NamedPipeChannelOption.SECURITY, NamedPipeSecurity.authenticatedUsers())
                .option(ChannelOption.SO_BACKLOG, 2));
    }

    private Peer connect(PipeFixture pipes, ModelToken as, ImpersonationLevel level) throws Exception {
        PipeFixture theirs = new PipeFixture(1, system.as(as).notVerified());
        clients.add(theirs);
        Peer client = new Peer(null);
        ChannelFuture dial = theirs.clientBootstrap(client)
                .option(NamedPipeChannelOption.IMPERSONATION_LEVEL, level).connect(pipes.address);
        client.channel = dial.sync().channel();
        return client;
    }

    private NamedPipeChannel talked(PipeFixture pipes, ModelToken as, ImpersonationLevel level) throws Exception {
        connect(pipes, as, level).send("hello").sync();
        Peer server = pipes.accept();
        assertEquals("hello", server.readText(5));
        return (NamedPipeChannel) server.channel;
    }

    private static void onLoop(NamedPipeChannel channel, Callable<?> task) throws Exception {
        channel.eventLoop().submit(task).get();
    }

    private static void assertError(int error, Throwable cause) {
        assertEquals(error, assertInstanceOf(NamedPipeException.class, cause).errorCode());
    }

    private static Throwable failure(Future<?> future) {
        return assertThrows(ExecutionException.class, future::get).getCause();
    }
}
