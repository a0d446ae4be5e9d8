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

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Reads the ways to write the address of a pipe. What it answers is in the normal form of a Win32 path, so that the
 * system, which normalises what does not begin with {@code \\?\}, opens what was checked here and nothing else.
 */
final class AddressSyntax {
    private static final String SCHEME = "npipe:";
    private static final String LOCAL = "\\\\.";
    private static final String LITERAL = "\\\\?\\";
    /**
     * A segment that Win32 resolves, or that is nothing without the dots and spaces that it drops at the end; and one
     * that ends with several dots, of which Windows, says its documentation, drops none, and another system may.
     */
    private static final Pattern RELATIVE = Pattern.compile("(?:^|\\\\)(?:\\.(?=\\\\)|[. ]+\\z)|\\.\\.(?=\\\\)");
    private static final Pattern SEPARATORS = Pattern.compile("\\\\{2,}");
    private static final Pattern DOT = Pattern.compile("\\.(?=\\\\)");
    private static final String PIPE = "\\pipe\\";
    /** What names of machines may have beside letters and digits. An at sign makes it a WebDAV server's. */
    private static final String SERVER_MARKS = "-_.~!$&'()";

    private final String text;
    private String server = ".";
    private String name;

    private AddressSyntax(String text) {
        this.text = text;
    }

    static AddressSyntax parse(String text) {
        AddressSyntax parsed = new AddressSyntax(text);
        String path = startsWith(text, SCHEME) ? parsed.pathOfUri() : text.replace('/', '\\');
        if (path.startsWith("\\\\")) {
            parsed.split(path);
        } else {
            parsed.name = path;
        }
        parsed.checkServer();
        parsed.checkName();
        parsed.normalise();
        return parsed;
    }

    String server() {
        return server;
    }

    String name() {
        return name;
    }

    IllegalArgumentException refused(String reason) {
        String shown = text.replace("\0", "\\0");
        return new IllegalArgumentException("not the address of a named pipe: \"" + shown + "\": " + reason);
    }

    private static boolean startsWith(String text, String prefix) {
        return text.regionMatches(true, 0, prefix, 0, prefix.length());
    }

    /** Docker writes four slashes, Docker.DotNet two, SPIFFE none, and Kubernetes takes three as this machine. */
    private String pathOfUri() {
        String escaped = text.substring(SCHEME.length());
        if (escaped.indexOf('?') >= 0 || escaped.indexOf('#') >= 0) {
            throw refused("the URI of a pipe has no query and no fragment; in a name they are %3F and %23");
        }
        String path = unescaped(escaped).replace('/', '\\');
        if (path.startsWith("\\\\\\\\")) {
            return path.substring(2);
        }
        if (path.startsWith("\\\\\\")) {
            return LOCAL + path.substring(2);
        }
        return path;
    }

    private String unescaped(String escaped) {
        StringBuilder plain = new StringBuilder();
        int i = 0;
        while (i < escaped.length()) {
            if (escaped.charAt(i) == '%') {
                int end = i;
                while (end < escaped.length() && escaped.charAt(end) == '%') {
                    end += 3;
                }
                plain.append(decoded(escaped, i, end));
                i = end;
            } else {
                plain.append(escaped.charAt(i++));
            }
        }
        return plain.toString();
    }

    private CharSequence decoded(String escaped, int start, int end) {
        ByteBuffer bytes = ByteBuffer.allocate((end - start) / 3);
        try {
            for (int i = start; i < end; i += 3) {
                bytes.put((byte) (digit(escaped, i + 1) << 4 | digit(escaped, i + 2)));
            }
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip());
        } catch (CharacterCodingException e) {
            throw refused("its %XX are not UTF-8");
        }
    }

    private int digit(String escaped, int index) {
        int digit = index < escaped.length() && escaped.charAt(index) < 0x80
                ? Character.digit(escaped.charAt(index), 16) : -1;
        if (digit < 0) {
            throw refused("in a URI a % begins an escape of two hexadecimal digits; itself it is %25");
        }
        return digit;
    }

    private void split(String path) {
        int serverEnd = path.indexOf('\\', 2);
        if (serverEnd <= 2 || !path.regionMatches(true, serverEnd, PIPE, 0, PIPE.length())) {
            throw refused("a path that begins with \\\\ must be \\\\SERVER\\pipe\\NAME");
        }
        String given = path.substring(2, serverEnd);
        server = "?".equals(given) ? "." : given;
        name = path.substring(serverEnd + PIPE.length());
    }

    private void checkServer() {
        boolean legal = ".".equals(server) || server.charAt(0) != '.'
                && server.chars().allMatch(c -> Character.isLetterOrDigit(c) || SERVER_MARKS.indexOf(c) >= 0);
        if (!legal) {
            throw refused("no machine has the name \"" + server.replace("\0", "\\0") + '"');
        }
    }

    private void checkName() {
        if (name.isEmpty()) {
            throw refused("the name is empty");
        }
        if (name.indexOf('\0') >= 0) {
            throw refused("it has a NUL character");
        }
        boolean drive = name.length() >= 2 && name.charAt(1) == ':' && Character.isLetter(name.charAt(0));
        if (drive || name.charAt(0) == '\\') {
            throw refused("it is the path of a file, not \\\\.\\pipe\\NAME or a bare name");
        }
        if (RELATIVE.matcher(name).find()) {
            throw refused("it has a segment . or .., or another that ends with dots which lead elsewhere");
        }
    }

    private void normalise() {
        String given = name;
        name = normal(given);
        if (text.startsWith(LITERAL) && (text.indexOf('/') >= 0 || !name.equals(given))) {
            throw refused("every character counts after \\\\?\\, and other paths cannot say this name: for them it is "
                    + name);
        }
    }

    /** What Win32 makes of it ("File path formats on Windows systems"). */
    private static String normal(String name) {
        String single = SEPARATORS.matcher(name).replaceAll("\\\\");
        String kept = DOT.matcher(single).replaceAll("");
        int end = kept.length();
        while (end > 0 && (kept.charAt(end - 1) == '.' || kept.charAt(end - 1) == ' ')) {
            end--;
        }
        return kept.substring(0, end);
    }
}
