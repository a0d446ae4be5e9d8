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

import java.util.List;
import java.util.Locale;

/** What the client does to a server in one turn. */
enum Load {
    ONE("1x64", "1 × 64 B", 1, 64),
    SIXTEEN("16x64", "16 × 64 B", 16, 64),
    SIXTY_FOUR("64x64", "64 × 64 B", 64, 64),
    LARGE("4x32K", "4 × 32 KiB", 4, 32 * 1024),
    BYTES("bulk", "bytes", "-bytes", 64 * 1024),
    MESSAGES("bulk64K", "messages of 64 KiB", "-messages", 64 * 1024),
    LONG_MESSAGES("bulk4M", "messages of 4 MiB", "-messages", 4 * 1024 * 1024),
    CONNECT("connect", "connect and leave", Kind.CONNECT, "", 1, 1);

    /** What is counted, and its unit a second. */
    enum Kind {
        ECHO("Echoes a second", 1),
        BULK("One way, MiB a second", 1024 * 1024),
        CONNECT("Connections a second", 1);

        final String title;
        /** How many that the client counts are one of the unit. */
        final double unit;

        Kind(String title, double unit) {
            this.title = title;
            this.unit = unit;
        }
    }

    /** What {@code --loads} calls it. */
    final String id;
    final String title;
    final Kind kind;
    /** What follows the server's name in that of the pipe. */
    final String suffix;
    private final int connections;
    private final int size;

    Load(String id, String title, int connections, int size) {
        this(id, title, Kind.ECHO, "", connections, size);
    }

    Load(String id, String title, String suffix, int size) {
        this(id, title, Kind.BULK, suffix, 1, size);
    }

    Load(String id, String title, Kind kind, String suffix, int connections, int size) {
        this.id = id;
        this.title = title;
        this.kind = kind;
        this.suffix = suffix;
        this.connections = connections;
        this.size = size;
    }

    /** What one of the unit is. */
    String each() {
        return kind == Kind.BULK ? "MiB, " + title : title;
    }

    /** The client's arguments, for a turn that takes so long or brings so many bytes. */
    List<String> arguments(int millis, long bytes) {
        String load = "load=" + kind.name().toLowerCase(Locale.ROOT);
        return switch (kind) {
            case ECHO -> List.of(load, "connections=" + connections, "size=" + size, "millis=" + millis);
            case BULK -> List.of(load, "size=" + size, "bytes=" + bytes);
            case CONNECT -> List.of(load, "millis=" + millis);
        };
    }
}
