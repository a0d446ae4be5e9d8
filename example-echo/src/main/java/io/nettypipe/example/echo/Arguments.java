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
package io.nettypipe.example.echo;

import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.channel.NamedPipeMode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The command line. What is wrong with it is an {@link IllegalArgumentException} for the user to read. */
final class Arguments {
    static final String HELP = """
            An echo server and client over a Windows named pipe.

              example-echo server NAME [OPTION...]            sends back what clients send, until Ctrl-C
              example-echo client NAME [OPTION...] [TEXT...]  sends each TEXT, or each line of standard input,
                                                              and prints the replies

              NAME               the pipe: a name such as echo, or \\\\.\\pipe\\echo
              --message          message mode: each text is one message of the pipe; otherwise it is a line
              --loops N          how many event loops, each a thread, to use (default: 1)
              --timeout SECONDS  client: how long to wait for a busy pipe, and then for a reply (default: 10)
              --verbose          show the stack trace of a failure
              --version, --help
              --                 what comes after it is no option

            Exit status:
              0  done
              1  failed
              2  wrong arguments
              3  no server has a pipe of this name
              4  the pipe is busy
              5  the name is taken, or access to it is denied
              6  there are no named pipes here (not Windows)
            """;

    /** A day, in seconds. */
    private static final int MAX_TIMEOUT = 86_400;
    private static final Set<String> FLAGS = Set.of("--message", "--verbose", "--version", "--help");

    private final List<String> words = new ArrayList<>();
    private final Set<String> flags = new HashSet<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    private NamedPipeAddress pipe;

    Arguments(String... args) {
        Iterator<String> rest = Arrays.asList(args).iterator();
        while (rest.hasNext()) {
            String word = rest.next();
            String option = word.replaceFirst("=.*", "");
            if (word.equals("--")) {
                rest.forEachRemaining(words::add);
            } else if (FLAGS.contains(word)) {
                flags.add(word);
            } else if (takesNumber(option)) {
                String number = !word.equals(option) ? word.substring(option.length() + 1)
                        : rest.hasNext() ? rest.next() : "";
                require(number.matches("-?[0-9]{1,9}"), option + " needs a number, '" + number + "' is none");
                numbers.put(option, Integer.valueOf(number));
            } else {
                require(!word.startsWith("--"), "Unknown option: '" + word + "'");
                words.add(word);
            }
        }
        if (!has("--help") && !has("--version")) {
            check();
        }
    }

    private static boolean takesNumber(String option) {
        return option.equals("--loops") || option.equals("--timeout");
    }

    private void check() {
        require(!words.isEmpty(), "Missing a command, server or client");
        String command = words.get(0);
        require(command.equals("server") || command.equals("client"), "Unknown command: '" + command + "'");
        require(words.size() > 1, "Missing the NAME of the pipe");
        try {
            pipe = NamedPipeAddress.of(words.get(1));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Wrong pipe name '" + words.get(1) + "': " + Failure.reason(e)
                    + "; give a name such as echo, or \\\\.\\pipe\\echo", e);
        }
        requireNumber("--loops", 1, Integer.MAX_VALUE);
        requireNumber("--timeout", 1, MAX_TIMEOUT);
        if (isServer()) {
            require(texts().isEmpty(), "A server takes no TEXT: " + texts());
            numbers.keySet().forEach(option ->
                    require(option.equals("--loops"), "A server takes no " + option));
            return;
        }
        require(mode() == NamedPipeMode.MESSAGE || texts().stream().noneMatch(text -> text.matches("(?s).*[\r\n].*")),
                "In byte mode a TEXT is one line and cannot contain a line break; use --message on both sides");
    }

    private void requireNumber(String option, int least, int most) {
        int number = number(option, least);
        String range = most < Integer.MAX_VALUE ? "from " + least + " to " + most : "at least " + least;
        require(number >= least && number <= most, option + " must be " + range + ", not " + number);
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    boolean isServer() {
        return words.get(0).equals("server");
    }

    NamedPipeAddress pipe() {
        return pipe;
    }

    NamedPipeMode mode() {
        return has("--message") ? NamedPipeMode.MESSAGE : NamedPipeMode.BYTE;
    }

    List<String> texts() {
        return words.subList(2, words.size());
    }

    boolean has(String flag) {
        return flags.contains(flag);
    }

    int number(String option, int otherwise) {
        return numbers.getOrDefault(option, otherwise);
    }
}
