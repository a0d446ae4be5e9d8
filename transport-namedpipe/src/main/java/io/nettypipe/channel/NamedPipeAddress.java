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

import io.netty.channel.unix.DomainSocketAddress;

import java.io.InvalidObjectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Objects;
import java.util.UUID;

/**
 * The address of a named pipe: {@code \\server\pipe\name}, where the server {@code .} is this machine. Two addresses
 * are equal if they differ in case only, as Windows has it.
 * <p>
 * It is a {@link DomainSocketAddress}, because many libraries take every other address for an
 * {@link java.net.InetSocketAddress}. Its {@link #path()} is the pipe's, no file's, so it is of no use to a channel of
 * Unix domain sockets, which would take it for the name of a file; and it equals no address of one.
 */
public final class NamedPipeAddress extends DomainSocketAddress {
    /** The longest path that {@code CreateNamedPipe} takes, in UTF-16 characters. */
    public static final int MAX_PATH_LENGTH = 256;

    private static final long serialVersionUID = 1L;
    private static final String LOCAL_SERVER = ".";

    private final String server;
    private final String name;
    /** The path without its case. */
    private final transient String key;
    /** What {@link #toString()} shows, or {@code null} for the path. */
    private final transient String shown;

    private NamedPipeAddress(String server, String name, String key, String shown) {
        // A path that no Unix domain socket has, so that no address of one thinks that it equals this.
        super("\0" + key);
        this.server = server;
        this.name = name;
        this.key = key;
        this.shown = shown;
    }

    private NamedPipeAddress(String server, String name) {
        this(server, name, caseless(path(server, name)), null);
    }

    /**
     * The address of a pipe. It is given as
     * <ul>
     * <li>a path: {@code \\.\pipe\orders}, {@code \\?\pipe\orders} or, on another machine,
     *     {@code \\server\pipe\orders};</li>
     * <li>a URI, as Docker's {@code DOCKER_HOST} is one: {@code npipe:////./pipe/orders},
     *     {@code npipe://./pipe/orders}, {@code npipe:///pipe/orders}, {@code npipe:orders} or, on another machine,
     *     {@code npipe://server/pipe/orders}. What is escaped ({@code %20}) is decoded as UTF-8 first; an escaped
     *     separator is a separator;</li>
     * <li>the bare name of a pipe on this machine: {@code orders}.</li>
     * </ul>
     * A name may have backslashes inside ({@code LOCAL\orders}). It is the one that Win32 looks up: slashes are
     * backslashes, several in a row are one, a single dot at the end of a segment and all dots and spaces at the end
     * are dropped. So {@code //./pipe/orders} is {@code \\.\pipe\orders}. A name with a segment {@code .} or
     * {@code ..} is refused, because Win32 would open what is not a pipe's. After {@code \\?\}, where Win32 changes
     * nothing, a name is refused that it would have changed elsewhere.
     *
     * @param nameOrPath a name, a path or a URI
     * @throws IllegalArgumentException if it is empty, has a NUL character, is longer as a path than
     *                                  {@value #MAX_PATH_LENGTH} characters, is the path of a file, has a segment
     *                                  {@code .} or {@code ..}, is of no machine, or is a URI that cannot be decoded
     */
    public static NamedPipeAddress of(String nameOrPath) {
        AddressSyntax parsed = AddressSyntax.parse(Objects.requireNonNull(nameOrPath, "nameOrPath"));
        int length = path(parsed.server(), parsed.name()).length();
        if (length > MAX_PATH_LENGTH) {
            throw parsed.refused("its path has " + length + " characters, more than " + MAX_PATH_LENGTH);
        }
        return new NamedPipeAddress(parsed.server(), parsed.name());
    }

    /** An address on this machine that nobody else uses: for tests and for pipes whose name is passed on. */
    public static NamedPipeAddress ephemeral() {
        return new NamedPipeAddress(LOCAL_SERVER, "nettypipe-" + UUID.randomUUID());
    }

    /** The same address, which shows whose end it is the address of. */
    NamedPipeAddress ofProcess(long processId) {
        return new NamedPipeAddress(server, name, key, path() + " (process " + processId + ')');
    }

    private static String path(String server, String name) {
        return "\\\\" + server + "\\pipe\\" + name;
    }

    /** The whole path, such as {@code \\.\pipe\orders}. */
    @Override
    public String path() {
        return path(server, name);
    }

    /** The name alone, such as {@code orders}. */
    public String name() {
        return name;
    }

    /** The machine, {@code .} for this one. */
    public String server() {
        return server;
    }

    /** Whether the path says that the pipe is on this machine ({@code \\.\}). Only such a pipe can be served. */
    public boolean isLocal() {
        return LOCAL_SERVER.equals(server);
    }

    /**
     * The URI, such as {@code npipe:////./pipe/orders} or {@code npipe://server/pipe/orders}, of which {@link #of}
     * makes an equal address again.
     */
    public URI toUri() {
        String path = "/pipe/" + name.replace('\\', '/');
        try {
            return isLocal() ? new URI("npipe", "", "//." + path, null, null)
                    : new URI("npipe", server, path, null, null);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("no URI of " + path(), e);
        }
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof NamedPipeAddress && key.equals(((NamedPipeAddress) o).key);
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }

    /**
     * One UTF-16 unit at a time, as Windows does it: unlike {@link String#equalsIgnoreCase}, it knows of no case in the
     * supplementary planes.
     */
    private static String caseless(String text) {
        char[] units = text.toCharArray();
        for (int i = 0; i < units.length; i++) {
            units[i] = Character.toLowerCase(Character.toUpperCase(units[i]));
        }
        return new String(units);
    }

    private Object readResolve() throws InvalidObjectException {
        try {
            return of(path());
        } catch (IllegalArgumentException e) {
            InvalidObjectException invalid = new InvalidObjectException(e.getMessage());
            invalid.initCause(e);
            throw invalid;
        }
    }

    /**
     * The same as {@link #path()}; of an accepted channel's {@link NamedPipeChannel#remoteAddress()} followed by the
     * client's process.
     */
    @Override
    public String toString() {
        return shown == null ? path() : shown;
    }
}
