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
package io.nettypipe.win32.model;

import com.sun.jna.Pointer;
import io.nettypipe.win32.PipeFlags;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A security descriptor: an owner and a DACL of simple entries, from SDDL. Tests compare descriptors by it, because
 * systems write one and the same in several ways.
 */
public final class ModelDescriptor {
    private static final int OWNERS_OWN = PipeFlags.READ_CONTROL | 0x40000;
    private static final int MAGIC = 0x4C444453;
    private static final Pattern SIDS = Pattern.compile("[A-Z]{2}|S-1(-(\\d+|0x[0-9a-fA-F]+))+");
    private static final Pattern TEXT = Pattern.compile(
            "(?:O:(?<owner>[^:(]+?))?(?:G:(?<group>[^:(]+?))?(?:D:(?<flags>[A-Z_]*)(?<aces>(?:\\([^()]*\\))*))?"
                    + "(?:S:(?<sflags>[A-Z]*)(?<sacl>(?:\\([^()]*\\))*))?");
    private static final Pattern ACE = Pattern.compile("\\(([AD]);([A-Z]*);([^;]*);;;([^;]*)\\)");
    private static final Map<String, String> NAMES = Map.of("SY", ModelToken.LOCAL_SYSTEM, "BA",
            ModelToken.ADMINISTRATORS, "NU", ModelToken.NETWORK, "WD", "S-1-1-0", "AU", "S-1-5-11", "AN", "S-1-5-7",
            "OW", "S-1-3-4", "AC", ModelToken.ALL_APP_PACKAGES, "LS", "S-1-5-19", "BU",
            "S-1-5-32-545");
    private static final Pattern LABEL = Pattern.compile("\\(ML;;(?<policy>(N[WRX])*);;;(?<level>LW|ME|HI|SI)\\)");
    private static final String LEVELS = "LWMEHISI";
    private static final Map<String, Integer> RIGHTS = Map.of("LC", 0x4, "GA", AccessRights.ALL, "FA", AccessRights.ALL,
            "GR", AccessRights.READ, "FR", AccessRights.READ, "GW", AccessRights.WRITE, "FW", AccessRights.WRITE,
            "RC", PipeFlags.READ_CONTROL);

    /** The owner's SID, or {@code null} if it is left to the system. */
    public final String owner;
    /** What it allows and denies, in order; {@code null} if there is no DACL. */
    public final List<String> entries;
    private final boolean everybody;
    /** The level of its label, 0 if it has none. */
    final int label;
    /** NW, NR, NX. */
    private final String policy;

    private ModelDescriptor(String owner, List<String> entries, boolean everybody, int label, String policy) {
        this.owner = owner;
        this.entries = entries;
        this.everybody = everybody;
        this.label = label;
        this.policy = policy;
    }

    /**
     * Reads SDDL.
     *
     * @throws IllegalArgumentException if the model cannot
     */
    public static ModelDescriptor of(String sddl) {
        Matcher parts = TEXT.matcher(sddl);
        if (!parts.matches()) {
            throw new IllegalArgumentException(sddl);
        }
        String owner = parts.group("owner") == null ? null : sid(parts.group("owner"));
        Matcher label = LABEL.matcher(parts.group("sacl") == null ? "" : parts.group("sacl"));
        int level = label.find() ? 0x1000 * (1 + LEVELS.indexOf(label.group("level")) / 2) : 0;
        String policy = level == 0 ? "" : label.group("policy");
        if (parts.group("flags") == null) {
            return new ModelDescriptor(owner, null, false, level, policy);
        }
        if (!parts.group("flags").matches("(P|AI|AR)*|NO_ACCESS_CONTROL")) {
            throw new IllegalArgumentException(sddl);
        }
        List<String> entries = new ArrayList<>();
        Matcher ace = ACE.matcher(parts.group("aces"));
        int end = 0;
        for (; ace.find(); end = ace.end()) {
            entries.add(ace.group(1) + " 0x" + Integer.toHexString(rights(ace.group(3))) + ' ' + sid(ace.group(4)));
        }
        if (end != parts.group("aces").length()) {
            throw new IllegalArgumentException(sddl);
        }
        return new ModelDescriptor(owner, entries, parts.group("flags").startsWith("NO_"), level, policy);
    }

    /**
     * Reads SDDL as a real system writes it, which has names for a few users of the machine.
     *
     * @param user a user of that machine, who may be one of them
     */
    public static ModelDescriptor of(String sddl, String user) {
        String machine = user.substring(0, user.lastIndexOf('-'));
        return of(sddl.replaceAll("(?<=O:|;;;)LA(?=[GDS]:|\\)|$)", machine + "-500")
                .replaceAll("(?<=O:|;;;)LG(?=[GDS]:|\\)|$)", machine + "-501"));
    }

    private static String sid(String text) {
        if (!SIDS.matcher(text).matches() || text.length() == 2 && !NAMES.containsKey(text)) {
            throw new IllegalArgumentException(text);
        }
        return NAMES.getOrDefault(text, text);
    }

