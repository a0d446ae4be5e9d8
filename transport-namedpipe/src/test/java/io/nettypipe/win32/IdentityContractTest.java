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

import io.nettypipe.win32.model.ModelDescriptor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

import java.util.List;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Who somebody is, on the real system and on the model of it. */
class IdentityContractTest extends ContractTest {
    private static final long NO_HANDLE = 0x7ffffff0;
    private static final int SECURITY_CONTEXT_TRACKING = 0x40000;

    private Win32Identity identity;

    @BeforeEach
    void openIdentity() {
        identity = rig.win32.identity();
    }

    @Test
    void process_asked_isAUserOfAuthenticatedUsersInALogonSession() throws Exception {
        assertTrue(identity.processUser().matches("S-1-5(-\\d+)+"), identity.processUser());
        List<String> groups = identity.processGroups();
        assertTrue(groups.contains("S-1-5-11"), groups::toString);
        assertTrue(groups.stream().anyMatch(group -> group.matches("S-1-5-5-\\d+-\\d+")), groups::toString);
    }

    @Test
    void accountName_ofKnownAndUnknown_isFoundOrRefused() throws Exception {
        assertFalse(identity.accountName(identity.processUser()).isEmpty());
        assertTrue(identity.accountName("S-1-5-18").length() > 3, identity.accountName("S-1-5-18"));
        assertEquals(Win32Error.ERROR_NONE_MAPPED,
                assertThrows(SystemCallException.class, () -> identity.accountName("S-1-9-1-2-3")).error());
    }

    @Test
    void descriptor_ofBadSddl_isRefused() throws Exception {
        for (String bad : new String[] {"nonsense", "D:(A;;GA;;;XX)", "D:(A;;GA;;WD)", "D:(A;;GA;;;S-1-x)",
            "D:(Q;;GA;;;WD)", "D:(A;;GA;;;WD"}) {
            assertThrows(SystemCallException.class, () -> identity.descriptor(bad), bad);
        }
        assertTrue(identity.descriptor("D:(A;;GA;;;WD)").length > 0);
    }

    @Test
    @Fact({"F122", "F123"})
    void descriptor_givenToThePipe_isReadBackFromBothEnds() throws Exception {
        String user = identity.processUser();
        String sddl = "O:" + user + "D:P(D;;FA;;;NU)(A;;FA;;;SY)(A;;FA;;;" + user + ")(A;;0x12019b;;;AU)";
        long server = create(sddl);
        long client = rig.client();
        String expected = ModelDescriptor.of(sddl).toString();
        assertEquals(expected, ModelDescriptor.of(identity.descriptorOf(server), user).toString());
        assertEquals(expected, ModelDescriptor.of(identity.descriptorOf(client), user).toString());
        assertEquals(user, identity.ownerOf(server));
        assertEquals(user, identity.ownerOf(client));
    }

    @Test
    @Fact({"F237", "F238"})
    void label_ofAPipe_isWhatItWasGivenAndElseMedium() throws Exception {
        String everybody = "D:(A;;FA;;;WD)";
        for (String[] label : new String[][] {{"", "2000"}, {"S:(ML;;NW;;;LW)", "1000"},
            {"S:(ML;;NWNRNX;;;ME)", "2000"}, {"S:(ML;;NR;;;ME)", "0"}}) {
            rig.rename();
            long server = create(everybody + label[0]);
            long client = rig.client();
            assertEquals(label[1], Integer.toHexString(identity.integrityOf(server)), label[0]);
            assertEquals(label[1], Integer.toHexString(identity.integrityOf(client)), label[0]);
        }
    }

    /** Whoever may not give a pipe a higher level could say it so. */
    @Test
    void label_thatOnlyWhatInheritsHas_doesNotRaiseThePipesLevel() throws Exception {
        long server = createOrError("D:(A;;FA;;;WD)S:(ML;IO;NWNRNX;;;HI)");
        if (server != -Win32Error.ERROR_PRIVILEGE_NOT_HELD) {
            assertEquals("2000", Integer.toHexString(identity.integrityOf(Rig.opened(server))));
        }
    }

