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

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import io.nettypipe.win32.NativeMemory;
import io.nettypipe.win32.PipeFlags;
import io.nettypipe.win32.model.ModelToken;
import io.nettypipe.win32.model.ModelWin32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.BindException;
import java.net.ConnectException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.concurrent.ExecutionException;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What others may try, and what stops them; docs/security.md lists it. On the model of Windows, because it takes
 * several users: what each may do there of a pipe is asked of Windows itself by the contract tests on identity.
 */
class AttackTest {
    private static final ModelToken ALICE = ModelToken.of("S-1-5-21-1-2-3-1001");
    private static final ModelToken BOB = ModelToken.of("S-1-5-21-1-2-3-1002").inSession("S-1-5-5-0-1002");
    private static final ModelToken CAROL = ModelToken.of("S-1-5-21-1-2-3-1003").inSession("S-1-5-5-0-1003");
    private static final String CALCULATOR = "S-1-15-2-466767348";

    private final ModelWin32 system = new ModelWin32();

    @AfterEach
    void verify() {
        system.verify();
    }

    // Who serves

    @Test
    void squatterOfAnotherUser_thatSaysThePipeIsTheUsers_bindFails() throws Exception {
        for (String owner : new String[] {ALICE.user(), "BA"}) {
            try (PipeFixture squatter = new PipeFixture(1, system.as(BOB).notVerified())) {
                Throwable cause = failure(squatter.serverBootstrap().option(NamedPipeChannelOption.SECURITY,
                        NamedPipeSecurity.sddl("O:" + owner + "D:(A;;FA;;;WD)")).bind(squatter.address));
                assertInstanceOf(BindException.class, cause);
                assertTrue(cause.getMessage().contains("owner"), cause.getMessage());
            }
        }
    }

    @Test
    void squatterOfTheSameUser_notElevated_getsNoElevatedClientThatAsksForTheLevel() throws Exception {
        NamedPipeOwner wanted = NamedPipeOwner.currentUser().atLeast(NamedPipeIntegrity.HIGH);
        try (PipeFixture squatter = serve(ALICE, NamedPipeSecurity.sddl("D:(A;;FA;;;WD)"))) {
            assertServes(squatter, ALICE.elevated(), NamedPipeOwner.currentUser());
            assertRefused(squatter, ALICE.elevated(), wanted, "S-1-16-8192");
        }
        // Nor can it say that it is elevated.
        try (PipeFixture squatter = new PipeFixture(1, system.as(ALICE).notVerified())) {
            Throwable cause = failure(squatter.serverBootstrap()
                    .option(NamedPipeChannelOption.SECURITY, labelled(NamedPipeIntegrity.HIGH))
                    .bind(squatter.address));
            assertInstanceOf(BindException.class, cause);
            assertTrue(cause.getMessage().contains("integrity level"), cause.getMessage());
        }
        try (PipeFixture server = serve(ALICE.elevated(), labelled(NamedPipeIntegrity.HIGH))) {
            assertServes(server, ALICE.elevated(), wanted.alone());
            assertCannotServe(server, ALICE);
            assertDenied(server, ALICE);
        }
    }

    @Test
    void squatterOfTheSameUser_besideALabelThatLetsItWrite_isFoundOut() throws Exception {
        NamedPipeSecurity toothless = NamedPipeSecurity.sddl("D:(A;;FA;;;" + ALICE.user() + ")S:(ML;;NX;;;HI)");
        try (PipeFixture server = serve(ALICE.elevated(), toothless); PipeFixture squatter = joining(server, ALICE)) {
            server.server.close().sync();
            assertServedBy(squatter, server, ALICE.elevated(), NamedPipeOwner.anyone());
            assertRefused(squatter, server, ALICE.elevated(), NamedPipeOwner.anyone().atLeast(NamedPipeIntegrity.LOW),
                    "S-1-16-0");
        }
    }

