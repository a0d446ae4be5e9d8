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

import io.nettypipe.npipe.net.Address;
import io.nettypipe.npipe.net.Loops;
import io.nettypipe.npipe.net.PipeAddress;
import io.nettypipe.npipe.net.TcpAddress;
import io.nettypipe.npipe.traffic.Relay;
import io.nettypipe.npipe.traffic.Traffic;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;

/** {@code npipe relay}. */
@Command(name = "relay", description = {"Passes connections on: listens on one address, and connects each that comes to"
    + " the other, until Ctrl-C.",
    "%nAn address is tcp:PORT, tcp:HOST:PORT, unix:PATH, npipe:NAME, or the path of a pipe. TCP listens on the loopback"
    + " interface unless --public is given, where every user of this machine can connect, and acts as you to the"
    + " other side; a pipe or a Unix socket lets only this user in unless --allow says otherwise."})
final class RelayCommand implements Callable<Integer> {
    private final Streams streams;
    private final BooleanSupplier verbose;

    @Spec
    private CommandSpec spec;
    @Parameters(index = "0", paramLabel = "LISTEN", converter = AddressConverter.class,
            description = "Where to listen; port 0 is one that is free.")
    private Address listen;
    @Parameters(index = "1", paramLabel = "CONNECT", converter = AddressConverter.class,
            description = "What to connect to.")
    private Address connect;
    @Mixin
    private ListenOptions options;
    @Option(names = "--public", description = "Let TCP listen on an interface that other machines reach.")
    private boolean publicly;
    @Mixin
    private ConnectOptions connecting;
    @Option(names = "--quiet", paramLabel = "SECONDS", defaultValue = "10", converter = Seconds.class,
            description = {"Once one side has ended, and the other cannot be told, being a pipe of bytes: close when"
                + " nothing has come for so long (default: ${DEFAULT-VALUE})."})
    private int quiet;

    RelayCommand(Streams streams, BooleanSupplier verbose) {
        this.streams = streams;
        this.verbose = verbose;
    }

    @Override
    public Integer call() throws Exception {
        check();
        for (Address address : List.of(listen, connect)) {
            Throwable why = address.unavailabilityCause();
            if (why != null) {
                throw Failure.unavailable(address.toString(), why);
            }
        }
        Traffic traffic = new Traffic();
        Loops loops = new Loops(Math.min(4, Runtime.getRuntime().availableProcessors()));
        try (Progress progress = Progress.show(streams.err(), traffic::toString)) {
            Relay relay = new Relay(loops, connect, connecting.target(), quiet, traffic,
                    cause -> progress.print(Failure.of(cause, connect.toString()).getMessage()),
                    what -> {
                        if (verbose.getAsBoolean()) {
                            progress.print(what);
                        }
                    });
            Address.Listening server = listening(loops, relay);
            streams.text().println("Listening on " + server.address() + ", relaying to " + connect + ", Ctrl-C stops");
            UntilStopped.run(server.channel(), loops, streams.text(), () -> {
                progress.end();
                streams.err().println(traffic);
            });
        } finally {
            loops.close();
        }
        return 0;
    }

    private void check() {
        options.check(spec, listen);
        if (publicly && !(listen instanceof TcpAddress)) {
            throw new ParameterException(spec.commandLine(), "--public is for TCP, and not for " + listen);
        }
        if (connecting.namesOwners() && !(connect instanceof PipeAddress)) {
            throw new ParameterException(spec.commandLine(), "--owner is for a pipe, and not for " + connect);
        }
        if (connect instanceof TcpAddress tcp && tcp.port() == 0) {
            throw new ParameterException(spec.commandLine(), "Nobody listens on port 0, which CONNECT names");
        }
    }

    private Address.Listening listening(Loops loops, Relay relay) throws Exception {
        try {
            return listen.listen(loops, options.bytes(publicly), relay);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), Failure.reason(e), e);
        } catch (Exception e) {
            throw Failure.of(e, listen.toString());
        }
    }

    /** Of the command line. */
    static final class AddressConverter implements ITypeConverter<Address> {
        @Override
        public Address convert(String text) {
            try {
                return Address.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
