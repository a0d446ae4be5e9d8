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

import io.nettypipe.win32.SecurityAttributes;
import io.nettypipe.win32.SystemCallException;
import io.nettypipe.win32.SystemWin32;
import io.nettypipe.win32.Win32Identity;

import java.util.List;
import java.util.Objects;

/**
 * Who may open a served pipe, and who owns it: {@code lpSecurityAttributes} of {@code CreateNamedPipe}, for {@link
 * NamedPipeChannelOption#SECURITY}. A pipe's name has one descriptor, that of its first instance; the system looks at
 * it when a client connects and when another instance is created. Never changes; any thread.
 * <p>
 * {@link #currentUser()} and {@link #authenticatedUsers()} have in common:
 * <ul>
 * <li>The owner is the user of this process, even of an elevated process, whose objects would be the Administrators'
 * otherwise. So clients can check it with {@link NamedPipeOwner#currentUser()}. Elevated clients of .NET check it in
 * another way, for which there is {@link #withDefaultOwner()}.</li>
 * <li>Only this user and LocalSystem may create further instances, which is to serve some of the clients.</li>
 * <li>The NETWORK group is denied: clients of other machines, but also processes on this machine whose session came
 * through the network, such as those of OpenSSH, Windows Remote Management or PsExec. If the server itself runs in
 * such a session, the processes of that session, and of no other, are let in all the same.</li>
 * <li>There is no mandatory label, which Windows treats as medium integrity and no writing up ("Mandatory Integrity
 * Control"): app containers are kept out, processes of low integrity can connect to read but not to write, and
 * elevation makes no difference. A process of the same user that is not elevated can talk to an elevated server. If
 * that must not be, give a label: {@code sddl("D:...S:(ML;;NRNW;;;HI)")}, or {@code ME} against low integrity.</li>
 * </ul>
 */
public final class NamedPipeSecurity {
    private static final String NETWORK_GROUP = "S-1-5-2";
    private static final String LOGON_SESSION_PREFIX = "S-1-5-5-";
    /**
     * {@code FILE_GENERIC_READ | FILE_GENERIC_WRITE} without FILE_APPEND_DATA, which for a pipe is
     * FILE_CREATE_PIPE_INSTANCE ("Named Pipe Security and Access Rights").
     */
    private static final String READ_AND_WRITE = "0x12019b";

    private static final NamedPipeSecurity CURRENT_USER = new NamedPipeSecurity("currentUser()", "", true, null);
    private static final NamedPipeSecurity AUTHENTICATED_USERS =
            new NamedPipeSecurity("authenticatedUsers()", "(A;;" + READ_AND_WRITE + ";;;AU)", true, null);

    private final String name;
    private final String otherEntries;
    private final boolean ownedByUser;
    private final String sddl;

    private NamedPipeSecurity(String name, String otherEntries, boolean ownedByUser, String sddl) {
        this.name = name;
        this.otherEntries = otherEntries;
        this.ownedByUser = ownedByUser;
        this.sddl = sddl;
    }

    /**
     * The user of this process and LocalSystem may do everything, others nothing; NETWORK is denied. The default.
     */
    public static NamedPipeSecurity currentUser() {
        return CURRENT_USER;
    }

    /**
     * As {@link #currentUser()}, and all users of this machine and its domain may connect, read and write. They cannot
     * create instances: that right is not among those granted to them, which {@code GENERIC_WRITE} would include.
     */
    public static NamedPipeSecurity authenticatedUsers() {
        return AUTHENTICATED_USERS;
    }

