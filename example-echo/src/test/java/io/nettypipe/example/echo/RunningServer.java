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

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.PrintWriter;
import java.io.Reader;
import java.util.concurrent.TimeUnit;

/** The program's server on a thread of this JVM; closing interrupts that thread, which stops the server. */
final class RunningServer {
    private final Console.Lines out = new Console.Lines();
    private final Console.Lines err = new Console.Lines();
    private final Thread thread;
    private String greeting;
    private volatile int status = -1;

    private RunningServer(String... args) {
        thread = new Thread(() -> {
            status = EchoMain.run(Reader.nullReader(),
                    new PrintWriter(out, true), new PrintWriter(err, true), args);
        }, "echo-server-under-test");
    }

    /** Starts a server and returns when it listens. */
    static RunningServer start(String... args) throws InterruptedException {
        RunningServer server = new RunningServer(args);
        server.thread.start();
        server.greeting = server.out.next();
        assertNotNull(server.greeting, "the server does not listen");
        return server;
    }

    String greeting() {
        return greeting;
    }

    String farewell() throws InterruptedException {
        return out.next();
    }

    int status() {
        return status;
    }

    /** Stops the server and waits until it has ended; once is enough. */
    void close() {
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(30));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        assertFalse(thread.isAlive(), "the server does not stop");
    }
}
