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
import io.nettypipe.testing.PipeTest;
import io.nettypipe.win32.SystemWin32;
import io.nettypipe.win32.Win32Identity;
import io.nettypipe.win32.model.ModelDescriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.concurrent.ExecutionException;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The descriptor that a server's pipe has, read back from the pipe. */
@PipeTest
class SecurityTest {

    @Test
    void server_byDefault_isOfThisUserAndTheSystemAndDeniesTheNetwork() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            String user = pipes.win32.identity().processUser();
            assertDescriptor(pipes, pipes.serverBootstrap(),
                    "O:" + user + "D:P(D;;FA;;;NU)(A;;FA;;;SY)(A;;FA;;;" + user + ")");
        }
    }

    @Test
    void server_forAuthenticatedUsers_letsThemReadAndWriteAndNotCreateInstances() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            String user = pipes.win32.identity().processUser();
            ModelDescriptor read = assertDescriptor(pipes, pipes.serverBootstrap()
                            .option(NamedPipeChannelOption.SECURITY, NamedPipeSecurity.authenticatedUsers()),
                    "O:" + user + "D:P(D;;FA;;;NU)(A;;FA;;;SY)(A;;FA;;;" + user + ")(A;;0x12019b;;;AU)");
            List<String> theirs = read.entries.stream().filter(entry -> entry.endsWith(" S-1-5-11")).toList();
            assertEquals(1, theirs.size());
            int createPipeInstance = 4;
            assertEquals(0, Integer.decode(theirs.get(0).split(" ")[1]) & createPipeInstance);
        }
    }

    @Test
    void server_withTheDefaultOwner_isOfWhomTheSystemSaysAndOtherwiseTheSame() throws Exception {
        try (PipeFixture pipes = new PipeFixture(); PipeFixture silent = new PipeFixture()) {
            String user = pipes.win32.identity().processUser();
            pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.SECURITY,
                    NamedPipeSecurity.authenticatedUsers().withDefaultOwner()));
            silent.serve(silent.serverBootstrap().option(NamedPipeChannelOption.SECURITY,
                    NamedPipeSecurity.sddl("D:(A;;FA;;;WD)")));
            NamedPipeChannel client = (NamedPipeChannel) pipes.connect().channel;
            NamedPipeChannel other = (NamedPipeChannel) silent.connect().channel;
            assertEquals(other.peer().get().ownerSid(), client.peer().get().ownerSid());
            String read = client.eventLoop()
                    .submit(() -> pipes.win32.identity().descriptorOf(client.handle())).get();
            assertEquals(ModelDescriptor.of("D:P(D;;FA;;;NU)(A;;FA;;;SY)(A;;FA;;;" + user + ")(A;;0x12019b;;;AU)")
                    .entries, ModelDescriptor.of(read).entries);
        }
    }

    @Test
    void withDefaultOwner_ofEach_isAnotherAndSaysSo() {
        NamedPipeSecurity security = NamedPipeSecurity.currentUser().withDefaultOwner();
        assertEquals("NamedPipeSecurity.currentUser().withDefaultOwner()", security.toString());
        assertEquals(security, security.withDefaultOwner());
        assertNotEquals(NamedPipeSecurity.currentUser(), security);
        NamedPipeSecurity sddl = NamedPipeSecurity.sddl("O:BAD:(A;;FA;;;WD)");
        assertThrows(UnsupportedOperationException.class, sddl::withDefaultOwner);
    }

    @Test
    void server_inWords_hasWhatTheySay() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            String user = pipes.win32.identity().processUser();
            assertDescriptor(pipes, pipes.serverBootstrap().option(NamedPipeChannelOption.SECURITY,
                            NamedPipeSecurity.builder().allow("S-1-5-32-545", NamedPipeAccess.READ).currentUser()
                                    .allow("s-1-1-0", NamedPipeAccess.WRITE).administrators().appPackages()
                                    .authenticatedUsers().denyNetwork().integrity(NamedPipeIntegrity.LOW).build()),
                    "O:" + user + "D:P(D;;FA;;;NU)(A;;FA;;;SY)(A;;0x120189;;;BU)(A;;FA;;;" + user
                            + ")(A;;0x120192;;;WD)(A;;0x12019b;;;BA)(A;;0x12019b;;;AC)(A;;0x12019b;;;AU)");
            NamedPipeChannel client = (NamedPipeChannel) pipes.connect().channel;
            assertEquals(0x1000,
                    client.eventLoop().submit(() -> pipes.win32.identity().integrityOf(client.handle())).get());
        }
    }

    @Test
    void server_ofItsLogonSession_letsThatIn() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            Win32Identity identity = pipes.win32.identity();
            String session = identity.processGroups().stream().filter(group -> group.startsWith("S-1-5-5-"))
                    .findFirst().orElseThrow();
            assertDescriptor(pipes, pipes.serverBootstrap().option(NamedPipeChannelOption.SECURITY,
                            NamedPipeSecurity.builder().logonSession().build()),
                    "O:" + identity.processUser() + "D:P(A;;FA;;;SY)(A;;FA;;;" + session + ")");
        }
    }

    @Test
    void server_forAnAccountByItsName_letsThatIn() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            // On Windows the call itself asks the system, whatever the pipes are.
            Win32Identity names =
                    SystemWin32.isAvailable() ? SystemWin32.get().identity() : pipes.win32.identity();
            String user = pipes.win32.identity().processUser();
            String name = names.accountName(names.processUser());
            assertDescriptor(pipes, pipes.serverBootstrap().option(NamedPipeChannelOption.SECURITY,
                            NamedPipeSecurity.builder().currentUser().allow(name, NamedPipeAccess.READ).build()),
                    "O:" + user + "D:P(A;;FA;;;SY)(A;;FA;;;" + user + ")(A;;0x120189;;;" + names.processUser() + ")");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "S-1-x", "S-1-5", "s-1-5-4294967296", "CORP\\\0nobody"})
    void allow_badAccount_refusedAtTheCallNamingIt(String bad) {
        NamedPipeSecurity.Builder words = NamedPipeSecurity.builder();
        String message = assertThrows(IllegalArgumentException.class,
                () -> words.allow(bad, NamedPipeAccess.READ)).getMessage();
        assertTrue(message.contains('"' + bad + '"'), message);
    }

    @Test
    void allow_nobodyOfThatName_refusedNamingIt() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            ExecutionException failed = assertThrows(ExecutionException.class, () -> {
                NamedPipeSecurity security;
                try {
                    security = NamedPipeSecurity.builder().currentUser()
                            .allow("nettypipe-nobody", NamedPipeAccess.READ).build();
                } catch (IllegalArgumentException atTheCall) {
                    throw new ExecutionException(atTheCall);
                }
                assertFalse(SystemWin32.isAvailable());
                pipes.serverBootstrap().option(NamedPipeChannelOption.SECURITY, security).bind(pipes.address).get();
            });
            assertInstanceOf(IllegalArgumentException.class, failed.getCause());
            assertTrue(failed.getMessage().contains("\"nettypipe-nobody\""), failed.getMessage());
        }
    }

    @Test
    void builder_asAValue_isWhatItsWordsWereAndNeedsOneWhoCanServe() {
        NamedPipeSecurity.Builder words =
                NamedPipeSecurity.builder().allow("S-1-1-0", NamedPipeAccess.READ).integrity(NamedPipeIntegrity.HIGH);
        String message = assertThrows(IllegalStateException.class, words::build).getMessage();
        assertTrue(message.contains("builder().allow(\"S-1-1-0\", READ)"), message);
        NamedPipeSecurity built = words.currentUser().build();
        assertEquals("NamedPipeSecurity.builder().allow(\"S-1-1-0\", READ).integrity(HIGH).currentUser().build()",
                built.toString());
        assertEquals(built, words.build());
        words.appPackages();
        assertNotEquals(built, words.build());
        assertNotEquals(built, built.withDefaultOwner());
        assertThrows(NullPointerException.class, () -> words.allow(null, NamedPipeAccess.READ));
        assertThrows(NullPointerException.class, () -> words.allow("S-1-1-0", null));
        assertThrows(NullPointerException.class, () -> words.integrity(null));
    }

    @Test
    void server_withSddl_hasIt() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            String user = pipes.win32.identity().processUser();
            String sddl = "O:" + user + "D:P(D;;0x4;;;BU)(A;;FA;;;" + user + ")(A;;FR;;;WD)";
            assertDescriptor(pipes, pipes.serverBootstrap()
                    .option(NamedPipeChannelOption.SECURITY, NamedPipeSecurity.sddl(sddl)), sddl);
        }
    }

    /** Binds and reads back: from a client, and from the instances of the bind and of later. */
    private static ModelDescriptor assertDescriptor(PipeFixture pipes, ServerBootstrap bootstrap, String sddl)
            throws Exception {
        pipes.serve(bootstrap);
        Win32Identity identity = pipes.win32.identity();
        String expected = ModelDescriptor.of(sddl).toString();
        String last = null;
        for (int i = 0; i < 10; i++) {
            Peer client = pipes.connect();
            Peer server = pipes.accept();
            for (Peer end : new Peer[] {client, server}) {
                NamedPipeChannel channel = (NamedPipeChannel) end.channel;
                last = channel.eventLoop().submit(() -> identity.descriptorOf(channel.handle())).get();
                assertEquals(expected, ModelDescriptor.of(last, identity.processUser()).toString());
            }
            client.send("x").sync();
            assertEquals("x", server.readText(1));
        }
        return ModelDescriptor.of(last, identity.processUser());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "nonsense", "D", "D:(", "D:(A;;FA;;;WD", "D:(A;;FA;;WD)", "D:(Q;;FA;;;WD)",
        "D:(A;;FA;;;)", "D:(A;;F;;;WD)", "D:(A;;FA;;;S-1)", "D:(A;;FA;;;S-1-5-x)", "O:(A;;FA;;;WD)", "X:(A;;FA;;;WD)",
        "D:(A;;FA;x;;WD)", "O:S-1-D:(A;;FA;;;WD)", "D:(A;;FA;;;WD)\0(D;;FA;;;NU)"})
    void sddl_bad_refusedAtTheCallNamingIt(String bad) {
        String message = assertThrows(IllegalArgumentException.class, () -> NamedPipeSecurity.sddl(bad)).getMessage();
        assertTrue(message.contains('"' + bad + '"'), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"D:", "D:P", "D:(A;;FA;;;WD)", "D:PAI(D;;FA;;;NU)(A;;0x12019b;;;AU)(A;;GRGW;;;BU)",
        "O:BAG:SYD:P(A;;FA;;;S-1-5-21-1-2-3-1001)", "S:(ML;;NW;;;LW)D:(A;;GA;;;WD)", "D:NO_ACCESS_CONTROL",
        "O:S-1-5-32-544", "S:(ML;;NRNW;;;HI)", "D:(A;OICI;3;;;SY)S:(AU;SAFA;FA;;;WD)"})
    void sddl_good_isTaken(String good) {
        assertEquals(NamedPipeSecurity.sddl(good), NamedPipeSecurity.sddl(good));
        assertTrue(NamedPipeSecurity.sddl(good).toString().contains(good));
    }

    @Test
    void security_option_isCheckedAndKept() throws Exception {
        NamedPipeServerChannelConfig config = new NamedPipeServerChannel().config();
        assertEquals(NamedPipeSecurity.currentUser(), config.getOption(NamedPipeChannelOption.SECURITY));
        assertTrue(config.setOption(NamedPipeChannelOption.SECURITY, NamedPipeSecurity.authenticatedUsers()));
        assertEquals(NamedPipeSecurity.authenticatedUsers(), config.getOptions().get(NamedPipeChannelOption.SECURITY));
        assertThrows(NullPointerException.class, () -> config.setOption(NamedPipeChannelOption.SECURITY, null));
        assertThrows(NullPointerException.class, () -> NamedPipeSecurity.sddl(null));
        assertFalse(new NamedPipeChannel().config()
                .setOption(NamedPipeChannelOption.SECURITY, NamedPipeSecurity.currentUser()));
        try (PipeFixture pipes = new PipeFixture().serve()) {
            assertThrows(IllegalStateException.class, () -> pipes.server.config()
                    .setOption(NamedPipeChannelOption.SECURITY, NamedPipeSecurity.authenticatedUsers()));
        }
    }
}