    @Test
    @Fact("F239")
    void label_aboveTheCreatorsLevel_isRefusedOnWindows() throws Exception {
        opens("F239", createOrError("D:(A;;FA;;;WD)S:(ML;;NW;;;SI)"), Win32Error.ERROR_PRIVILEGE_NOT_HELD);
    }

    @Test
    @Fact("F243")
    void owner_whoIsSomebodyElse_isRefusedOnWindows() throws Exception {
        opens("F243", createOrError("O:S-1-5-21-4-4-4-4444D:(A;;FA;;;WD)"), Win32Error.ERROR_INVALID_OWNER);
    }

    @Test
    @Fact("F240")
    void client_belowThePipesLevel_isDeniedWhatThatDenies() throws Exception {
        int readAndWrite = PipeFlags.GENERIC_READ | PipeFlags.GENERIC_WRITE;
        String closed = "S:(ML;;NWNRNX;;;ME)";
        String seen = Rig.text(lowDial("", PipeFlags.GENERIC_READ)) + ", " + Rig.text(lowDial("", readAndWrite)) + ", "
                + Rig.text(lowDial(closed, PipeFlags.GENERIC_READ)) + ", "
                + Rig.text(lowDial(closed, PipeFlags.FILE_READ_ATTRIBUTES)) + ", "
                + Rig.text(lowDial("S:(ML;;NW;;;LW)", readAndWrite));
        answers("F240", seen, "success, error 5, error 5, error 5, success");
    }

    private int lowDial(String label, int access) throws SystemCallException {
        rig.rename();
        create("D:(A;;FA;;;WD)" + label);
        return errorOf(as(OtherCaller.OF_LOW_INTEGRITY, rig.path, (win32, name) ->
                win32.createFile(name, access, PipeFlags.FILE_FLAG_OVERLAPPED)));
    }

    @Test
    @Fact("F124")
    void anotherUser_whomTheDescriptorLets_createsInstances() throws Exception {
        create("D:(A;;FA;;;WD)");
        int granted = errorOf(anotherUsers(rig.path));
        rig.rename();
        create("D:(A;;FA;;;" + identity.processUser() + ")(A;;0x12019b;;;AU)");
        answers("F124", Rig.text(granted) + ", " + Rig.text(errorOf(anotherUsers(rig.path))), "success, error 5");
    }

    @Test
    @Fact("F242")
    void name_belowThatOfAdministrators_isNotForOthers() throws Exception {
        opens("F242", anotherUsers(rig.path.replace("\\pipe\\", "\\pipe\\ProtectedPrefix\\Administrators\\")),
                Win32Error.ERROR_ACCESS_DENIED);
    }

    private interface NamedCall {
        long call(Win32 win32, long name);
    }

    private long anotherUsers(String path) throws SystemCallException {
        return as(OtherCaller.OF_ANOTHER_USER, path, (win32, name) -> win32.createNamedPipe(name, Rig.DUPLEX, 0,
                PipeFlags.PIPE_UNLIMITED_INSTANCES, Rig.QUOTA, Rig.QUOTA, 0));
    }

    private long as(OtherCaller caller, String path, NamedCall call) throws SystemCallException {
        try (NativeMemory name = NativeMemory.wideString(path)) {
            return rig.own(caller.call(rig.win32, win32 -> call.call(win32, name.address())));
        }
    }

    @Test
    void grantees_ofAPipe_areThoseToWhomItGrantsAnyOfTheRights() throws Exception {
        String user = identity.processUser();
        long server = create("D:(A;;FA;;;" + user + ")(D;;0x4;;;BU)(A;;FA;;;BU)(A;;0x12019b;;;WD)(A;;GW;;;AU)"
                + "(A;;0x40000;;;S-1-5-21-4-4-4-4444)(A;;GA;;;S-1-5-21-4-4-4-4445)");
        assertEquals(Set.of(user, "S-1-5-11", "S-1-5-21-4-4-4-4445"),
                identity.grantees(server, PipeFlags.FILE_CREATE_PIPE_INSTANCE));
        assertEquals(Set.of(user, "S-1-5-32-545", "S-1-5-21-4-4-4-4444", "S-1-5-21-4-4-4-4445"),
                identity.grantees(server, PipeFlags.WRITE_DAC));
        if (!system.isWine()) {
            // Wine 8 makes an empty list of it.
            rig.rename();
            assertEquals(Set.of("S-1-1-0"), identity.grantees(create("D:NO_ACCESS_CONTROL"), PipeFlags.WRITE_DAC));
        }
    }