    /**
     * As {@link #currentUser()} or {@link #authenticatedUsers()}, which this is called on, but owned by whom the system
     * gives what this process creates ({@code TokenOwner}): the user, or if the process is elevated, the
     * Administrators. Which it has to be depends on the clients that look:
     * <ul>
     * <li>Those of .NET with {@code PipeOptions.CurrentUserOnly} compare the owner with their own default one, so an
     * elevated one wants the Administrators: an elevated server needs this for them, and one that is not elevated they
     * always refuse. One that is not elevated wants the user, so it refuses an elevated server with this.</li>
     * <li>Clients of this transport with {@link NamedPipeOwner#currentUser()} want the user, elevated or not; of an
     * elevated server with this they take {@code currentUser().or(administrators())}.</li>
     * </ul>
     *
     * @throws UnsupportedOperationException if it was made by {@link #sddl}, whose text says the owner, or leaves it
     *                                       out for the default one
     */
    public NamedPipeSecurity withDefaultOwner() {
        if (sddl != null) {
            throw new UnsupportedOperationException("an SDDL without O: has the default owner already: " + this);
        }
        return ownedByUser ? new NamedPipeSecurity(name + ".withDefaultOwner()", otherEntries, false, null) : this;
    }

    /**
     * A descriptor in the Security Descriptor Definition Language. What it leaves out is the system's default: the
     * owner of the process's token, its default DACL. This process needs FILE_CREATE_PIPE_INSTANCE and what the pipe's
     * direction asks of it ({@code FA} is enough), or binding fails with {@link java.net.BindException}. Grant clients
     * specific rights, such as {@code 0x12019b} to read and write: {@code GW} and {@code FW} let them create instances.
     *
     * @param sddl such as {@code "D:P(D;;FA;;;NU)(A;;FA;;;SY)(A;;0x12019b;;;BU)"}
     * @throws IllegalArgumentException if it is no descriptor; on Windows the system says so
     *     ({@code ConvertStringSecurityDescriptorToSecurityDescriptor}), elsewhere its form is looked at
     */
    public static NamedPipeSecurity sddl(String sddl) {
        Objects.requireNonNull(sddl, "sddl");
        // To the system no text is a descriptor that says nothing, and a text ends at its first NUL.
        if (SystemWin32.isAvailable() && !sddl.isBlank() && sddl.indexOf('\0') < 0) {
            try {
                SystemWin32.get().identity().descriptor(sddl);
            } catch (SystemCallException refused) {
                throw bad(sddl, refused);
            }
        } else if (!SddlSyntax.isPlausible(sddl)) {
            throw bad(sddl, null);
        }
        return new NamedPipeSecurity("sddl(\"" + sddl + "\")", null, false, sddl);
    }

    private static IllegalArgumentException bad(String sddl, SystemCallException refused) {
        return new IllegalArgumentException("not a security descriptor in SDDL: \"" + sddl + '"'
                + (refused == null ? "" : " (" + refused.getMessage() + ')'), refused);
    }

    /**
     * Builds the descriptor for this process.
     *
     * @throws SystemCallException      if the system does not tell who this process is
     * @throws IllegalArgumentException if the descriptor is none after all
     */
    SecurityAttributes attributes(Win32Identity identity) throws SystemCallException {
        if (sddl == null) {
            return new SecurityAttributes(identity.descriptor(ownSddl(identity)));
        }
        try {
            return new SecurityAttributes(identity.descriptor(sddl));
        } catch (SystemCallException refused) {
            throw bad(sddl, refused);
        }
    }

    private String ownSddl(Win32Identity identity) throws SystemCallException {
        String user = identity.processUser();
        return (ownedByUser ? "O:" + user : "") + "D:P" + ownSession(identity.processGroups())
                + "(D;;FA;;;NU)(A;;FA;;;SY)(A;;FA;;;" + user + ')' + otherEntries;
    }

    /**
     * In a session that came through the network the process itself has the group that is denied, and could not create
     * its second instance. Entries count in their order, so its session comes first.
     */
    private static String ownSession(List<String> groups) {
        if (groups.contains(NETWORK_GROUP)) {
            for (String group : groups) {
                if (group.startsWith(LOGON_SESSION_PREFIX)) {
                    return "(A;;FA;;;" + group + ')';
                }
            }
        }
        return "";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NamedPipeSecurity && ((NamedPipeSecurity) other).name.equals(name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    /** How it was made. */
    @Override
    public String toString() {
        return "NamedPipeSecurity." + name;
    }
}
