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
package io.nettypipe.testsuite.integrations;

import com.google.protobuf.StringValue;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.netty.channel.EventLoopGroup;
import io.nettypipe.grpc.NamedPipeGrpc;
import io.nettypipe.testing.TestPipe;
import io.nettypipe.win32.Win32;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A pipe, and what serves and calls on it. */
final class GrpcPipe extends TestPipe {
    /** Not gRPC's own, whose threads outlive the test: Netty's leak extension lets them allocate in no other. */
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final List<ManagedChannel> channels = new ArrayList<>();
    private Server server;

    GrpcPipe(Win32 win32) {
        super(2, win32);
    }

    NettyServerBuilder serverBuilder() {
        return NamedPipeGrpc.newServerBuilder(address, InsecureServerCredentials.create(), group);
    }

    NettyChannelBuilder channelBuilder(EventLoopGroup loops) {
        return NamedPipeGrpc.newChannelBuilder(address, InsecureChannelCredentials.create(), loops);
    }

    Server start(ServerBuilder<?> builder) throws IOException {
        server = builder.executor(executor).build().start();
        return server;
    }

    ManagedChannel open(ManagedChannelBuilder<?> builder) {
        ManagedChannel channel = builder.executor(executor).build();
        channels.add(channel);
        return channel;
    }

    ManagedChannel open() {
        return open(channelBuilder(group));
    }

    static String sayHello(Channel channel, String name) {
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(SECONDS, TimeUnit.SECONDS);
        return ClientCalls.blockingUnaryCall(channel, Greeter.SAY_HELLO, options, StringValue.of(name)).getValue();
    }

    /** Ends the channels, so that their loops may be shut down. */
    private void hangUp() throws InterruptedException {
        for (ManagedChannel channel : channels) {
            if (!channel.shutdownNow().awaitTermination(SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("never ends: " + channel);
            }
        }
    }

    @Override
    public void close() {
        try {
            hangUp();
            if (server != null && !server.shutdownNow().awaitTermination(SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("never ends: " + server);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        executor.shutdown();
        super.close();
    }
}