    @Test
    void accountSid_ofKnownAndUnknown_isFoundOrRefused() throws Exception {
        String user = identity.processUser();
        assertEquals(user, identity.accountSid(identity.accountName(user)));
        assertEquals(Win32Error.ERROR_NONE_MAPPED,
                assertThrows(SystemCallException.class, () -> identity.accountSid("nettypipe-nobody")).error());
    }

    @Test
    @Fact("F122")
    void owner_withoutReadControl_isRefused() {
        rig.server(0);
        int readData = 1;
        long client = rig.dial(readData | PipeFlags.SYNCHRONIZE, 0);
        assertTrue(client > 0, () -> "error " + -client);
        assertEquals(Win32Error.ERROR_ACCESS_DENIED,
                assertThrows(SystemCallException.class, () -> identity.ownerOf(client)).error());
    }

    @Test
    @Fact({"F009", "F024"})
    void anotherInstance_whereTheDescriptorDeniesIt_isRefusedOnWindows() throws Exception {
        create("D:(A;;0x12019b;;;WD)");
        long second = rig.create(Rig.DUPLEX, 0, PipeFlags.PIPE_UNLIMITED_INSTANCES);
        opens("F009", second, Win32Error.ERROR_ACCESS_DENIED);
        long client = rig.dial(rig.path);
        assertTrue(client > 0, () -> "error " + -client);
    }

    @Test
    @Fact("F028")
    void client_whomTheDescriptorDenies_isRefusedOnWindows() throws Exception {
        create("D:(A;;FA;;;SY)");
        // Nor is he told that it is busy, if it is.
        answers("F028", Rig.text(errorOf(rig.dial(rig.path))) + ", " + Rig.text(errorOf(rig.dial(rig.path))),
                "error 5, error 5");
    }

    @Test
    @Fact("F220")
    void anotherInstance_ofTheSameDescriptor_isCreated() throws Exception {
        String sddl = "D:(A;;FA;;;" + identity.processUser() + ")";
        create(sddl);
        create(sddl);
    }

    @Test
    @Fact({"F119", "F120", "F121"})
    void descriptor_ofEnds_isThatOfTheNameUntilTheClientIsThrownOut() throws Exception {
        String user = identity.processUser();
        String sddl = "O:" + user + "D:(A;;FA;;;" + user + ")";
        long first = create(sddl);
        long client = rig.client();
        // It has another of its own, which does not count.
        long second = create("D:(A;;FA;;;WD)");
        String expected = ModelDescriptor.of(identity.descriptorOf(first), user).toString();
        assertEquals(expected, ModelDescriptor.of(identity.descriptorOf(second), user).toString());
        assertEquals(Win32Error.ERROR_SUCCESS, rig.win32.disconnectNamedPipe(first));
        assertEquals(expected, ModelDescriptor.of(identity.descriptorOf(first), user).toString());
        answers("F120", error(() -> identity.ownerOf(client)), Win32Error.ERROR_PIPE_NOT_CONNECTED);
        long left = rig.client();
        rig.close(second);
        rig.close(first);
        assertEquals(expected, ModelDescriptor.of(identity.descriptorOf(left), user).toString());
    }

