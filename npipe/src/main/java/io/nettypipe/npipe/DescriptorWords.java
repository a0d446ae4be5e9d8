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
package io.nettypipe.npipe;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A pipe's owner and DACL, given in SDDL as the system writes it, in words. */
final class DescriptorWords {
    private static final Pattern OWNER = Pattern.compile("O:(S-[-0-9]+|[A-Z]{2})");
    private static final Pattern DACL = Pattern.compile("D:([A-Z_]*)((?:\\(.*\\))?)");
    /** Behind type, flags, rights and two GUIDs: whom an entry is about. A condition may follow. */
    private static final int ACCOUNT = 5;
    /** FILE_ALL_ACCESS, and what the generic rights to a file are. */
    private static final int ALL = 0x1f01ff;
    private static final int READ = 0x120089;
    private static final int WRITE = 0x120116;
    private static final int EXECUTE = 0x1200a0;

    private static final Map<String, Integer> RIGHTS = Map.ofEntries(Map.entry("GA", ALL), Map.entry("GR", READ),
            Map.entry("GW", WRITE), Map.entry("GX", EXECUTE), Map.entry("FA", ALL), Map.entry("FR", READ),
            Map.entry("FW", WRITE), Map.entry("FX", EXECUTE), Map.entry("RC", 0x20000), Map.entry("SD", 0x10000),
            Map.entry("WD", 0x40000), Map.entry("WO", 0x80000), Map.entry("CC", 0x1), Map.entry("DC", 0x2),
            Map.entry("LC", 0x4), Map.entry("SW", 0x8), Map.entry("RP", 0x10), Map.entry("WP", 0x20),
            Map.entry("DT", 0x40), Map.entry("LO", 0x80), Map.entry("CR", 0x100));

    private static final Map<String, String> KNOWN = Map.ofEntries(Map.entry("SY", "LocalSystem"),
            Map.entry("BA", "Administrators"), Map.entry("BU", "Users"), Map.entry("BG", "Guests"),
            Map.entry("AU", "authenticated users"), Map.entry("WD", "everyone"), Map.entry("AN", "anonymous"),
            Map.entry("NU", "who comes from the network"), Map.entry("IU", "interactive users"),
            Map.entry("SU", "services"), Map.entry("LS", "LocalService"), Map.entry("NS", "NetworkService"),
            Map.entry("OW", "its owner"), Map.entry("AC", "all app packages"), Map.entry("RC", "restricted code"));

    private final String sddl;
    private final UnaryOperator<String> names;

    /**
     * Parses nothing yet.
     *
     * @param names what the account with a SID is called
     */
    DescriptorWords(String sddl, UnaryOperator<String> names) {
        this.sddl = sddl;
        this.names = names;
    }

    /** Whose the pipe is. */
    String owner() {
        Matcher owner = OWNER.matcher(sddl);
        return owner.find() ? account(owner.group(1)) : "nobody";
    }

    /** Who may do what; the first line that is about somebody counts. */
    List<String> access() {
        Matcher dacl = DACL.matcher(sddl);
        if (!dacl.find() || dacl.group(1).contains("NO_ACCESS_CONTROL")) {
            return List.of("everybody may do everything: it has no access control");
        }
        List<String> lines = entries(dacl.group(2)).stream().map(this::words).toList();
        return lines.isEmpty() ? List.of("nobody may do anything") : lines;
    }

    /** What is between the outer parentheses, each of which may have others inside. */
    private static List<String> entries(String list) {
        List<String> entries = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < list.length(); i++) {
            if (list.charAt(i) == '(' && depth++ == 0) {
                start = i + 1;
            } else if (list.charAt(i) == ')' && --depth == 0) {
                entries.add(list.substring(start, i));
            }
        }
        return entries;
    }

    private String words(String entry) {
        String[] fields = entry.split(";");
        boolean denied = fields[0].equals("D");
        boolean plain = fields.length == ACCOUNT + 1 && (denied || fields[0].equals("A")) && !fields[1].contains("IO");
        Integer mask = plain ? mask(fields[2]) : null;
        return mask == null ? '(' + entry + ')'
                : account(fields[ACCOUNT]) + (denied ? " may not " : " may ") + rights(mask, denied);
    }

    private static String rights(int mask, boolean denied) {
        if ((mask & ALL) == ALL) {
            return denied ? "do anything" : "do everything";
        }
        List<String> words = new ArrayList<>();
        add(words, mask, 0x1, "read");
        add(words, mask, 0x2, "write");
        add(words, mask, 0x4, "create instances");
        add(words, mask, 0x40000, "change who may");
        add(words, mask, 0x80000, "become the owner");
        return words.isEmpty() ? "ask about it" : String.join(", ", words);
    }

    private static void add(List<String> words, int mask, int right, String word) {
        if ((mask & right) != 0) {
            words.add(word);
        }
    }

    /** The rights, or {@code null} if they are written in a way that is not known. */
    private static Integer mask(String text) {
        if (text.matches("0x[0-9a-fA-F]{1,8}")) {
            return generic(Integer.parseUnsignedInt(text.substring(2), 16));
        }
        int mask = 0;
        for (int i = 0; i < text.length(); i += 2) {
            Integer right = RIGHTS.get(text.substring(i, Math.min(i + 2, text.length())));
            if (right == null) {
                return null;
            }
            mask |= right;
        }
        return mask;
    }

    private static int generic(int mask) {
        return mask | (mask < 0 ? READ : 0) | ((mask & 0x40000000) != 0 ? WRITE : 0)
                | ((mask & 0x20000000) != 0 ? EXECUTE : 0) | ((mask & 0x10000000) != 0 ? ALL : 0);
    }

    private String account(String sid) {
        if (!sid.startsWith("S-")) {
            return KNOWN.getOrDefault(sid, sid);
        }
        String name = names.apply(sid);
        return name.equals(sid) ? sid : name + " (" + sid + ')';
    }
}
