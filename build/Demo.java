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

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Starts the echo server on a named pipe, lets the client talk to it, and stops it: in byte mode, then in message mode.
 * Run as {@code java build/Demo.java JAVA} in the root directory, where JAVA is {@code java}, or {@code ./winjava} if
 * this is not Windows. Ends with 0 if every reply came and the server stopped.
 */
final class Demo {
    private static final String JAR = "example-echo/target/example-echo.jar";
    private static final List<String> WORDS = List.of("hello", "named", "pipes");
    /** Comes after a program's last line, and is none. */
    private static final String END = "\n";
    private static final long PATIENCE_SECONDS = 60;
    private static final boolean ON_WINDOWS = System.getProperty("os.name").startsWith("Windows");

    private final String java;
    private final String pipe = "nettypipe-demo-" + ProcessHandle.current().pid();
    private Process server;

    private Demo(String java) {
        this.java = java;
    }

    public static void main(String[] args) throws Exception {
        Demo demo = new Demo(args[0]);
        Runtime.getRuntime().addShutdownHook(new Thread(demo::abandon));
        try {
            demo.exchange();
            demo.exchange("--message");
            System.out.println("\nIt works.");
        } catch (IllegalStateException e) {
            System.out.println("\nIt does not work: " + e.getMessage());
            System.exit(1);
        }
    }

    private void exchange(String... options) throws Exception {
        System.out.println();
        server = start(command("server", List.of(), options));
        BlockingQueue<String> said = show(server);
        await(said, "Listening on ");

        Process client = start(command("client", WORDS, options));
        BlockingQueue<String> replies = show(client);
        if (!client.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            client.destroyForcibly();
            throw new IllegalStateException("the client does not end");
        }
        for (String word : WORDS) {
            await(replies, word);
        }
        check(client.exitValue() == 0, "the client ended with status " + client.exitValue());
        stopServer(said);
    }

    private void stopServer(BlockingQueue<String> said) throws Exception {
        if (ON_WINDOWS) {
            server.destroy(); // a program cannot press Ctrl-C there
        } else {
            System.out.println("^C");
            new ProcessBuilder("sh", "-c", "kill -INT " + server.pid()).start().waitFor(); // kill may be sh's own only
            await(said, "Stopped");
        }
        check(server.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "the server does not stop");
    }

    private List<String> command(String subcommand, List<String> texts, String... options) {
        List<String> command = new ArrayList<>(List.of(java, "-jar", JAR, subcommand, pipe));
        command.addAll(texts);
        command.addAll(List.of(options));
        return command;
    }

    private static Process start(List<String> command) throws IOException {
        System.out.println("$ " + String.join(" ", command));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        return process;
    }

    /** Prints what the process says, and hands it on line by line, then {@link #END}. */
    private static BlockingQueue<String> show(Process process) {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        Thread thread = new Thread(() -> {
            try (BufferedReader output = process.inputReader()) {
                for (String line = output.readLine(); line != null; line = output.readLine()) {
                    System.out.println(line);
                    lines.add(line);
                }
            } catch (IOException e) {
                System.out.println(e);
            }
            lines.add(END);
        });
        thread.setDaemon(true);
        thread.start();
        return lines;
    }

    /** Waits for a line that starts so. Others may come before: Wine, the JVM and Netty warn of what they miss. */
    private static void await(BlockingQueue<String> lines, String start) throws InterruptedException {
        String line;
        do {
            line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            check(!END.equals(line), "the program ended without a line \"" + start + "\"");
            check(line != null, "no line \"" + start + "\" came, and no other for " + PATIENCE_SECONDS + " s");
        } while (!line.startsWith(start));
    }

    private static void check(boolean condition, String problem) {
        if (!condition) {
            throw new IllegalStateException(problem);
        }
    }

    private void abandon() {
        if (server != null) {
            server.destroy();
        }
    }
}
