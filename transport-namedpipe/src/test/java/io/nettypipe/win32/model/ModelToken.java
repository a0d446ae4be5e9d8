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

import java.util.ArrayList;
import java.util.List;

/** Who runs in the model: a user, the groups of the logon, and the process. Never changes. */
public final class ModelToken {
    /** The group of all logons that came through the network. */
    public static final String NETWORK = "S-1-5-2";
    public static final String ADMINISTRATORS = "S-1-5-32-544";
    public static final String LOCAL_SYSTEM = "S-1-5-18";
    public static final String ALL_APP_PACKAGES = "S-1-15-2-1";
    static final int MEDIUM = 0x2000;
    private static final String EVERYONE = "S-1-1-0";
    private static final String AUTHENTICATED_USERS = "S-1-5-11";

    /** As much of the user as the client allows: 0 anonymous, 1 identification, 2 impersonation, 3 delegation. */
    final int level;
    private final String user;
    private final String owner;
    private final List<String> groups;
    private final int processId;
    private final int sessionId;

    /** 0x1000 low, 0x2000 medium, 0x3000 high, 0x4000 the system's. */
    private int integrity = MEDIUM;
    private String appPackage;

    private ModelToken(String user, String owner, List<String> groups, int processId, int sessionId, int level) {
        this.user = user;
        this.owner = owner;
        this.groups = groups;
        this.processId = processId;
        this.sessionId = sessionId;
        this.level = level;
    }

    private ModelToken(ModelToken like, String owner, List<String> groups, int processId, int sessionId, int level) {
        this(like.user, owner, groups, processId, sessionId, level);
        integrity = like.integrity;
        appPackage = like.appPackage;
    }

    /** A user of this machine in the first session, whose process is the one that asks. */
    public static ModelToken of(String sid) {
        return new ModelToken(sid, sid, List.of(EVERYONE, AUTHENTICATED_USERS, "S-1-5-5-0-1000"),
                (int) ProcessHandle.current().pid(), 1, 2);
    }

    /** The service account of the system, whose objects are the Administrators' by default. */
    public static ModelToken localSystem() {
        ModelToken system = of(LOCAL_SYSTEM).elevated().inProcess(4, 0).inSession(null);
        system.integrity = 0x4000;
        return system;
    }

    /** The same user with the rights of an administrator, to whom what such a process creates belongs. */
    public ModelToken elevated() {
        ModelToken elevated =
                new ModelToken(this, ADMINISTRATORS, with(ADMINISTRATORS), processId, sessionId, level);
        elevated.integrity = 0x3000;
        return elevated;
    }

    /** The same in a sandbox. */
    public ModelToken ofLowIntegrity() {
        ModelToken low = atLevel(level);
        low.integrity = 0x1000;
        return low;
    }

    /** The same in an app container ("Implementing an AppContainer"). */
    public ModelToken inAppContainer(String packageSid) {
        ModelToken packaged = ofLowIntegrity();
        packaged.appPackage = packageSid;
        return packaged;
    }

    /** The same user, come through the network, as with Secure Shell or from another machine. */
    public ModelToken throughNetwork() {
        return new ModelToken(this, owner, with(NETWORK), processId, sessionId, level).inSession("S-1-5-5-0-2000");
    }

    /** The same in another logon session, or in none. */
    public ModelToken inSession(String logon) {
        List<String> others = new ArrayList<>(groups);
        others.removeIf(group -> group.startsWith("S-1-5-5-"));
        if (logon != null) {
            others.add(logon);
        }
        return new ModelToken(this, owner, others, processId, sessionId, level);
    }

    /** The same user in another process. */
    public ModelToken inProcess(int newProcessId, int newSessionId) {
        return new ModelToken(this, owner, groups, newProcessId, newSessionId, level);
    }

    ModelToken atLevel(int newLevel) {
        return new ModelToken(this, owner, groups, processId, sessionId, newLevel);
    }

    private List<String> with(String group) {
        List<String> more = new ArrayList<>(groups);
        more.add(group);
        return more;
    }

    public String user() {
        return user;
    }

    String owner() {
        return owner;
    }

    List<String> groups() {
        return groups;
    }

    int processId() {
        return processId;
    }

    int sessionId() {
        return sessionId;
    }

    /** Whether what it creates can be given to somebody: itself, or its default owner, a group. */
    boolean mayOwn(String sid) {
        return user.equals(sid) || owner.equals(sid);
    }

    int integrity() {
        return integrity;
    }

    boolean isInAppContainer() {
        return appPackage != null;
    }

    /** Whether it is an app of that package. */
    boolean isPackage(String sid) {
        return sid.equals(appPackage) || isInAppContainer() && sid.equals(ALL_APP_PACKAGES);
    }

    boolean is(String sid) {
        return user.equals(sid) || groups.contains(sid);
    }

    @Override
    public String toString() {
        return user + ' ' + groups;
    }
}