    @Test
    void squatterBesideTheServer_whomTheDescriptorLetsIn_getsNoClientThatWantsTheOwnerAlone() throws Exception {
        NamedPipeSecurity generic = NamedPipeSecurity.sddl("O:" + ALICE.user() + "D:(A;;FA;;;SY)(A;;FA;;;BA)(A;;FA;;;"
                + ALICE.user() + ")(A;;GRGW;;;AU)");
        NamedPipeOwner alone = NamedPipeOwner.sid(ALICE.user()).alone();
        try (PipeFixture server = serve(ALICE, generic); PipeFixture bob = joining(server, BOB)) {
            server.server.close().sync();
            // The name is still Alice's, and her clients are Bob's.
            assertServedBy(bob, server, CAROL, NamedPipeOwner.sid(ALICE.user()));
            assertRefused(bob, server, CAROL, alone, "S-1-5-11");
        }
        for (NamedPipeSecurity words : List.of(NamedPipeSecurity.currentUser(), NamedPipeSecurity.authenticatedUsers(),
                NamedPipeSecurity.builder().logonSession().administrators().appPackages()
                        .allow("S-1-1-0", NamedPipeAccess.READ_AND_WRITE).build())) {
            try (PipeFixture server = serve(ALICE, words)) {
                assertCannotServe(server, BOB);
                assertServes(server, ALICE, NamedPipeOwner.currentUser().alone());
            }
        }
    }

    @Test
    void othersThatMayChangeTheDescriptor_ofAPipe_areAsBadAsThoseThatMayServe() throws Exception {
        NamedPipeOwner alone = NamedPipeOwner.currentUser().alone();
        for (String entry : new String[] {"(A;;0x40000;;;S-1-5-21-9-9-9-9)", "(A;;0x80000;;;S-1-5-21-9-9-9-9)"}) {
            try (PipeFixture server =
                         serve(ALICE, NamedPipeSecurity.sddl("D:(A;;FA;;;" + ALICE.user() + ")" + entry))) {
                assertRefused(server, ALICE, alone, "S-1-5-21-9-9-9-9");
                assertServes(server, ALICE, alone.or(NamedPipeOwner.sid("S-1-5-21-9-9-9-9")));
            }
        }
        try (PipeFixture server = serve(ALICE, NamedPipeSecurity.sddl("D:NO_ACCESS_CONTROL"))) {
            assertRefused(server, ALICE, alone, "S-1-1-0");
        }
        // Administrators own it; that Alice can serve it without being elevated is not what they trust.
        try (PipeFixture server = serve(ALICE.elevated(), NamedPipeSecurity.currentUser().withDefaultOwner())) {
            assertRefused(server, ALICE, NamedPipeOwner.administrators().alone(), ALICE.user());
            assertServes(server, ALICE, NamedPipeOwner.administrators().or(NamedPipeOwner.currentUser()).alone());
        }
    }

    @Test
    void elevatedServer_ofTheAdministrators_isProvenToClientsThatAreNotElevated() throws Exception {
        try (PipeFixture server = serve(ALICE.elevated(), NamedPipeSecurity.sddl(
                "O:BAD:P(D;;FA;;;NU)(A;;FA;;;SY)(A;;FA;;;BA)(A;;0x12019b;;;AU)"))) {
            assertServes(server, CAROL, NamedPipeOwner.administrators().alone());
            assertCannotServe(server, ALICE);
        }
    }

    @Test
    void nameOfAdministrators_servedByOneWhoIsNotElevated_bindFails() throws Exception {
        String name = "ProtectedPrefix\\Administrators\\nettypipe-" + System.nanoTime();
        try (PipeFixture alice = new PipeFixture(1, system.as(ALICE).notVerified());
             PipeFixture elevated = new PipeFixture(1, system.as(ALICE.elevated()).notVerified())) {
            NamedPipeAddress address = NamedPipeAddress.of(name);
            assertInstanceOf(BindException.class, failure(alice.serverBootstrap().bind(address)));
            elevated.serverBootstrap().bind(address).sync().channel().close().sync();
        }
    }

