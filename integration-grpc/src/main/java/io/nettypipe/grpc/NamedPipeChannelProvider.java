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
package io.nettypipe.grpc;

import io.grpc.ChannelCredentials;
import io.grpc.ManagedChannelBuilder;
import io.grpc.ManagedChannelProvider;
import io.nettypipe.channel.NamedPipe;
import io.nettypipe.channel.NamedPipeAddress;

import java.net.SocketAddress;
import java.util.Collection;
import java.util.Set;

/**
 * Makes the channels of {@code Grpc.newChannelBuilder("pipe:...", creds)}, for gRPC, which finds it. They are {@code
 * NettyChannelBuilder}s, set as those of {@link NamedPipeGrpc#newChannelBuilder}.
 */
public final class NamedPipeChannelProvider extends ManagedChannelProvider {
    /** Everywhere, so that {@link #newChannelBuilder} can say why it has none. */
    @Override
    protected boolean isAvailable() {
        return true;
    }

    /** Below grpc-netty's, which is for targets that are no pipes. */
    @Override
    protected int priority() {
        return 3;
    }

    @Override
    protected NewChannelBuilderResult newChannelBuilder(String target, ChannelCredentials creds) {
        if (!NamedPipe.isAvailable()) {
            return NewChannelBuilderResult.error("named pipes are not available: "
                    + NamedPipe.unavailabilityCause().getMessage());
        }
        try {
            return NewChannelBuilderResult.channelBuilder(NamedPipeGrpc.newChannelBuilder(target, creds));
        } catch (IllegalArgumentException unsupported) {
            return NewChannelBuilderResult.error(unsupported.getMessage());
        }
    }

    @Override
    protected Collection<Class<? extends SocketAddress>> getSupportedSocketAddressTypes() {
        return Set.of(NamedPipeAddress.class);
    }

    @Override
    protected ManagedChannelBuilder<?> builderForAddress(String name, int port) {
        throw new UnsupportedOperationException("a pipe has no host and port: " + name + ":" + port);
    }

    /** Never called: gRPC asks the provider of the highest priority alone, by which time no scheme was looked at. */
    @Override
    protected ManagedChannelBuilder<?> builderForTarget(String target) {
        throw new UnsupportedOperationException("use Grpc.newChannelBuilder(\"" + target + "\", credentials)");
    }
}
