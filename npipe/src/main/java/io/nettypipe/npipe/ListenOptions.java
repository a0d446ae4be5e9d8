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

import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.channel.NamedPipeSecurity;
import io.nettypipe.npipe.net.Address;
import io.nettypipe.npipe.net.Admission;
import io.nettypipe.npipe.net.PipeAddress;
import io.nettypipe.npipe.net.TcpAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** Whom a server of the tool lets in, and what its pipe is. */
final class ListenOptions {
    /** {@code PIPE_UNLIMITED_INSTANCES}. */
    private static final int NO_LIMIT = 255;
    private static final Security DEFAULT = new Security(NamedPipeSecurity.currentUser(), false, false);

    @Option(names = "--allow", paramLabel = "WHO",
            converter = ListenOptions.Security.Converter.class,
            description = {"Who may connect to the pipe or Unix socket: me (this user; to a pipe LocalSystem, too; the"
                + " default), users (all of this machine and its domain), or for a pipe a security descriptor in SDDL,"
                + " such as D:P(A;;0x12019b;;;BU)."})
    private Security allow = DEFAULT;

    @Option(names = "--byte-type",
            description = {"Make the pipe one of bytes (PIPE_TYPE_BYTE), which has no half-close. Otherwise it is of"
                + " messages that are read as bytes, as Docker's is; its clients need not know."})
    private boolean byteType;

    /** Who, whether that is every user, and whether it is a descriptor. */
    record Security(NamedPipeSecurity security, boolean everyUser, boolean sddl) {
        /** Of the command line. */
        static final class Converter implements ITypeConverter<Security> {
            @Override
            public Security convert(String text) {
                return switch (text) {
                    case "me" -> DEFAULT;
                    case "users" -> new Security(NamedPipeSecurity.authenticatedUsers(), true, false);
                    default -> sddl(text);
                };
            }

            private static Security sddl(String text) {
                try {
                    return new Security(NamedPipeSecurity.sddl(text), false, true);
                } catch (IllegalArgumentException e) {
                    throw new TypeConversionException("'" + text + "' is neither me nor users, and "
                            + Failure.reason(e));
                }
            }
        }
    }

    /** Whether there is anything to say of a server. */
    boolean areGiven() {
        return byteType || allow != DEFAULT;
    }

    /** Refuses what a server of a pipe cannot be. */
    void check(CommandSpec command, NamedPipeAddress pipe, boolean message) {
        if (!pipe.isLocal()) {
            throw new ParameterException(command.commandLine(),
                    "'" + pipe.path() + "' is a pipe of another machine, which can be connected to only");
        }
        if (message && byteType) {
            throw new ParameterException(command.commandLine(), "A pipe of --byte-type has no messages for --message");
        }
    }

    /** Refuses what is not for that where a relay listens. */
    void check(CommandSpec command, Address listen) {
        if (listen instanceof PipeAddress address) {
            check(command, address.pipe(), false);
        } else if (byteType) {
            throw new ParameterException(command.commandLine(), "--byte-type is for a pipe, and not for " + listen);
        } else if (listen instanceof TcpAddress && allow != DEFAULT) {
            throw new ParameterException(command.commandLine(),
                    "--allow is for a pipe or a Unix socket: TCP cannot tell users apart");
        } else if (allow.sddl()) {
            throw new ParameterException(command.commandLine(), "A Unix socket takes --allow me or users, and no SDDL");
        }
    }

    /** For a server of bytes. */
    Admission bytes(boolean publicly) {
        return admission(byteType ? NamedPipeMode.BYTE : NamedPipeMode.MESSAGE, NamedPipeMode.BYTE, NO_LIMIT, publicly);
    }

    /** For a server of messages. */
    Admission messages() {
        return admission(NamedPipeMode.MESSAGE, NamedPipeMode.MESSAGE, NO_LIMIT, false);
    }

    /** For a server of one client. */
    Admission one(boolean message) {
        NamedPipeMode readMode = message ? NamedPipeMode.MESSAGE : NamedPipeMode.BYTE;
        return admission(byteType ? NamedPipeMode.BYTE : NamedPipeMode.MESSAGE, readMode, 1, false);
    }

    private Admission admission(NamedPipeMode type, NamedPipeMode readMode, int maxInstances, boolean publicly) {
        return new Admission(allow.security(), type, readMode, maxInstances, allow.everyUser(), publicly);
    }
}