    // Who connects

    @Test
    void clientOfLowIntegrity_byDefault_mayReadAndNotWrite() throws Exception {
        try (PipeFixture server = serve(ALICE, NamedPipeSecurity.currentUser())) {
            assertDenied(server, ALICE.ofLowIntegrity());
            assertReads(server, ALICE.ofLowIntegrity());
        }
        try (PipeFixture server = serve(ALICE, labelled(NamedPipeIntegrity.MEDIUM))) {
            assertDenied(server, ALICE.ofLowIntegrity());
            assertDenied(server, ALICE.ofLowIntegrity(), NamedPipeDirection.INBOUND);
            assertServes(server, ALICE, NamedPipeOwner.anyone());
        }
        try (PipeFixture server = serve(ALICE, labelled(NamedPipeIntegrity.LOW))) {
            assertServes(server, ALICE.ofLowIntegrity(), NamedPipeOwner.anyone());
        }
    }

    @Test
    void app_inAContainer_isLetInByItsPackageAndItsUser() throws Exception {
        ModelToken app = ALICE.inAppContainer(CALCULATOR);
        try (PipeFixture server = serve(ALICE, NamedPipeSecurity.authenticatedUsers())) {
            assertDenied(server, app);
        }
        try (PipeFixture server =
                     serve(ALICE, NamedPipeSecurity.builder().currentUser().appPackages().denyNetwork().build())) {
            assertServes(server, app, NamedPipeOwner.currentUser());
            assertDenied(server, BOB.inAppContainer(CALCULATOR));
            assertDenied(server, BOB);
        }
        try (PipeFixture server = serve(ALICE, NamedPipeSecurity.builder().currentUser()
                .allow(CALCULATOR, NamedPipeAccess.READ_AND_WRITE).build())) {
            assertServes(server, app, NamedPipeOwner.currentUser());
            assertDenied(server, ALICE.inAppContainer("S-1-15-2-99"));
        }
    }

    @Test
    void otherSession_ofTheSameUser_isKeptOutOfAPipeOfOneSession() throws Exception {
        NamedPipeSecurity session = NamedPipeSecurity.builder().logonSession().denyNetwork().build();
        try (PipeFixture server = serve(ALICE, session)) {
            assertServes(server, ALICE, NamedPipeOwner.currentUser().alone());
            assertDenied(server, ALICE.inSession("S-1-5-5-0-3000"));
            assertServes(server, ModelToken.localSystem(), NamedPipeOwner.anyone());
        }
        try (PipeFixture service = new PipeFixture(1, system.as(ModelToken.localSystem()).notVerified())) {
            Throwable cause = failure(service.serverBootstrap().option(NamedPipeChannelOption.SECURITY, session)
                    .bind(service.address));
            assertInstanceOf(IllegalStateException.class, cause);
            assertTrue(cause.getMessage().contains("logonSession()"), cause.getMessage());
        }
    }

    @Test
    void words_eachOfThem_letInWhomTheyNameAndNobodyElse() throws Exception {
        try (PipeFixture server = serve(ALICE, NamedPipeSecurity.builder().currentUser().administrators()
                .allow(CAROL.user(), NamedPipeAccess.READ).build())) {
            assertServes(server, BOB.elevated(), NamedPipeOwner.anyone());
            assertServes(server, ALICE.throughNetwork(), NamedPipeOwner.anyone());
            assertDenied(server, BOB);
            assertDenied(server, CAROL);
            assertDenied(server, CAROL, NamedPipeDirection.OUTBOUND);
            assertReads(server, CAROL);
        }
        try (PipeFixture server = serve(ALICE, NamedPipeSecurity.builder().currentUser().administrators().denyNetwork()
                .allow(CAROL.user(), NamedPipeAccess.WRITE).build())) {
            assertDenied(server, BOB.elevated().throughNetwork());
            assertDenied(server, CAROL, NamedPipeDirection.INBOUND);
            try (PipeFixture theirs = new PipeFixture(1, system.as(CAROL).notVerified())) {
                Channel client = theirs.clientBootstrap(new ChannelInboundHandlerAdapter())
                        .option(NamedPipeChannelOption.DIRECTION, NamedPipeDirection.OUTBOUND)
                        .option(NamedPipeChannelOption.SERVER_OWNER, NamedPipeOwner.sid(ALICE.user()))
                        .connect(server.address).sync().channel();
                client.writeAndFlush(PipeFixture.bytes("x")).sync();
                assertEquals("x", server.accept().readText(1));
                client.close().sync();
            }
        }
    }

