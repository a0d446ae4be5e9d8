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
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;

/** {@code server NAME}: listens until Ctrl-C. */
@Command(name = "server", description = "Sends back what clients send, until Ctrl-C.", mixinStandardHelpOptions = true)
final class ServerCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin(name = "pipe")
    private PipeOptions pipe;

    private boolean stopped;

    @Override
    public Integer call() throws Exception {
        NamedPipeAddress address = pipe.checkedAddress();
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        EchoServer server = EchoServer.start(address, pipe.mode(), pipe.loops(), problem -> {
            err.println("A client's connection failed: " + Failure.reason(problem));
        });
        Thread hook = new Thread(() -> stop(server, out), "echo-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        out.println("Listening on " + address.path()
                + " (" + pipe.mode().name().toLowerCase(Locale.ROOT) + " mode), Ctrl-C stops");
        out.flush();
        try {
            server.awaitClosed();
        } catch (InterruptedException e) {
            Runtime.getRuntime().removeShutdownHook(hook);
        } finally {
            stop(server, out);
        }
        return EchoMain.OK;
    }

    /** Runs on the shutdown hook's thread at Ctrl-C and on the main thread otherwise; the first one to come stops. */
    private synchronized void stop(EchoServer server, PrintWriter out) {
        if (stopped) {
            return;
        }
        stopped = true;
        server.close();
        out.println("Stopped");
        out.flush();
    }
}
