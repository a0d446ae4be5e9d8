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

import java.net.SocketAddress;
import java.util.Objects;
import java.util.UUID;

/**
 * The address of a named pipe: {@code \\server\pipe\name}, where the server {@code .} is this machine. Two addresses
 * are equal if they differ in case only, as Windows has it.
 */
public final class NamedPipeAddress extends SocketAddress {
    /** The longest path that {@code CreateNamedPipe} takes, in UTF-16 characters. */
    public static final int MAX_PATH_LENGTH = 256;

    private static final long serialVersionUID = 1L;
    private static final String LOCAL_SERVER = ".";
    private static final String PIPE = "\\pipe\\";

    private final String server;
    private final String name;

    private NamedPipeAddress(String server, String name) {
        this.server = server;
        this.name = name;
    }

    /**
     * The address of a pipe.
     *
     * @param nameOrPath a path ({@code \\.\pipe\orders}, {@code \\?\pipe\orders}, {@code \\server\pipe\orders}),
     *                   or the bare name of a pipe on this machine ({@code orders}). A name may have backslashes inside
     *                   ({@code LOCAL\orders}).
     * @throws IllegalArgumentException if it is empty, has a NUL character, is longer as a path than
     *                                  {@value #MAX_PATH_LENGTH} characters, or is the path of a file
     */
    public static NamedPipeAddress of(String nameOrPath) {
        Objects.requireNonNull(nameOrPath, "nameOrPath");
        NamedPipeAddress address = nameOrPath.startsWith("\\\\") ? ofPath(nameOrPath)
                : new NamedPipeAddress(LOCAL_SERVER, nameOrPath);
        if (address.name.isEmpty()) {
            throw refused(nameOrPath, "the name is empty");
        }
        if (nameOrPath.indexOf('\0') >= 0) {
            throw refused(nameOrPath, "it has a NUL character");
        }
        if (isFilePath(address.name)) {
            throw refused(nameOrPath, "it is the path of a file, not \\\\.\\pipe\\NAME or a bare name");
        }
        int length = address.path().length();
        if (length > MAX_PATH_LENGTH) {
            throw refused(nameOrPath, "its path has " + length + " characters, more than " + MAX_PATH_LENGTH);
        }
        return address;
    }

    private static NamedPipeAddress ofPath(String path) {
        int serverEnd = path.indexOf('\\', 2);
        if (serverEnd <= 2 || !path.regionMatches(true, serverEnd, PIPE, 0, PIPE.length())) {
            throw refused(path, "a path that begins with \\\\ must be \\\\SERVER\\pipe\\NAME");
        }
        String server = path.substring(2, serverEnd);
        String name = path.substring(serverEnd + PIPE.length());
        return new NamedPipeAddress("?".equals(server) ? LOCAL_SERVER : server, name);
    }

    private static boolean isFilePath(String name) {
        boolean drive = name.length() >= 2 && name.charAt(1) == ':' && Character.isLetter(name.charAt(0));
        char first = name.charAt(0);
        return drive || first == '\\' || first == '/';
    }

    private static IllegalArgumentException refused(String nameOrPath, String reason) {
        String shown = nameOrPath.replace("\0", "\\0");
        return new IllegalArgumentException("not the address of a named pipe: \"" + shown + "\": " + reason);
    }

    /** An address on this machine that nobody else uses: for tests and for pipes whose name is passed on. */
    public static NamedPipeAddress ephemeral() {
        return new NamedPipeAddress(LOCAL_SERVER, "nettypipe-" + UUID.randomUUID());
    }

    /** The whole path, such as {@code \\.\pipe\orders}. */
    public String path() {
        return "\\\\" + server + PIPE + name;
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

    @Override
    public boolean equals(Object o) {
        return o instanceof NamedPipeAddress && sameButForCase(name, ((NamedPipeAddress) o).name)
                && sameButForCase(server, ((NamedPipeAddress) o).server);
    }

    @Override
    public int hashCode() {
        return 31 * caseless(server) + caseless(name);
    }

    private static boolean sameButForCase(String one, String other) {
        if (one.length() != other.length()) {
            return false;
        }
        for (int i = 0; i < one.length(); i++) {
            if (caseless(one.charAt(i)) != caseless(other.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static int caseless(String text) {
        int hash = 0;
        for (int i = 0; i < text.length(); i++) {
            hash = 31 * hash + caseless(text.charAt(i));
        }
        return hash;
    }

    /**
     * One UTF-16 unit at a time, as Windows does it: unlike {@link String#equalsIgnoreCase}, it knows of no case in the
     * supplementary planes.
     */
    private static char caseless(char c) {
        return Character.toLowerCase(Character.toUpperCase(c));
    }

    /** The same as {@link #path()}. */
    @Override
    public String toString() {
        return path();
    }
}