    // What a peer does

    @Test
    void server_actingAsItsClient_canByDefaultOnlyTellWhoItIs() throws Exception {
        try (PipeFixture alices = serve(ALICE, NamedPipeSecurity.currentUser());
             PipeFixture rogue = serve(BOB, NamedPipeSecurity.authenticatedUsers());
             NativeMemory secret = NativeMemory.wideString(alices.address.path())) {
            for (ImpersonationLevel level : new ImpersonationLevel[] {null, ImpersonationLevel.IMPERSONATION}) {
                try (PipeFixture client = new PipeFixture(1, system.as(ALICE).notVerified())) {
                    Bootstrap bootstrap = client.clientBootstrap(new ChannelInboundHandlerAdapter());
                    if (level != null) {
                        bootstrap.option(NamedPipeChannelOption.IMPERSONATION_LEVEL, level);
                    }
                    Channel dialled = bootstrap.connect(rogue.address).sync().channel();
                    NamedPipeChannel served = (NamedPipeChannel) rogue.accept().channel;
                    assertEquals(ALICE.user(), served.peerUser().get().sid());
                    long opened = served.eventLoop().submit(() -> served.impersonate(() -> rogue.win32.createFile(
                            secret.address(), PipeFlags.GENERIC_READ, PipeFlags.FILE_FLAG_OVERLAPPED))).get();
                    int badImpersonationLevel = 1346;
                    assertEquals(level == null ? -badImpersonationLevel : Math.abs(opened), opened);
                    if (opened > 0) {
                        rogue.win32.closeHandle(opened);
                    }
                    dialled.close().sync();
                }
            }
        }
    }

    @Test
    void relay_betweenAClientAndTheServer_isKnownByItsOwnUser() throws Exception {
        try (PipeFixture server = serve(ALICE, NamedPipeSecurity.authenticatedUsers());
             PipeFixture relay = serve(BOB, NamedPipeSecurity.authenticatedUsers())) {
            assertRefused(relay, CAROL, NamedPipeOwner.sid(ALICE.user()), BOB.user());
            try (PipeFixture carol = new PipeFixture(1, system.as(CAROL).notVerified());
                 PipeFixture onwards = new PipeFixture(1, system.as(BOB).notVerified())) {
                Channel trusting = carol.clientBootstrap(new ChannelInboundHandlerAdapter()).connect(relay.address)
                        .sync().channel();
                Channel onward = onwards.clientBootstrap(new ChannelInboundHandlerAdapter()).connect(server.address)
                        .sync().channel();
                NamedPipeChannel served = (NamedPipeChannel) server.accept().channel;
                assertEquals(BOB.user(), served.peerUser().get().sid());
                trusting.close().sync();
                onward.close().sync();
            }
        }
    }

    private static NamedPipeSecurity labelled(NamedPipeIntegrity level) {
        return NamedPipeSecurity.builder().currentUser().integrity(level).denyNetwork().build();
    }

