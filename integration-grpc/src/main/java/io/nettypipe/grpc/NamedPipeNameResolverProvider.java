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

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.StatusOr;
import io.nettypipe.channel.NamedPipeAddress;

import java.net.SocketAddress;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Resolves targets {@code pipe:...}, for gRPC, which finds it. What follows the scheme is what follows {@code npipe:}
 * in {@link NamedPipeAddress#of}: {@code pipe:orders}, {@code pipe:///pipe/orders}, {@code pipe:////./pipe/orders}, or,
 * on another machine, {@code pipe://server/pipe/orders}.
 */
public final class NamedPipeNameResolverProvider extends NameResolverProvider {
    private static final String SCHEME = "pipe";

    @Override
    public NameResolver newNameResolver(URI target, NameResolver.Args args) {
        return SCHEME.equals(target.getScheme())
                ? new Resolver(NamedPipeAddress.of("npipe:" + target.getRawSchemeSpecificPart())) : null;
    }

    @Override
    public String getDefaultScheme() {
        return SCHEME;
    }

    @Override
    public Collection<Class<? extends SocketAddress>> getProducedSocketAddressTypes() {
        return Set.of(NamedPipeAddress.class);
    }

    @Override
    protected boolean isAvailable() {
        return true;
    }

    /** Below the one that targets without a scheme are for. */
    @Override
    protected int priority() {
        return 3;
    }

    private static final class Resolver extends NameResolver {
        private final NamedPipeAddress pipe;
        private Listener2 listener;

        Resolver(NamedPipeAddress pipe) {
            this.pipe = pipe;
        }

        @Override
        public String getServiceAuthority() {
            return NamedPipeGrpc.AUTHORITY;
        }

        @Override
        public void start(Listener2 listener) {
            this.listener = listener;
            refresh();
        }

        @Override
        public void refresh() {
            listener.onResult2(ResolutionResult.newBuilder()
                    .setAddressesOrError(StatusOr.fromValue(List.of(new EquivalentAddressGroup(pipe)))).build());
        }

        @Override
        public void shutdown() {
            // Nothing is open.
        }
    }
}
