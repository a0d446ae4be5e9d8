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
package io.nettypipe.reactor;

import io.netty.resolver.AbstractAddressResolver;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import io.nettypipe.channel.NamedPipeAddress;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;

/**
 * Resolves hosts that end in {@code .pipe} to pipes of this machine, so that URLs lead to them: {@code
 * http://orders.pipe/today} is {@code /today} on the pipe {@code orders}, whatever the port. All other hosts fail with
 * {@link UnknownHostException}. For Netty's {@code Bootstrap.resolver} as well as for Reactor Netty's:
 * <pre>{@code
 * client.resolver(NamedPipeResolverGroup.INSTANCE)
 * }</pre>
 */
public final class NamedPipeResolverGroup extends AddressResolverGroup<SocketAddress> {
    /** It has no state. */
    public static final NamedPipeResolverGroup INSTANCE = new NamedPipeResolverGroup();

    private static final String SUFFIX = ".pipe";

    private NamedPipeResolverGroup() {
    }

    /**
     * The pipe that a host names, as a URL has it, in which case does not matter.
     *
     * @throws UnknownHostException if it does not end in {@code .pipe}, or no pipe can be called what is before that
     */
    static NamedPipeAddress pipe(String host) throws UnknownHostException {
        if (!host.toLowerCase(Locale.ROOT).endsWith(SUFFIX)) {
            throw new UnknownHostException(host + " does not name a pipe, as NAME.pipe does");
        }
        try {
            return NamedPipeAddress.of("\\\\.\\pipe\\" + host.substring(0, host.length() - SUFFIX.length()));
        } catch (IllegalArgumentException e) {
            UnknownHostException unknown = new UnknownHostException(host + " names no pipe: " + e.getMessage());
            unknown.initCause(e);
            throw unknown;
        }
    }

    @Override
    protected AddressResolver<SocketAddress> newResolver(EventExecutor executor) {
        return new Resolver(executor);
    }

    private static final class Resolver extends AbstractAddressResolver<SocketAddress> {
        Resolver(EventExecutor executor) {
            super(executor, SocketAddress.class);
        }

        @Override
        protected boolean doIsResolved(SocketAddress address) {
            return address instanceof NamedPipeAddress;
        }

        @Override
        protected void doResolve(SocketAddress address, Promise<SocketAddress> promise) throws UnknownHostException {
            promise.setSuccess(pipe(host(address)));
        }

        @Override
        protected void doResolveAll(SocketAddress address, Promise<List<SocketAddress>> promise)
                throws UnknownHostException {
            promise.setSuccess(List.of(pipe(host(address))));
        }

        private static String host(SocketAddress address) {
            return address instanceof InetSocketAddress ? ((InetSocketAddress) address).getHostString()
                    : address.toString();
        }
    }
}
