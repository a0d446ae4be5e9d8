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

import io.nettypipe.channel.NamedPipeOwner;
import io.nettypipe.npipe.net.Target;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How the tool connects. */
final class ConnectOptions {
    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "10", converter = Seconds.class,
            description = "How long to wait for a pipe that is busy, or a host that does not answer (default:"
                + " ${DEFAULT-VALUE}).")
    private int timeout;
    @Option(names = "--owner", paramLabel = "WHO", split = ",", converter = Owner.class,
            description = {"Whose the pipe must be, or nothing is sent: me, system (LocalSystem), admins"
                + " (Administrators), or a SID; several with commas. Otherwise anybody's."})
    private NamedPipeOwner[] owners = {};

    /** Whether only certain owners will do. */
    boolean namesOwners() {
        return owners.length > 0;
    }

    Target target() {
        NamedPipeOwner any = namesOwners() ? owners[0] : NamedPipeOwner.anyone();
        for (NamedPipeOwner owner : owners) {
            any = any.or(owner);
        }
        return new Target(timeout * 1000, any);
    }

    /** Of the command line. */
    static final class Owner implements ITypeConverter<NamedPipeOwner> {
        @Override
        public NamedPipeOwner convert(String text) {
            return switch (text) {
                case "me" -> NamedPipeOwner.currentUser();
                case "system" -> NamedPipeOwner.localSystem();
                case "admins" -> NamedPipeOwner.administrators();
                default -> sid(text);
            };
        }

        private static NamedPipeOwner sid(String text) {
            try {
                return NamedPipeOwner.sid(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("'" + text + "' is neither me, system, admins nor a SID");
            }
        }
    }
}
