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
import io.nettypipe.win32.SystemCallException;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.Win32Error;
import io.nettypipe.win32.Win32Identity;
import io.nettypipe.win32.model.ModelToken;
import io.nettypipe.win32.model.ModelWin32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.lang.reflect.Proxy;
import java.net.BindException;
import java.net.ConnectException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Who is let in: on the model of Windows only, because Wine lets everybody in and a test has one user. */
class AccessTest {
    private static final ModelToken ALICE = ModelToken.of("S-1-5-21-1-2-3-1001");
    private static final ModelToken BOB = ModelToken.of("S-1-5-21-1-2-3-1002");

    private final ModelWin32 system = new ModelWin32();

    @AfterEach
    void verify() {
        system.verify();
    }

    @Test
    void currentUser_serving_letsInThisUserElevatedOrNotAndTheSystem() throws Exception {
        for (ModelToken server : new ModelToken[] {ALICE, ALICE.elevated()}) {
            try (PipeFixture pipes = new PipeFixture(1, system.as(server)).serve()) {
                assertServes(pipes, ALICE);
                assertServes(pipes, ALICE.elevated());
                assertServes(pipes, ModelToken.localSystem());
                assertDenied(pipes, BOB);
                assertDenied(pipes, BOB.elevated());
                assertDenied(pipes, ALICE.throughNetwork());
            }
        }
    }

    @Test
    void currentUser_beingTheSystem_serves() throws Exception {
        try (PipeFixture pipes = new PipeFixture(1, system.as(ModelToken.localSystem())).serve()) {
            assertServes(pipes, ModelToken.localSystem());
            assertDenied(pipes, ALICE.elevated());
        }
    }

    @Test
    void currentUser_inASessionFromTheNetwork_servesThatSessionOnly() throws Exception {
        ModelToken remote = ALICE.throughNetwork();
        try (PipeFixture pipes = new PipeFixture(1, system.as(remote)).serve()) {
            assertServes(pipes, remote);
            assertServes(pipes, ALICE);
            assertDenied(pipes, BOB.throughNetwork().inSession("S-1-5-5-0-3000"));
            assertDenied(pipes, ALICE.throughNetwork().inSession("S-1-5-5-0-3000"));
        }
    }