    private static int rights(String text) {
        if (text.startsWith("0x")) {
            return AccessRights.specific((int) Long.parseLong(text.substring(2), 16));
        }
        int rights = 0;
        for (int i = 0; i < text.length(); i += 2) {
            Integer right = RIGHTS.get(text.substring(i, Math.min(i + 2, text.length())));
            if (right == null) {
                throw new IllegalArgumentException(text);
            }
            rights |= right;
        }
        return rights;
    }

    /** The bytes that stand for SDDL in memory. */
    static byte[] bytes(String sddl) {
        byte[] text = sddl.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length).order(ByteOrder.nativeOrder()).putInt(MAGIC).putInt(text.length)
                .put(text).array();
    }

    /** Reads what a SECURITY_ATTRIBUTES names, or answers {@code null} if it names none. */
    static ModelDescriptor at(long securityAttributes) {
        Pointer attributes = KernelMemory.at(securityAttributes);
        if (attributes.getInt(0) != 24 || attributes.getInt(16) != 0) {
            return null;
        }
        Pointer descriptor = attributes.getPointer(8);
        if (descriptor == null || descriptor.getInt(0) != MAGIC) {
            return null;
        }
        return of(new String(descriptor.getByteArray(8, descriptor.getInt(4)), StandardCharsets.UTF_8));
    }

    /**
     * What a pipe gets that is created without a descriptor, as the page "Named Pipe Security and Access Rights" says,
     * or with one that leaves something open. Who is below medium labels what he creates ("Windows Integrity Mechanism
     * Design").
     */
    static ModelDescriptor complete(ModelDescriptor given, ModelToken creator) {
        if (given == null) {
            given = of("O:" + creator.owner() + "D:(A;;FA;;;SY)(A;;FA;;;BA)(A;;FA;;;" + creator.owner()
                    + ")(A;;FR;;;WD)(A;;FR;;;AN)");
        }
        List<String> entries = given.entries != null ? given.entries
                : of("D:(A;;FA;;;SY)(A;;FA;;;" + creator.owner() + ')').entries;
        boolean labelled = given.label == 0 && creator.integrity() < ModelToken.MEDIUM;
        return new ModelDescriptor(given.owner == null ? creator.owner() : given.owner, entries, given.everybody,
                labelled ? creator.integrity() : given.label, labelled ? "NW" : given.policy);
    }

    /** The level that somebody needs to write to it. */
    int integrity() {
        return label == 0 ? ModelToken.MEDIUM : policy.contains("NW") ? label : 0;
    }

    /**
     * What is left to somebody below its level ("MandatoryIntegrityCheck Algorithm Pseudocode"). That an app's package
     * is let in by the descriptor is enough where there is no label is what programs count on.
     */
    private int allowedByLabel(ModelToken token) {
        if (token.integrity() >= (label == 0 ? ModelToken.MEDIUM : label) || label == 0 && token.isInAppContainer()) {
            return -1;
        }
        return (policy.contains("NR") ? 0 : AccessRights.READ) | (policy.contains("NX") ? 0 : AccessRights.EXECUTE)
                | (label == 0 || policy.contains("NW") ? 0 : AccessRights.WRITE);
    }

    /** To whom it grants any of some rights. */
    Set<String> grantees(int rights) {
        if (everybody) {
            return Set.of("S-1-1-0");
        }
        Map<String, Integer> denied = new HashMap<>();
        Set<String> granted = new LinkedHashSet<>();
        for (String entry : entries) {
            String[] parts = entry.split(" ");
            if (parts[0].equals("D")) {
                denied.merge(parts[2], Integer.decode(parts[1]), (one, other) -> one | other);
            } else if ((Integer.decode(parts[1]) & rights & ~denied.getOrDefault(parts[2], 0)) != 0) {
                granted.add(parts[2]);
            }
        }
        return granted;
    }

    /** Whether a process may have the access that it asks for ("How AccessCheck Works"). */
    boolean allows(ModelToken token, int access) {
        int asked = AccessRights.specific(access);
        if ((asked & ~allowedByLabel(token)) != 0) {
            return false;
        }
        return everybody || allows(token.is(owner), token::is, asked)
                && (!token.isInAppContainer() || allows(false, token::isPackage, asked));
    }

    private boolean allows(boolean isOwner, Predicate<String> is, int asked) {
        int left = isOwner ? asked & ~OWNERS_OWN : asked;
        for (String entry : entries) {
            String[] parts = entry.split(" ");
            int rights = Integer.decode(parts[1]);
            if (left != 0 && is.test(parts[2])) {
                if (parts[0].equals("D") && (rights & left) != 0) {
                    return false;
                }
                left &= ~rights;
            }
        }
        return left == 0;
    }

    /** In SDDL, as the model's system would write it. */
    String text() {
        StringBuilder text = new StringBuilder("O:").append(owner).append("D:");
        for (String entry : entries) {
            String[] parts = entry.split(" ");
            text.append('(').append(parts[0]).append(";;").append(parts[1]).append(";;;").append(parts[2]).append(')');
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return owner + ' ' + entries;
    }
}
