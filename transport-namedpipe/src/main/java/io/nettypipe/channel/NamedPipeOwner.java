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

import io.nettypipe.win32.PipeFlags;
import io.nettypipe.win32.SystemCallException;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.Win32Error;
import io.nettypipe.win32.Win32Identity;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who must own a pipe that a client connects to: {@link NamedPipeChannelOption#SERVER_OWNER}. A pipe's name belongs to
 * whoever created it first, and nobody but an administrator can create one that belongs to somebody else, so the owner
 * tells the real server from another program that was there before it.
 * <p>
 * It is the owner of the name, not of the instance that the client got. So this proves whose the server is only as long
 * as the pipe's descriptor lets nobody else create instances, as those of {@link NamedPipeSecurity} do: whom a pipe's
 * descriptor grants {@code GENERIC_WRITE} or {@code FILE_CREATE_PIPE_INSTANCE} can serve some of its clients. {@link
 * #alone()} looks whether it is so. Never changes; any thread.
 */
public final class NamedPipeOwner {
    private static final String CURRENT_USER = "the current user";
    private static final String LOCAL_SYSTEM = "S-1-5-18";
    private static final String ADMINISTRATORS = "S-1-5-32-544";
    private static final Pattern SID =
            Pattern.compile("[Ss]-1-(?<authority>\\d{1,15}|0[xX][0-9a-fA-F]{1,12})(?<rest>(-\\d{1,10}){1,15})");
    private static final long MAX_AUTHORITY = (1L << 48) - 1;
    private static final long MAX_SUB_AUTHORITY = (1L << 32) - 1;

    /** The system's account, the administrators, and whoever the owner is: they can have any pipe for themselves. */
    private static final Set<String> ALMIGHTY = Set.of(LOCAL_SYSTEM, ADMINISTRATORS, "S-1-3-4");
    private static final String LOGON_SESSION_PREFIX = "S-1-5-5-";

    private static final NamedPipeOwner ANYONE = new NamedPipeOwner(null, null, false);

    /** SIDs, and {@link #CURRENT_USER}; {@code null} for anyone. */
    private final Set<String> owners;
    /** At least, or {@code null} for any. */
    private final NamedPipeIntegrity integrity;
    private final boolean alone;

    private NamedPipeOwner(Set<String> owners, NamedPipeIntegrity integrity, boolean alone) {
        this.owners = owners;
        this.integrity = integrity;
        this.alone = alone;
    }

    /** Whoever: the owner is not asked for. */
    public static NamedPipeOwner anyone() {
        return ANYONE;
    }

    /**
     * The user of this process. What an elevated process creates belongs to the Administrators by default, not to its
     * user; servers of this transport give it to the user ({@link NamedPipeSecurity#currentUser()}), unless they are
     * told otherwise ({@link NamedPipeSecurity#withDefaultOwner()}). For those, and those of others that may be
     * elevated, .NET's {@code CurrentUserOnly} included, there is {@code currentUser().or(administrators())}.
     * <p>
     * It does not tell whether the server is elevated. An elevated client that must not talk to a server that is not
     * takes {@link #atLeast}, or {@link #administrators()} with a server that has its {@link
     * NamedPipeSecurity#withDefaultOwner() default owner}.
     */
    public static NamedPipeOwner currentUser() {
        return new NamedPipeOwner(Set.of(CURRENT_USER), null, false);
    }

    /**
     * The system's own account, {@code S-1-5-18}. By default the Administrators own what its services create, so for
     * those of others there is {@code localSystem().or(administrators())}.
     */
    public static NamedPipeOwner localSystem() {
        return sid(LOCAL_SYSTEM);
    }

    /** The group of administrators, {@code S-1-5-32-544}: any elevated process of any of them. */
    public static NamedPipeOwner administrators() {
        return sid(ADMINISTRATORS);
    }

    /**
     * A user or a group.
     *
     * @param sid such as {@code S-1-5-21-1004336348-1177238915-682003330-1001}
     * @throws IllegalArgumentException if it is none
     */
    public static NamedPipeOwner sid(String sid) {
        return new NamedPipeOwner(Set.of(canonical(Objects.requireNonNull(sid, "sid"))), null, false);
    }

    /** Either this or another. What one of them demands beside the owner ({@link #atLeast}, {@link #alone}) both do. */
    public NamedPipeOwner or(NamedPipeOwner other) {
        Set<String> both = null;
        if (owners != null && other.owners != null) {
            both = new LinkedHashSet<>(owners);
            both.addAll(other.owners);
        }
        return new NamedPipeOwner(both, higher(integrity, other.integrity), alone || other.alone);
    }

    private static NamedPipeIntegrity higher(NamedPipeIntegrity one, NamedPipeIntegrity other) {
        return one == null || other != null && other.compareTo(one) > 0 ? other : one;
    }

    /**
     * And the pipe has a mandatory label of that level or above, which keeps processes of lower ones from writing to it
     * and from serving it ({@code LABEL_SECURITY_INFORMATION}). Nobody can make a pipe of a higher level than his own,
     * so another program of the same user that is not elevated cannot have made one of {@link NamedPipeIntegrity#HIGH},
     * nor serve one. The server has to say it: {@link NamedPipeSecurity.Builder#integrity}; a pipe without a label is
     * of {@link NamedPipeIntegrity#MEDIUM}.
     */
    public NamedPipeOwner atLeast(NamedPipeIntegrity level) {
        return new NamedPipeOwner(owners, higher(integrity, Objects.requireNonNull(level, "level")), alone);
    }

    /**
     * And nobody else may serve the pipe, or change who may: its descriptor grants FILE_CREATE_PIPE_INSTANCE, WRITE_DAC
     * and WRITE_OWNER to none but these owners, LocalSystem and the Administrators, and if {@link #currentUser()} is
     * one of them, the logon session of this process. It is so with all of {@link NamedPipeSecurity} but {@code sddl},
     * and not with what .NET's {@code PipeAccessRights.FullControl} or any {@code GENERIC_WRITE} gave to others.
     */
    public NamedPipeOwner alone() {
        return new NamedPipeOwner(owners, integrity, true);
    }

    /** Numbers without leading zeros, and decimal, which a long authority is not when the system writes it. */
    static String canonical(String sid) {
        Matcher parts = SID.matcher(sid);
        long authority = parts.matches() ? Long.decode(withoutZeros(parts.group("authority"))) : Long.MAX_VALUE;
        if (authority > MAX_AUTHORITY) {
            throw notASid(sid);
        }
        StringBuilder text = new StringBuilder("S-1-").append(authority);
        for (String sub : parts.group("rest").substring(1).split("-")) {
            long value = Long.parseLong(sub);
            if (value > MAX_SUB_AUTHORITY) {
                throw notASid(sid);
            }
            text.append('-').append(value);
        }
        return text.toString();
    }

    /** A SID that the system wrote, which is one in any case. */
    private static String ofSystem(String sid) {
        try {
            return canonical(sid);
        } catch (IllegalArgumentException unusual) {
            return sid;
        }
    }

    private static IllegalArgumentException notASid(String sid) {
        return new IllegalArgumentException("not a security identifier (SID), such as S-1-5-18: \"" + sid + '"');
    }

    /** To {@link Long#decode} a leading zero would mean octal. */
    private static String withoutZeros(String number) {
        return number.matches("0\\d+") ? number.replaceFirst("^0+(?=\\d)", "") : number;
    }

    /** Whether a handle needs no right to be asked for its owner ({@code READ_CONTROL}). */
    boolean isAnyone() {
        return owners == null && integrity == null && !alone;
    }

    /**
     * Asks what a pipe that was just opened is. It may block, for a pipe of another machine; so it is for the thread
     * that opened it.
     *
     * @throws IOException if the pipe must not be used
     */
    void require(NamedPipeAddress pipe, Win32 win32, long handle) throws IOException {
        if (isAnyone()) {
            return;
        }
        Win32Identity identity = win32.identity();
        try {
            Set<String> expected = owners == null ? new LinkedHashSet<>() : new LinkedHashSet<>(owners);
            if (expected.remove(CURRENT_USER)) {
                expected.add(ofSystem(identity.processUser()));
            }
            String actual = identity.ownerOf(handle);
            String objection = objection(actual, expected, identity, handle);
            if (objection != null) {
                throw new NamedPipeOwnerException(pipe, expected, actual, objection);
            }
        } catch (SystemCallException e) {
            // A client whom the server has disconnected already is nobody's for good, takes no writes, and its first
            // read finds the end of the stream. Any other error says nothing of the kind.
            if (e.error() != Win32Error.ERROR_PIPE_NOT_CONNECTED) {
                throw new NamedPipeException(e.call(), pipe, e.error());
            }
        }
    }

    /** What is wrong with a pipe, as the end of a sentence about it; {@code null} if nothing is. */
    private String objection(String owner, Set<String> expected, Win32Identity identity, long pipe)
            throws SystemCallException {
        if (owners != null && !expected.contains(ofSystem(owner))) {
            return "is owned by " + owner + ", not by " + String.join(" or ", expected) + advice(owner);
        }
        int level = integrity == null ? 0 : identity.integrityOf(pipe);
        if (integrity != null && level < integrity.level) {
            return "can be served by processes of integrity level S-1-16-" + level + ", not at least of S-1-16-"
                    + integrity.level + " (" + integrity + ')';
        }
        Set<String> others = alone ? others(owner, expected, identity, pipe) : Set.of();
        return others.isEmpty() ? null : "can be served by others than its owner: " + String.join(", ", others);
    }

    private Set<String> others(String owner, Set<String> expected, Win32Identity identity, long pipe)
            throws SystemCallException {
        Set<String> others = new LinkedHashSet<>();
        for (String sid : identity.grantees(pipe,
                PipeFlags.FILE_CREATE_PIPE_INSTANCE | PipeFlags.WRITE_DAC | PipeFlags.WRITE_OWNER)) {
            others.add(ofSystem(sid));
        }
        others.removeAll(ALMIGHTY);
        others.removeAll(expected);
        others.remove(ofSystem(owner));
        if (owners != null && owners.contains(CURRENT_USER)) {
            List<String> groups = identity.processGroups();
            others.removeIf(sid -> sid.startsWith(LOGON_SESSION_PREFIX) && groups.contains(sid));
        }
        return others;
    }

    /** What may help who is refused a pipe of this owner; empty if nothing is known to. */
    private String advice(String actualOwner) {
        return owners.contains(CURRENT_USER) && ADMINISTRATORS.equals(ofSystem(actualOwner))
                ? "; the Administrators own what an elevated process creates, unless it says otherwise:"
                + " NamedPipeOwner.currentUser().or(NamedPipeOwner.administrators()) allows that" : "";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NamedPipeOwner && Objects.equals(owners, ((NamedPipeOwner) other).owners)
                && integrity == ((NamedPipeOwner) other).integrity && alone == ((NamedPipeOwner) other).alone;
    }

    @Override
    public int hashCode() {
        return Objects.hash(owners, integrity, alone);
    }

    @Override
    public String toString() {
        return (owners == null ? "anyone" : String.join(" or ", owners))
                + (integrity == null ? "" : " at least of integrity " + integrity) + (alone ? " alone" : "");
    }
}