    @Test
    void currentUser_servingOtherMachines_deniesThem() throws Exception {
        try (PipeFixture pipes = new PipeFixture(1, system)) {
            pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.REJECT_REMOTE_CLIENTS, false));
            assertDenied(pipes.clientBootstrap(new ChannelInboundHandlerAdapter()).connect(
                    NamedPipeAddress.of("\\\\" + ModelWin32.REMOTE_SERVER + "\\pipe\\" + pipes.address.name())));
        }
    }

    @Test
    void authenticatedUsers_serving_letsInOthersOfThisMachine() throws Exception {
        try (PipeFixture pipes = serve(ALICE.elevated(), NamedPipeSecurity.authenticatedUsers())) {
            assertServes(pipes, BOB);
            assertServes(pipes, ALICE);
            assertDenied(pipes, BOB.throughNetwork());
        }
    }

    @Test
    void authenticatedUsers_serving_cannotServeTheSameName() throws Exception {
        try (PipeFixture pipes = serve(ALICE, NamedPipeSecurity.authenticatedUsers());
             PipeFixture bobs = new PipeFixture(1, system.as(BOB).notVerified());
             PipeFixture alices = new PipeFixture(1, system.as(ALICE.elevated()).notVerified())) {
            ChannelFuture stolen = bobs.serverBootstrap().option(NamedPipeChannelOption.FIRST_INSTANCE, false)
                    .bind(pipes.address);
            assertInstanceOf(BindException.class, failure(stolen));
            ChannelFuture shared = alices.serverBootstrap().option(NamedPipeChannelOption.FIRST_INSTANCE, false)
                    .bind(pipes.address).sync();
            shared.channel().close().sync();
        }
    }

    @Test
    void sddl_thatDeniesTheServerItself_bindFailsAndSaysSo() throws Exception {
        try (PipeFixture pipes = new PipeFixture(1, system)) {
            ChannelFuture bind = pipes.serverBootstrap()
                    .option(NamedPipeChannelOption.SECURITY, NamedPipeSecurity.sddl("D:(A;;0x12019b;;;WD)"))
                    .bind(pipes.address);
            Throwable cause = failure(bind);
            assertInstanceOf(BindException.class, cause);
            assertTrue(cause.getMessage().contains("SECURITY") && cause.getMessage().contains("0x12019b"),
                    cause.getMessage());
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there the call itself refuses it")
    void sddl_thatTheSystemRefusesAfterAll_bindFailsNamingIt() throws Exception {
        // Of the right form, but the model knows no such name.
        try (PipeFixture pipes = new PipeFixture(1, system)) {
            ChannelFuture bind = pipes.serverBootstrap()
                    .option(NamedPipeChannelOption.SECURITY, NamedPipeSecurity.sddl("D:(A;;FA;;;QQ)"))
                    .bind(pipes.address);
            Throwable cause = failure(bind);
            assertInstanceOf(IllegalArgumentException.class, cause);
            assertTrue(cause.getMessage().contains("D:(A;;FA;;;QQ)"), cause.getMessage());
        }
    }

    @Test
    void owner_ofAnElevatedServersPipe_isItsUserByOurDescriptorAndTheAdministratorsByOthers() throws Exception {
        NamedPipeOwner user = NamedPipeOwner.currentUser();
        try (PipeFixture pipes = serve(ALICE.elevated(), NamedPipeSecurity.currentUser())) {
            dial(pipes, pipes.address, user).sync().channel().close().sync();
        }
        try (PipeFixture pipes = serve(ALICE.elevated(), NamedPipeSecurity.sddl("D:(A;;FA;;;WD)"))) {
            assertInstanceOf(NamedPipeOwnerException.class, failure(dial(pipes, pipes.address, user)));
            dial(pipes, pipes.address, user.or(NamedPipeOwner.administrators())).sync().channel().close().sync();
        }
    }

    @Test
    void owner_byDefault_isTheAdministratorsOfAnElevatedServerAndElseTheUser() throws Exception {
        NamedPipeSecurity security = NamedPipeSecurity.currentUser().withDefaultOwner();
        try (PipeFixture pipes = serve(ALICE, security)) {
            dial(pipes, pipes.address, NamedPipeOwner.currentUser()).sync().channel().close().sync();
        }
        try (PipeFixture pipes = serve(ALICE.elevated(), security)) {
            assertServes(pipes, ALICE);
            assertDenied(pipes, BOB.elevated());
            dial(pipes, pipes.address, NamedPipeOwner.administrators()).sync().channel().close().sync();
            String refusal = failure(dial(pipes, pipes.address, NamedPipeOwner.currentUser())).getMessage();
            assertTrue(refusal.contains("NamedPipeOwner.currentUser().or(NamedPipeOwner.administrators())"), refusal);
            String other = failure(dial(pipes, pipes.address, NamedPipeOwner.localSystem())).getMessage();
            assertFalse(other.contains("NamedPipeOwner."), other);
        }
    }

    @Test
    void owner_ofAPipeThatWasThereFirst_isFoundOut() throws Exception {
        try (PipeFixture squatter = new PipeFixture(1, system.as(BOB))) {
            squatter.serve(squatter.serverBootstrap()
                    .option(NamedPipeChannelOption.SECURITY, NamedPipeSecurity.sddl("D:(A;;FA;;;WD)")));
            try (PipeFixture alice = new PipeFixture(1, system.as(ALICE).notVerified())) {
                NamedPipeOwnerException cause = assertInstanceOf(NamedPipeOwnerException.class,
                        failure(dial(alice, squatter.address, NamedPipeOwner.currentUser())));
                assertEquals(BOB.user(), cause.actualOwner());
            }
        }
    }

    @Test
    void owner_thatCannotBeRead_isTrustedByNobody() throws Exception {
        // Whoever may read and write may read the owner, too; it takes a call that fails.
        Win32Identity blind = (Win32Identity) Proxy.newProxyInstance(Win32Identity.class.getClassLoader(),
                new Class<?>[] {Win32Identity.class}, (proxy, method, args) -> {
                    if (method.getName().equals("ownerOf")) {
                        throw new SystemCallException("GetSecurityInfo", Win32Error.ERROR_ACCESS_DENIED);
                    }
                    return method.invoke(system.identity(), args);
                });
        try (PipeFixture pipes = new PipeFixture(1, withIdentity(blind)).serve()) {
            NamedPipeException cause = assertInstanceOf(NamedPipeException.class,
                    failure(dial(pipes, pipes.address, NamedPipeOwner.currentUser())));
            assertEquals("GetSecurityInfo", cause.operation());
            pipes.accept().awaitInactive();
        }
    }

    @Test
    void owner_ofARemotePipe_isAskedForByAHelperThread() throws Exception {
        List<String> threads = new CopyOnWriteArrayList<>();
        Win32Identity watched = (Win32Identity) Proxy.newProxyInstance(Win32Identity.class.getClassLoader(),
                new Class<?>[] {Win32Identity.class}, (proxy, method, args) -> {
                    if (method.getName().equals("ownerOf")) {
                        threads.add(Thread.currentThread().getName());
                    }
                    return method.invoke(system.identity(), args);
                });
        try (PipeFixture pipes = new PipeFixture(1, withIdentity(watched))) {
            pipes.serve(pipes.networkServerBootstrap());
            NamedPipeAddress remote =
                    NamedPipeAddress.of("\\\\" + ModelWin32.REMOTE_SERVER + "\\pipe\\" + pipes.address.name());
            dial(pipes, remote, NamedPipeOwner.currentUser()).sync().channel().close().sync();
            assertInstanceOf(NamedPipeOwnerException.class, failure(dial(pipes, remote, NamedPipeOwner.localSystem())));
            assertEquals(2, threads.size());
            threads.forEach(thread -> assertTrue(thread.startsWith("nettypipe-remote-connect"), thread));
        }
    }

    private Win32 withIdentity(Win32Identity identity) {
        return (Win32) Proxy.newProxyInstance(Win32.class.getClassLoader(), new Class<?>[] {Win32.class},
                (proxy, method, args) -> method.getName().equals("identity") ? identity : method.invoke(system, args));
    }

    private static ChannelFuture dial(PipeFixture from, NamedPipeAddress pipe, NamedPipeOwner owner) {
        return from.clientBootstrap(new ChannelInboundHandlerAdapter())
                .option(NamedPipeChannelOption.SERVER_OWNER, owner).connect(pipe);
    }

    private PipeFixture serve(ModelToken as, NamedPipeSecurity security) throws Exception {
        PipeFixture pipes = new PipeFixture(1, system.as(as));
        return pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.SECURITY, security));
    }

    private void assertServes(PipeFixture pipes, ModelToken as) throws Exception {
        try (PipeFixture theirs = new PipeFixture(1, system.as(as).notVerified())) {
            Peer client = new Peer(null);
            client.channel = theirs.clientBootstrap(client).connect(pipes.address).sync().channel();
            client.send("hello").sync();
            assertEquals("hello", pipes.accept().readText(5));
            client.close();
        }
    }

    private void assertDenied(PipeFixture pipes, ModelToken as) throws Exception {
        try (PipeFixture theirs = new PipeFixture(1, system.as(as).notVerified())) {
            assertDenied(theirs.clientBootstrap(new ChannelInboundHandlerAdapter()).connect(pipes.address));
        }
    }

    private static void assertDenied(ChannelFuture dial) {
        Throwable cause = failure(dial);
        assertInstanceOf(ConnectException.class, cause);
        assertInstanceOf(AccessDeniedException.class, cause.getCause());
    }

    private static Throwable failure(ChannelFuture future) {
        return assertThrows(ExecutionException.class, future::get).getCause();
    }
}
