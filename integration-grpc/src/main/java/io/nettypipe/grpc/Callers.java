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

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.nettypipe.channel.NamedPipeChannel;

import java.net.SocketAddress;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Tells each call by which channel it came. gRPC shows a call the remote address only, which is an object of its own
 * for each accepted channel; so this remembers, in the pipeline of the server, whose it is, and looks it up as
 * interceptor.
 */
@Sharable
final class Callers extends ChannelInboundHandlerAdapter implements ServerInterceptor {
    private final Map<SocketAddress, NamedPipeCaller> callers = Collections.synchronizedMap(new IdentityHashMap<>());

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (msg instanceof NamedPipeChannel accepted) {
            SocketAddress address = accepted.remoteAddress();
            // Where the system did not tell the process, it is the server's: then nobody knows the caller.
            if (address != null && address != accepted.localAddress()) {
                callers.put(address, new NamedPipeCaller(accepted));
                accepted.closeFuture().addListener(closed -> callers.remove(address));
            }
        }
        ctx.fireChannelRead(msg);
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers,
            ServerCallHandler<Q, A> next) {
        NamedPipeCaller caller = callers.get(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
        return caller == null ? next.startCall(call, headers)
                : Contexts.interceptCall(Context.current().withValue(NamedPipeCaller.KEY, caller), call, headers, next);
    }
}
