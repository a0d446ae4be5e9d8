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

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettypipe.channel.NamedPipe;
import io.nettypipe.iocp.IocpIoHandler;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * An echo server and client over a Windows named pipe, to be run by a person: {@link EchoServer} and {@link EchoClient}
 * behind a command line.
 */
public final class EchoMain {
    private final Arguments arguments;
    private final Reader in;
    private final PrintWriter out;
    private final PrintWriter err;

    private EchoMain(Arguments arguments, Reader in, PrintWriter out, PrintWriter err) {
        this.arguments = arguments;
        this.in = in;
        this.out = out;
        this.err = err;
    }

    /** Runs the program and ends the virtual machine with its exit status. */
    public static void main(String[] args) {
        // A terminal has an encoding of its own; a file or another program is taken to use UTF-8.
        Charset charset = System.console() == null ? StandardCharsets.UTF_8 : System.console().charset();
        // Not System.in: that one calls PeekNamedPipe before it reads, which not every pipe answers.
        System.exit(run(new InputStreamReader(new FileInputStream(FileDescriptor.in), charset),
                new PrintWriter(new FileOutputStream(FileDescriptor.out), true, charset),
                new PrintWriter(System.err, true), args));
    }

    /** Runs the program with streams of the caller's; returns its exit status. */
    static int run(Reader in, PrintWriter out, PrintWriter err, String... args) {
        Arguments arguments;
        try {
            arguments = new Arguments(args);
        } catch (IllegalArgumentException e) {
            err.println(Failure.oneLine(e.getMessage()) + " (example-echo --help shows how)");
            return Failure.USAGE;
        }
        if (arguments.has("--help")) {
            out.print(Arguments.HELP);
            out.flush();
            return 0;
        }
        if (arguments.has("--version")) {
            out.println("nettypipe example-echo " + EchoMain.class.getPackage().getImplementationVersion());
            return 0;
        }
        EchoMain program = new EchoMain(arguments, in, out, err);
        if (!NamedPipe.isAvailable()) {
            Throwable why = NamedPipe.unavailabilityCause();
            return program.explain(Failure.unavailable(why), why);
        }
        try {
            program.run();
            return 0;
        } catch (Exception e) {
            return program.explain(Failure.of(e, arguments.pipe().path()), e);
        }
    }

    private int explain(Failure failure, Throwable cause) {
        err.println(failure.line());
        if (arguments.has("--verbose")) {
            cause.printStackTrace(err);
        }
        return failure.exitCode();
    }

    private void run() throws Exception {
        EventLoopGroup group =
                new MultiThreadIoEventLoopGroup(arguments.number("--loops", 1), IocpIoHandler.newFactory());
        try {
            if (arguments.isServer()) {
                serve(group);
            } else {
                exchange(group);
            }
        } finally {
            stop(group);
        }
    }

    /** Ends event loops. The short quiet period lets them close the connections that are still open. */
    private static void stop(EventLoopGroup group) {
        group.shutdownGracefully(50, 2000, TimeUnit.MILLISECONDS).awaitUninterruptibly();
    }

    private void serve(EventLoopGroup group) throws InterruptedException {
        Channel server = EchoServer.start(group, arguments.pipe(), arguments.mode(), err);
        CountDownLatch stopped = new CountDownLatch(1);
        Thread hook = new Thread(() -> {
            server.close();
            try {
                stopped.await(); // the virtual machine ends when its hooks have
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }, "echo-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        out.println("Listening on " + arguments.pipe().path() + " (" + mode() + " mode), Ctrl-C stops");
        try {
            server.closeFuture().sync();
        } catch (InterruptedException e) {
            Runtime.getRuntime().removeShutdownHook(hook);
        } finally {
            stop(group);
            out.println("Stopped");
            stopped.countDown();
        }
    }

    private void exchange(EventLoopGroup group) throws Exception {
        Iterator<String> texts = arguments.texts().isEmpty()
                ? new BufferedReader(in).lines().iterator() : arguments.texts().iterator();
        try (EchoClient client =
                new EchoClient(group, arguments.pipe(), arguments.mode(), arguments.number("--timeout", 10))) {
            while (texts.hasNext()) {
                out.println(client.echo(texts.next()));
            }
        }
    }

    private String mode() {
        return arguments.mode().name().toLowerCase(Locale.ROOT);
    }
}
