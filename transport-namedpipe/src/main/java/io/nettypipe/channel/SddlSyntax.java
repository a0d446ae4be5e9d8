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

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Whether a text has the form of a security descriptor ("Security Descriptor String Format" and "ACE Strings"), where
 * there is no Windows to be asked. It does not know which two-letter names there are.
 */
final class SddlSyntax {
    private static final Pattern SID = Pattern.compile("[A-Za-z]{2}|[Ss]-1(-(\\d+|0[xX][0-9a-fA-F]+)){2,16}");
    private static final Pattern ACL_FLAGS = Pattern.compile("(P|AR|AI|NO_ACCESS_CONTROL)*");
    private static final Pattern ACE_TYPE = Pattern.compile("A|D|OA|OD|AU|AL|OU|OL|ML|XA|XD|ZA|RA|SP|XU|TL|FL");
    private static final Pattern LETTER_PAIRS = Pattern.compile("([A-Z]{2})*");
    private static final Pattern RIGHTS = Pattern.compile("([A-Z]{2})*|\\d+|0[xX][0-9a-fA-F]+");
    private static final Pattern GUID = Pattern.compile("([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})?");
    private static final int ACE_FIELDS = 6;

    private final String text;
    private final Set<Character> seen = new HashSet<>();
    private int position;

    private SddlSyntax(String text) {
        this.text = text;
    }

    /** Whether it may be one. */
    static boolean isPlausible(String sddl) {
        return new SddlSyntax(sddl).parts();
    }

    private boolean parts() {
        while (position < text.length()) {
            char part = text.charAt(position);
            if (!startsPart(position) || !seen.add(part)) {
                return false;
            }
            position += 2;
            boolean good = part == 'O' || part == 'G' ? SID.matcher(upTo(text.length())).matches() : acl();
            if (!good) {
                return false;
            }
        }
        return !seen.isEmpty();
    }

    private boolean startsPart(int at) {
        return at + 1 < text.length() && text.charAt(at + 1) == ':' && "OGDS".indexOf(text.charAt(at)) >= 0;
    }

    /** Takes what is left up to the next part or the limit. */
    private String upTo(int limit) {
        int start = position;
        while (position < limit && !startsPart(position)) {
            position++;
        }
        return text.substring(start, position);
    }

    private boolean acl() {
        int firstAce = text.indexOf('(', position);
        if (!ACL_FLAGS.matcher(upTo(firstAce < 0 ? text.length() : firstAce)).matches()) {
            return false;
        }
        while (position < text.length() && text.charAt(position) == '(') {
            int end = endOfAce();
            if (end < 0 || !isAce(text.substring(position + 1, end))) {
                return false;
            }
            position = end + 1;
        }
        return true;
    }

    /** Where the parenthesis closes; the condition of a conditional entry has some of its own, and quoted strings. */
    private int endOfAce() {
        int depth = 0;
        boolean quoted = false;
        for (int i = position; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && c == '(') {
                depth++;
            } else if (!quoted && c == ')' && --depth == 0) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isAce(String ace) {
        String[] fields = ace.split(";", ACE_FIELDS + 1);
        return fields.length >= ACE_FIELDS && ACE_TYPE.matcher(fields[0]).matches()
                && LETTER_PAIRS.matcher(fields[1]).matches() && RIGHTS.matcher(fields[2]).matches()
                && GUID.matcher(fields[3]).matches() && GUID.matcher(fields[4]).matches()
                && SID.matcher(fields[5]).matches();
    }
}