    private PipeFixture serve(ModelToken as, NamedPipeSecurity security) throws Exception {
        PipeFixture pipes = new PipeFixture(1, system.as(as).notVerified());
        return pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.SECURITY, security));
    }

    private PipeFixture joining(PipeFixture server, ModelToken as) throws Exception {
        PipeFixture squatter = new PipeFixture(1, system.as(as).notVerified());
        squatter.server = squatter.serverBootstrap().option(NamedPipeChannelOption.FIRST_INSTANCE, false)
                .bind(server.address).sync().channel();
        return squatter;
    }

    private void assertCannotServe(PipeFixture server, ModelToken as) {
        try (PipeFixture squatter = new PipeFixture(1, system.as(as).notVerified())) {
            assertInstanceOf(BindException.class, failure(squatter.serverBootstrap()
                    .option(NamedPipeChannelOption.FIRST_INSTANCE, false).bind(server.address)));
        }
    }

    private void assertServes(PipeFixture server, ModelToken as, NamedPipeOwner wanted) throws Exception {
        assertServedBy(server, server, as, wanted);
    }

    private void assertServedBy(PipeFixture whoServes, PipeFixture named, ModelToken as, NamedPipeOwner wanted)
            throws Exception {
        try (PipeFixture theirs = new PipeFixture(1, system.as(as).notVerified())) {
            Peer client = new Peer(null);
            client.channel = dial(theirs, client, named, wanted).sync().channel();
            client.send("hello").sync();
            assertEquals("hello", whoServes.accept().readText(5));
            client.channel.close().sync();
        }
    }

    /** As who only reads, on a pipe whose server writes. */
    private void assertReads(PipeFixture server, ModelToken as) throws Exception {
        try (PipeFixture theirs = new PipeFixture(1, system.as(as).notVerified())) {
            Peer client = new Peer(null);
            client.channel = theirs.clientBootstrap(client)
                    .option(NamedPipeChannelOption.DIRECTION, NamedPipeDirection.INBOUND)
                    .option(NamedPipeChannelOption.SERVER_OWNER, NamedPipeOwner.sid(ALICE.user()))
                    .connect(server.address).sync().channel();
            server.accept().send("hello").sync();
            assertEquals("hello", client.readText(5));
            client.channel.close().sync();
        }
    }

    private void assertRefused(PipeFixture server, ModelToken as, NamedPipeOwner wanted, String naming)
            throws Exception {
        assertRefused(server, server, as, wanted, naming);
    }

    private void assertRefused(PipeFixture whoServes, PipeFixture named, ModelToken as, NamedPipeOwner wanted,
                               String naming) throws Exception {
        try (PipeFixture theirs = new PipeFixture(1, system.as(as).notVerified())) {
            NamedPipeOwnerException cause = assertInstanceOf(NamedPipeOwnerException.class,
                    failure(dial(theirs, new Peer(null), named, wanted)));
            assertTrue(cause.getMessage().contains(naming), cause.getMessage());
            Peer served = whoServes.accept();
            served.awaitInactive();
            assertTrue(served.received.isEmpty(), served.received::toString);
        }
    }

    private void assertDenied(PipeFixture server, ModelToken as) {
        assertDenied(server, as, NamedPipeDirection.DUPLEX);
    }

    private void assertDenied(PipeFixture server, ModelToken as, NamedPipeDirection direction) {
        try (PipeFixture theirs = new PipeFixture(1, system.as(as).notVerified())) {
            Throwable cause = failure(theirs.clientBootstrap(new ChannelInboundHandlerAdapter())
                    .option(NamedPipeChannelOption.DIRECTION, direction).connect(server.address));
            assertInstanceOf(ConnectException.class, cause);
            assertInstanceOf(AccessDeniedException.class, cause.getCause());
        }
    }

    private static ChannelFuture dial(PipeFixture from, Peer client, PipeFixture server, NamedPipeOwner wanted) {
        return from.clientBootstrap(client).option(NamedPipeChannelOption.SERVER_OWNER, wanted)
                .connect(server.address);
    }

    private static Throwable failure(Future<?> future) {
        return assertThrows(ExecutionException.class, future::get).getCause();
    }
}
