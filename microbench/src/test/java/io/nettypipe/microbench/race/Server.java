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

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A contestant's server, running until it is closed. What it says is in a file. */
final class Server implements AutoCloseable {
    private static final Path PROC = Path.of("Z:\\proc");
    private static final int ATTEMPTS = 100;
    private static final int PATIENCE_MINUTES = 5;

    final Contestant contestant;
    private final String client;
    private final String address;
    private final Path log;
    private final Process process;
    private long unixPid;

    private Server(Contestant contestant, String client, String address, Path log) throws IOException {
        this.contestant = contestant;
        this.client = client;
        this.address = address;
        this.log = log;
        ProcessBuilder builder = new ProcessBuilder(contestant.command().apply(address))
                .redirectErrorStream(true).redirectOutput(log.toFile());
        // Wine 8 says that it is a Windows too old for Node.js
        builder.environment().put("NODE_SKIP_PLATFORM_CHECK", "1");
        process = builder.start();
    }

    /** Starts it, and returns when it answers. */
    static Server start(Contestant contestant, String client, Path folder) throws IOException, InterruptedException {
        String address = contestant.isTcp() ? "tcp:" + twoPorts()
                : "nettypipe-race-" + ProcessHandle.current().pid() + "-" + contestant.id() + "-server";
        Server server = new Server(contestant, client, address, folder.resolve(contestant.id() + ".log"));
        try {
            server.run(address, List.of("load=wait"));
            server.unixPid = Files.exists(PROC) ? unixPid(address) : 0;
        } catch (IOException | InterruptedException | RuntimeException e) {
            server.close();
            throw e;
        }
        return server;
    }

    /** Lets the client put that load on it. */
    Turn turn(Load load, int millis, long bytes, String... more) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(load.arguments(millis, bytes));
        arguments.addAll(List.of(more));
        arguments.add(unixPid == 0 ? "pid=" + process.pid() : "unix=" + unixPid);
        return new Turn(run(of(load), arguments).substring("status=ok ".length()));
    }

    /** The number that Linux gave the process; 0 on Windows. */
    long unixPid() {
        return unixPid;
    }

    private String of(Load load) {
        if (!contestant.isTcp()) {
            return address + load.suffix;
        }
        return load.suffix.isEmpty() ? address : "tcp:" + (Integer.parseInt(address.substring("tcp:".length())) + 1);
    }

    /** The last line that the client says, which must be of a success. */
    private String run(String at, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(client, at));
        command.addAll(arguments);
        Process running = new ProcessBuilder(command).redirectErrorStream(true).start();
        // without its server it would wait, and with one that is stuck
        process.onExit().completeOnTimeout(null, PATIENCE_MINUTES, TimeUnit.MINUTES).thenRun(running::destroyForcibly);
        String last = "";
        try (var lines = running.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                last = line;
            }
        }
        if (running.waitFor() != 0 || !last.startsWith("status=ok")) {
            throw new IOException("the client " + arguments + " says \"" + last + "\", and the server "
                    + (process.isAlive() ? "runs; " : "has ended; ") + log + " has what it said");
        }
        return last;
    }

    /** A free port, of which the next one is free too. */
    private static int twoPorts() throws IOException {
        for (int attempt = 0; ; attempt++) {
            InetAddress loopback = InetAddress.getLoopbackAddress();
            try (ServerSocket first = new ServerSocket(0, 1, loopback);
                    ServerSocket second = new ServerSocket(first.getLocalPort() + 1, 1, loopback)) {
                return second.getLocalPort() - 1;
            } catch (IOException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** What Linux calls the process that has this argument: Wine does not tell, and has no times of other processes. */
    private static long unixPid(String argument) throws IOException {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[1-9]*")) {
            for (Path process : processes) {
                if (commandLine(process).contains(argument)) {
                    return Long.parseLong(process.getFileName().toString());
                }
            }
        }
        throw new IOException("no process under " + PROC + " has the argument " + argument);
    }

    private static String commandLine(Path process) {
        try {
            return Files.readString(process.resolve("cmdline"));
        } catch (IOException e) {
            return ""; // it has just ended
        }
    }

    @Override
    public void close() {
        try {
            process.destroyForcibly().waitFor(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
