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

import io.nettypipe.win32.SystemCallException;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.Win32Error;
import io.nettypipe.win32.Win32Identity;

import java.io.IOException;
import java.util.LinkedHashSet;
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
 * as the pipe's descriptor lets nobody else create instances, as those of {@link NamedPipeSecurity#currentUser()} and
 * {@link NamedPipeSecurity#authenticatedUsers()} do: whom a pipe's descriptor grants {@code GENERIC_WRITE} or
 * {@code FILE_CREATE_PIPE_INSTANCE} can serve some of its clients. Never changes; any thread.
 */
public final class NamedPipeOwner {
    private static final String CURRENT_USER = "the current user";
    private static final String ADMINISTRATORS = "S-1-5-32-544";
    private static final Pattern SID =
            Pattern.compile("[Ss]-1-(?<authority>\\d{1,15}|0[xX][0-9a-fA-F]{1,12})(?<rest>(-\\d{1,10}){1,15})");
    private static final long MAX_AUTHORITY = (1L << 48) - 1;
    private static final long MAX_SUB_AUTHORITY = (1L << 32) - 1;

    private static final NamedPipeOwner ANYONE = new NamedPipeOwner(null);

    /** SIDs, and {@link #CURRENT_USER}; {@code null} for anyone. */
    private final Set<String> owners;

    private NamedPipeOwner(Set<String> owners) {
        this.owners = owners;
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
     * takes {@link #administrators()}, and the server {@code NamedPipeSecurity.sddl("O:BA...")}.
     */
    public static NamedPipeOwner currentUser() {
        return new NamedPipeOwner(Set.of(CURRENT_USER));
    }

    /**
     * The system's own account, {@code S-1-5-18}. By default the Administrators own what its services create, so for
     * those of others there is {@code localSystem().or(administrators())}.
     */
    public static NamedPipeOwner localSystem() {
        return sid("S-1-5-18");
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
        return new NamedPipeOwner(Set.of(canonical(Objects.requireNonNull(sid, "sid"))));
    }

    /** Either this or another. */
    public NamedPipeOwner or(NamedPipeOwner other) {
        if (owners == null || other.owners == null) {
            return ANYONE;
        }
        Set<String> both = new LinkedHashSet<>(owners);
        both.addAll(other.owners);
        return new NamedPipeOwner(both);
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
        return owners == null;
    }

    /**
     * Asks who owns a pipe that was just opened. It may block, for a pipe of another machine; so it is for the thread
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
            Set<String> expected = new LinkedHashSet<>(owners);
            if (expected.remove(CURRENT_USER)) {
                expected.add(ofSystem(identity.processUser()));
            }
            String actual = ownerOf(identity, handle);
            if (actual != null && !expected.contains(ofSystem(actual))) {
                throw new NamedPipeOwnerException(pipe, expected, actual, advice(actual));
            }
        } catch (SystemCallException e) {
            throw new NamedPipeException(e.call(), pipe, e.error());
        }
    }

    /**
     * Answers {@code null} of a client whom the server has disconnected already: it is nobody's for good, takes no
     * writes, and its first read finds the end of the stream. Any other error says nothing of the kind.
     */
    private static String ownerOf(Win32Identity identity, long handle) throws SystemCallException {
        try {
            return identity.ownerOf(handle);
        } catch (SystemCallException e) {
            if (e.error() == Win32Error.ERROR_PIPE_NOT_CONNECTED) {
                return null;
            }
            throw e;
        }
    }

    /** What may help who is refused a pipe of this owner; empty if nothing is known to. */
    private String advice(String actualOwner) {
        return owners.contains(CURRENT_USER) && ADMINISTRATORS.equals(ofSystem(actualOwner))
                ? "; the Administrators own what an elevated process creates, unless it says otherwise:"
                + " NamedPipeOwner.currentUser().or(NamedPipeOwner.administrators()) allows that" : "";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NamedPipeOwner && Objects.equals(owners, ((NamedPipeOwner) other).owners);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(owners);
    }

    @Override
    public String toString() {
        return owners == null ? "anyone" : String.join(" or ", owners);
    }
}
