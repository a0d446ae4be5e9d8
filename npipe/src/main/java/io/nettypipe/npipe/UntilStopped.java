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

import io.netty.channel.Channel;
import io.nettypipe.npipe.net.Loops;

import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;

/** A server that runs until Ctrl-C, or an interrupt of its thread. */
final class UntilStopped {
    private UntilStopped() {
    }

    /**
     * Returns when the server and its connections are closed.
     *
     * @param last what is done then: after Ctrl-C the virtual machine may end before the caller goes on
     */
    static void run(Channel server, Loops loops, PrintWriter out, Runnable last) {
        CountDownLatch stopped = new CountDownLatch(1);
        Thread hook = new Thread(() -> {
            server.close();
            try {
                stopped.await(); // the virtual machine ends when its hooks have
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }, "npipe-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            server.closeFuture().sync();
        } catch (InterruptedException e) {
            Runtime.getRuntime().removeShutdownHook(hook);
        } finally {
            loops.close();
            last.run();
            out.println("Stopped");
            stopped.countDown();
        }
    }
}
