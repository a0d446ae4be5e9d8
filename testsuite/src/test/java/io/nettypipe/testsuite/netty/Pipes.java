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
package io.nettypipe.testsuite.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.nettypipe.testing.TestPipe;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;

/** A server on a pipe of its own, whose accepted connections a test can wait for. */
final class Pipes extends TestPipe {
    final BlockingQueue<Seen> accepted = new LinkedBlockingQueue<>();

    Pipes(int threads) {
        super(threads);
    }

    /** A server that records what its connections see, and puts another handler before that if there is one. */
    ServerBootstrap server(Supplier<ChannelHandler> first) {
        return serverBootstrap().childHandler(initializer(channel -> {
            Seen seen = new Seen(accepted);
            if (first != null) {
                channel.pipeline().addLast(first.get());
            }
            channel.pipeline().addLast(seen);
        }));
    }

    Channel serve() throws InterruptedException {
        return serve(server(null));
    }

    Channel serve(ServerBootstrap bootstrap) throws InterruptedException {
        return bootstrap.bind(address).sync().channel();
    }

    Bootstrap client(ChannelHandler handler) {
        return clientBootstrap().handler(handler);
    }

    Seen connect() throws InterruptedException {
        Seen seen = new Seen(null);
        client(seen).connect(address).sync();
        return seen;
    }

    Seen accept() throws InterruptedException {
        return take(accepted);
    }
}
