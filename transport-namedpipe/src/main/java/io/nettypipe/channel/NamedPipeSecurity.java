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

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Who may open a served pipe, and who owns it: {@code lpSecurityAttributes} of {@code CreateNamedPipe}, for {@link
 * NamedPipeChannelOption#SECURITY}. A pipe's name has one descriptor, that of its first instance; the system looks at
 * it when a client connects and when another instance is created. Never changes; any thread.
 * <p>
 * {@link #currentUser()} is the default; {@link #builder()} says in words who else is let in, and {@link #sddl} says
 * it in the system's own language. {@link #currentUser()} and {@link #authenticatedUsers()} have in common:
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
 * that must not be, there is {@link Builder#integrity}.</li>
 * </ul>
 */
public final class NamedPipeSecurity {
    private static final String NETWORK_GROUP = "S-1-5-2";
    private static final String LOGON_SESSION_PREFIX = "S-1-5-5-";
    private static final String ADMINISTRATORS = "S-1-5-32-544";
    private static final String AUTHENTICATED_USERS_GROUP = "S-1-5-11";
    private static final String ALL_APP_PACKAGES = "S-1-15-2-1";

    private static final NamedPipeSecurity CURRENT_USER =
            builder().currentUser().denyNetwork().named("currentUser()");
    private static final NamedPipeSecurity AUTHENTICATED_USERS =
            builder().currentUser().authenticatedUsers().denyNetwork().named("authenticatedUsers()");

    private final String name;
    /** In SDDL, in parts, as far as it is not of {@link #sddl}. */
    private final List<Part> parts;
    private final boolean ownedByUser;
    private final String sddl;

    private NamedPipeSecurity(String name, List<Part> parts, boolean ownedByUser, String sddl) {
        this.name = name;
        this.parts = parts;
        this.ownedByUser = ownedByUser;
        this.sddl = sddl;
    }

    /** What is known in full only of the process that binds. */
    private interface Part {
        String sddl(Win32Identity identity) throws SystemCallException;
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
     * Begins a descriptor in words: {@code builder().currentUser().allow("CORP\\Operators", READ).denyNetwork()
     * .build()}. Each word lets somebody in who was not; nobody is let in without one, but LocalSystem, who may do
     * everything. The owner is this process's user, see {@link #withDefaultOwner()}.
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * As this, but owned by whom the system
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
        return ownedByUser ? new NamedPipeSecurity(name + ".withDefaultOwner()", parts, false, null) : this;
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
        return new NamedPipeSecurity("sddl(\"" + sddl + "\")", List.of(), false, sddl);
    }

    private static IllegalArgumentException bad(String sddl, SystemCallException refused) {
        return new IllegalArgumentException("not a security descriptor in SDDL: \"" + sddl + '"'
                + (refused == null ? "" : " (" + refused.getMessage() + ')'), refused);
    }

    /**
     * Builds the descriptor for this process.
     *
     * @throws SystemCallException      if the system does not tell who this process is
     * @throws IllegalArgumentException if the descriptor is none after all, or an account none of this machine's
     * @throws IllegalStateException    if this process is in no logon session, where it is to be let in
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
        StringBuilder text = new StringBuilder(ownedByUser ? "O:" + identity.processUser() : "");
        for (Part part : parts) {
            text.append(part.sddl(identity));
        }
        return text.toString();
    }

    private static String allowed(String rights, String sid) {
        return "(A;;" + rights + ";;;" + sid + ')';
    }

    /**
     * In a session that came through the network the process itself has the group that is denied, and could not create
     * its second instance. Entries count in their order, so its session comes first.
     */
    private static String networkDenied(Win32Identity identity) throws SystemCallException {
        List<String> groups = identity.processGroups();
        String session = groups.contains(NETWORK_GROUP) ? logonSession(groups) : null;
        return (session == null ? "" : allowed("FA", session)) + "(D;;FA;;;NU)";
    }

    private static String logonSession(List<String> groups) {
        for (String group : groups) {
            if (group.startsWith(LOGON_SESSION_PREFIX)) {
                return group;
            }
        }
        return null;
    }

    private static String ownSession(Win32Identity identity) throws SystemCallException {
        String session = logonSession(identity.processGroups());
        if (session == null) {
            throw new IllegalStateException("this process is in no logon session, so logonSession() lets nobody in: it "
                    + "is the system's, " + identity.processUser());
        }
        return allowed("FA", session);
    }

    private static String sidOf(Win32Identity identity, String account) {
        try {
            return identity.accountSid(account);
        } catch (SystemCallException unknown) {
            throw new IllegalArgumentException("no user or group of this machine or its domain: \"" + account + "\" ("
                    + unknown.getMessage() + ')', unknown);
        }
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

    /**
     * Who is let in, word by word, in any order. What is wrong with a word is said by its own call. Not safe for use by
     * several threads at a time.
     */
    public static final class Builder {
        private final StringBuilder words = new StringBuilder("builder()");
        private final List<Part> allowed = new ArrayList<>();
        private boolean canServe;
        private boolean denyNetwork;
        private NamedPipeIntegrity integrity;

        private Builder() {
        }

        private Builder word(String word, Part part) {
            words.append('.').append(word);
            if (part != null) {
                allowed.add(part);
            }
            return this;
        }

        /** The user of this process, elevated or not and in whatever session, may do everything. */
        public Builder currentUser() {
            canServe = true;
            return word("currentUser()", identity -> allowed("FA", identity.processUser()));
        }

        /**
         * Processes of this one's logon session may do everything: those that its user started since logging on, and
         * not those of other sessions of the same user. Services of LocalSystem are in none: with them the bind fails
         * with {@link IllegalStateException}.
         */
        public Builder logonSession() {
            canServe = true;
            return word("logonSession()", NamedPipeSecurity::ownSession);
        }

        /**
         * A user, or the members of a group. Well-known groups have other names in each language, so they are better
         * given by their SIDs, such as {@code S-1-5-32-545} for the Users. On Windows a name is looked up at once
         * ({@code LookupAccountName}); that <strong>may block</strong>, as it may ask a domain's server.
         *
         * @param account {@code DOMAIN\name}, or a SID
         * @param access  what it is let do
         * @throws IllegalArgumentException if there is no such account, or it is not one that somebody can be, such as
         *                                  a domain; other systems than Windows leave that to the bind
         */
        public Builder allow(String account, NamedPipeAccess access) {
            Objects.requireNonNull(account, "account");
            String rights = Objects.requireNonNull(access, "access").rights;
            String word = "allow(\"" + account + "\", " + access + ')';
            if (account.regionMatches(true, 0, "S-1-", 0, 4)) {
                String sid = NamedPipeOwner.canonical(account);
                return word(word, identity -> allowed(rights, sid));
            }
            if (account.isBlank() || account.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("neither DOMAIN\\name nor a SID: \"" + account + '"');
            }
            if (SystemWin32.isAvailable()) {
                String sid = sidOf(SystemWin32.get().identity(), account);
                return word(word, identity -> allowed(rights, sid));
            }
            return word(word, identity -> allowed(rights, sidOf(identity, account)));
        }

        /** Users of this machine and its domain may read and write, guests and anonymous ones may not. */
        public Builder authenticatedUsers() {
            return group("authenticatedUsers()", AUTHENTICATED_USERS_GROUP);
        }

        /** Elevated processes of administrators may read and write. */
        public Builder administrators() {
            return group("administrators()", ADMINISTRATORS);
        }

        /**
         * Packaged apps that run in an app container may read and write, if their user may, too: the system looks for
         * both ("Implement an AppContainer"). It is all of them (ALL APPLICATION PACKAGES); for one there is {@link
         * #allow} with the SID of its package. Their processes are of low integrity; where that still keeps them out,
         * as with a label of {@link NamedPipeIntegrity#MEDIUM}, {@code integrity(LOW)} lets them in.
         */
        public Builder appPackages() {
            return group("appPackages()", ALL_APP_PACKAGES);
        }

        private Builder group(String word, String sid) {
            return word(word, identity -> allowed(NamedPipeAccess.READ_AND_WRITE.rights, sid));
        }

        /**
         * Denies the NETWORK group, whoever its members are and whatever else is said: see {@link NamedPipeSecurity}.
         * Clients of other machines are kept out without it as well, unless {@link
         * NamedPipeChannelOption#REJECT_REMOTE_CLIENTS} is off.
         */
        public Builder denyNetwork() {
            denyNetwork = true;
            return word("denyNetwork()", null);
        }

        /**
         * Gives the pipe a mandatory label: processes of a lower integrity can neither open nor serve it, whoever they
         * are. {@link NamedPipeIntegrity#HIGH} keeps out all that are not elevated, and lets clients check that ({@link
         * NamedPipeOwner#atLeast}); {@link NamedPipeIntegrity#LOW} lets sandboxed processes write, whom a pipe without
         * a label only lets read. A label above this process's own level fails the bind (ERROR_PRIVILEGE_NOT_HELD).
         */
        public Builder integrity(NamedPipeIntegrity level) {
            integrity = Objects.requireNonNull(level, "level");
            return word("integrity(" + level + ')', null);
        }

        /**
         * The descriptor.
         *
         * @throws IllegalStateException if not even this process could create instances of the pipe
         */
        public NamedPipeSecurity build() {
            return named(words + ".build()");
        }

        private NamedPipeSecurity named(String name) {
            if (!canServe) {
                throw new IllegalStateException("this process could not create the pipe's instances; it takes "
                        + "currentUser() or logonSession(): " + words);
            }
            List<Part> parts = new ArrayList<>();
            parts.add(identity -> "D:P");
            if (denyNetwork) {
                parts.add(NamedPipeSecurity::networkDenied);
            }
            parts.add(identity -> allowed("FA", "SY"));
            parts.addAll(allowed);
            if (integrity != null) {
                // Opened to be neither read nor written, which is what "execute" has, an instance is in use, too.
                String label = "S:(ML;;NWNRNX;;;" + integrity.sddl + ')';
                parts.add(identity -> label);
            }
            return new NamedPipeSecurity(name, parts, true, null);
        }
    }
}
