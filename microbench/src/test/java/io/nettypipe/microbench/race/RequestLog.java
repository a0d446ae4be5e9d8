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
package io.nettypipe.microbench.race;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a wineserver was asked for: the log that it writes when it is started with {@code -d1}. A request is a line
 * {@code THREAD: NAME( ARGUMENTS )}, and its reply another one, {@code THREAD: NAME() = RESULT { VALUES }}.
 */
final class RequestLog {
    private static final Pattern LINE = Pattern.compile("([0-9a-f]{4,}): (\\w+)\\((\\) = )?(.*)");
    private static final Pattern NEW_THREAD = Pattern.compile("\\btid=([0-9a-f]+)");

    private final Path file;

    RequestLog(Path file) {
        this.file = file;
    }

    /** Throws away what was said so far; the wineserver appends. */
    void clear() throws IOException {
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING).close();
    }

    /** Where what comes next will be. */
    long end() throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            return channel.size();
        }
    }

    /** Who asked how often for what from there to another place; the process began after the last clear. */
    Counts counts(long unixPid, long from, long to) throws IOException {
        Counts counts = new Counts();
        Set<String> threads = new HashSet<>();
        try (FileChannel channel = FileChannel.open(file);
                BufferedReader lines = new BufferedReader(new InputStreamReader(
                        Channels.newInputStream(channel), StandardCharsets.ISO_8859_1))) {
            long at = 0;
            for (String line = lines.readLine(); line != null && at < to; line = lines.readLine()) {
                at += line.length() + 1;
                Matcher parts = LINE.matcher(line);
                if (parts.matches()) {
                    learn(threads, parts, "unix_pid=" + unixPid + ",");
                    if (at > from && parts.group(3) == null) {
                        counts.add(threads.contains(parts.group(1)), parts.group(1), parts.group(2));
                    }
                }
            }
        }
        return counts;
    }

    /** The threads of a process are its first one, and those that one of them makes. */
    private static void learn(Set<String> threads, Matcher parts, String process) {
        boolean isReply = parts.group(3) != null;
        if (parts.group(2).equals("init_first_thread") && !isReply && parts.group(4).contains(process)) {
            threads.add(parts.group(1));
        } else if (parts.group(2).equals("new_thread") && isReply && threads.contains(parts.group(1))) {
            Matcher thread = NEW_THREAD.matcher(parts.group(4));
            if (thread.find()) {
                threads.add(thread.group(1));
            }
        }
    }

    /** Requests of the process, thread by thread, and of all others. */
    static final class Counts {
        private final Map<String, Map<String, Integer>> ofThreads = new HashMap<>();
        private int others;

        private void add(boolean isOfProcess, String thread, String request) {
            if (isOfProcess) {
                ofThreads.computeIfAbsent(thread, unused -> new TreeMap<>()).merge(request, 1, Integer::sum);
            } else {
                others++;
            }
        }

        /** Of the threads that read and write: how often for what. */
        Map<String, Integer> serving() {
            Map<String, Integer> all = new TreeMap<>();
            ofThreads.values().stream().filter(Counts::serves)
                    .forEach(one -> one.forEach((request, count) -> all.merge(request, count, Integer::sum)));
            return all;
        }

        /** Of the process's other threads. */
        int besides() {
            return ofThreads.values().stream().filter(one -> !serves(one))
                    .flatMap(one -> one.values().stream()).mapToInt(Integer::intValue).sum();
        }

        /** Of all other processes. */
        int others() {
            return others;
        }

        private static boolean serves(Map<String, Integer> requests) {
            return requests.containsKey("read") || requests.containsKey("write") || requests.containsKey("recv_socket")
                    || requests.containsKey("send_socket");
        }
    }
}