    @Test
    @Fact({"F130", "F131", "F132", "F232"})
    void ends_whoseOtherIsGone_knowItsProcessUntilTheyAreDisconnected() throws Exception {
        int own = (int) ProcessHandle.current().pid();
        long[] pair = rig.pair(0);
        rig.close(pair[1]);
        assertEquals(own, identity.processId(pair[0], true));
        rig.rename();
        pair = rig.pair(0);
        rig.close(pair[0]);
        assertEquals(own, identity.processId(pair[1], false));
        rig.rename();
        long[] last = rig.pair(0);
        assertEquals(Win32Error.ERROR_SUCCESS, rig.win32.disconnectNamedPipe(last[0]));
        int server = error(() -> identity.processId(last[0], true));
        answers("F131", server, Win32Error.ERROR_NOT_FOUND);
        int client = error(() -> identity.processId(last[1], false));
        answers("F132", client, Win32Error.ERROR_PIPE_NOT_CONNECTED);
        answers("F232", Rig.text(server) + ", " + Rig.text(client), "error 1168, error 233");
    }

    /** The error of a call, 0 if it has none. */
    private static int error(Executable call) {
        try {
            call.execute();
            return Win32Error.ERROR_SUCCESS;
        } catch (SystemCallException e) {
            return e.error();
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Fact({"F098", "F130"})
    void ends_asked_knowTheProcessAndSessionOfTheOther() throws Exception {
        long[] pair = rig.pair(0);
        int own = (int) ProcessHandle.current().pid();
        assertEquals(own, identity.processId(pair[0], true));
        assertEquals(own, identity.processId(pair[1], false));
        assertEquals(identity.sessionId(pair[0], true), identity.sessionId(pair[1], false));
    }

    @Test
    @Fact({"F125", "F218"})
    void impersonation_beforeAnythingWasReadOfAClientThatSaysNoLevelOrFollows_isRefused() {
        for (int flags : new int[] {0, PipeFlags.SECURITY_SQOS_PRESENT | PipeFlags.SECURITY_IMPERSONATION
                | SECURITY_CONTEXT_TRACKING}) {
            long server = rig.server(0);
            Rig.opened(rig.dial(PipeFlags.GENERIC_READ | PipeFlags.GENERIC_WRITE, flags));
            int error = identity.impersonateNamedPipeClient(server);
            if (!answers("F125 F218", error, Win32Error.ERROR_CANNOT_IMPERSONATE)) {
                assertEquals(Win32Error.ERROR_SUCCESS, identity.revertToSelf());
            }
        }
        assertEquals(-Win32Error.ERROR_NO_TOKEN, identity.openThreadToken());
    }

    @Test
    @Fact({"F098", "F126", "F218", "F219"})
    void impersonation_beforeAnythingWasReadOfAClientThatSaysALevel_works() throws Exception {
        for (int level : new int[] {PipeFlags.SECURITY_IDENTIFICATION, PipeFlags.SECURITY_IMPERSONATION}) {
            long server = rig.server(0);
            // It comes before anybody listens.
            rig.dial(PipeFlags.GENERIC_READ | PipeFlags.GENERIC_WRITE, PipeFlags.SECURITY_SQOS_PRESENT | level);
            assertEquals(Win32Error.ERROR_PIPE_CONNECTED, rig.listen(server).answer);
            rig.join(server);
            assertEquals(Win32Error.ERROR_SUCCESS, identity.impersonateNamedPipeClient(server));
            long token = rig.own(identity.openThreadToken());
            assertEquals(Win32Error.ERROR_SUCCESS, identity.revertToSelf());
            assertEquals(identity.processUser(), identity.userOf(Rig.opened(token)));
        }
    }

    @Test
    @Fact("F127")
    void impersonation_ofAClientThatLeft_works() {
        long[] pair = talked(PipeFlags.SECURITY_SQOS_PRESENT | PipeFlags.SECURITY_IDENTIFICATION);
        rig.close(pair[1]);
        assertEquals(Win32Error.ERROR_SUCCESS, identity.impersonateNamedPipeClient(pair[0]));
        assertEquals(Win32Error.ERROR_SUCCESS, identity.revertToSelf());
    }

    @Test
    @Fact("F098")
    void impersonation_afterAWriteWasRead_actsAsTheClientUntilReverted() throws Exception {
        long[] pair = talked(PipeFlags.SECURITY_SQOS_PRESENT | PipeFlags.SECURITY_IDENTIFICATION);
        assertEquals(Win32Error.ERROR_SUCCESS, identity.impersonateNamedPipeClient(pair[0]));
        long token = rig.own(identity.openThreadToken());
        assertTrue(token > 0, () -> "error " + -token);
        assertEquals(Win32Error.ERROR_SUCCESS, identity.revertToSelf());
        assertEquals(-Win32Error.ERROR_NO_TOKEN, identity.openThreadToken());
        assertEquals(identity.processUser(), identity.userOf(token));
        // The token can be put on again.
        assertEquals(Win32Error.ERROR_SUCCESS, identity.setThreadToken(token));
        rig.close(identity.openThreadToken());
        assertEquals(Win32Error.ERROR_SUCCESS, identity.revertToSelf());
        assertEquals(Win32Error.ERROR_SUCCESS, identity.revertToSelf());
    }

    @Test
    @Fact("F129")
    void impersonation_ofAnAnonymousClient_hidesWhoItIsOnWindows() {
        long[] pair = talked(PipeFlags.SECURITY_SQOS_PRESENT | PipeFlags.SECURITY_ANONYMOUS);
        assertEquals(Win32Error.ERROR_SUCCESS, identity.impersonateNamedPipeClient(pair[0]));
        long token = identity.openThreadToken();
        assertEquals(Win32Error.ERROR_SUCCESS, identity.revertToSelf());
        opens("F129", rig.own(token), Win32Error.ERROR_CANT_OPEN_ANONYMOUS);
    }

    @Test
    @Fact("F128")
    void impersonation_fromTheClientsEndOrNone_isRefused() {
        long[] pair = talked(0);
        answers("F128", identity.impersonateNamedPipeClient(pair[1]), Win32Error.ERROR_INVALID_FUNCTION);
        assertEquals(Win32Error.ERROR_INVALID_HANDLE, identity.impersonateNamedPipeClient(NO_HANDLE));
        assertEquals(Win32Error.ERROR_INVALID_HANDLE, identity.setThreadToken(NO_HANDLE));
        assertEquals(-Win32Error.ERROR_NO_TOKEN, identity.openThreadToken());
    }

    @Test
    void calls_onNoHandle_answerInvalidHandle() {
        assertInvalid(() -> identity.descriptorOf(NO_HANDLE));
        assertInvalid(() -> identity.ownerOf(NO_HANDLE));
        assertInvalid(() -> identity.integrityOf(NO_HANDLE));
        assertInvalid(() -> identity.grantees(NO_HANDLE, PipeFlags.WRITE_DAC));
        assertInvalid(() -> identity.processId(NO_HANDLE, true));
        if (!system.isWine()) {
            // Wine does not look at the handle: it has one session only.
            assertInvalid(() -> identity.sessionId(NO_HANDLE, false));
        }
        assertInvalid(() -> identity.userOf(NO_HANDLE));
    }

    private static void assertInvalid(Executable call) {
        assertEquals(Win32Error.ERROR_INVALID_HANDLE, error(call));
    }

    private long create(String sddl) throws SystemCallException {
        return Rig.opened(createOrError(sddl));
    }

    private long createOrError(String sddl) throws SystemCallException {
        try (NativeMemory name = NativeMemory.wideString(rig.path);
             SecurityAttributes security = new SecurityAttributes(identity.descriptor(sddl))) {
            return rig.own(rig.win32.createNamedPipe(name.address(), Rig.DUPLEX, 0,
                    PipeFlags.PIPE_UNLIMITED_INSTANCES, Rig.QUOTA, Rig.QUOTA, security.address()));
        }
    }

    /** A connected pair whose server has read something. */
    private long[] talked(int flags) {
        long server = rig.server(0);
        long client = rig.dial(PipeFlags.GENERIC_READ | PipeFlags.GENERIC_WRITE, flags);
        rig.join(server);
        rig.join(client);
        rig.end(rig.write(client, "hello"));
        assertEquals("hello", rig.end(rig.read(server, 10)).text());
        return new long[] {server, client};
    }
}
