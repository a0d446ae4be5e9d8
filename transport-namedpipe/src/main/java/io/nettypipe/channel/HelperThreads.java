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
package io.nettypipe.channel;

import io.nettypipe.win32.HelperThreadFactory;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads for calls that block, which are about hosts: so many at once in all, and of those so many for each host, so
 * that one that does not answer leaves the others theirs. The calls about a host are begun in the order in which they
 * came.
 */
final class HelperThreads {
    private static final long IDLE_SECONDS = 10;

    private final ThreadPoolExecutor threads;
    private final int perHost;
    private final Map<String, Host> hosts = new HashMap<>();

    HelperThreads(String name, int inAll, int perHost) {
        this(new HelperThreadFactory(name), inAll, perHost);
    }

    HelperThreads(ThreadFactory factory, int inAll, int perHost) {
        this.perHost = perHost;
        threads = new ThreadPoolExecutor(inAll, inAll, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
                factory);
        threads.allowCoreThreadTimeOut(true);
    }

    /** Makes a call as soon as its host has a thread for it. Any thread. */
    synchronized void execute(String hostName, Runnable call) {
        Host host = hosts.computeIfAbsent(hostName.toLowerCase(Locale.ROOT), Host::new);
        if (host.running < perHost) {
            host.running++;
            try {
                threads.execute(running(host, call));
            } catch (Throwable noThread) {
                ended(host);
                throw noThread;
            }
        } else {
            host.waiting.add(call);
        }
    }

    private Runnable running(Host host, Runnable call) {
        return () -> {
            try {
                call.run();
            } finally {
                ended(host);
            }
        };
    }

    /** Its next call goes behind those of the other hosts. */
    private synchronized void ended(Host host) {
        Runnable next = host.waiting.poll();
        if (next == null) {
            if (--host.running == 0) {
                hosts.remove(host.name);
            }
            return;
        }
        Runnable call = running(host, next);
        try {
            threads.execute(call);
        } catch (Throwable noThread) {
            // This one is free in a moment.
            threads.getQueue().add(call);
        }
    }

    private static final class Host {
        final String name;
        final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
        int running;

        Host(String name) {
            this.name = name;
        }
    }
}
