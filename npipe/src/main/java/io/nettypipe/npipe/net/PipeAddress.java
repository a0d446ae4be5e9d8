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
package io.nettypipe.npipe.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import io.nettypipe.channel.NamedPipe;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.channel.NamedPipeChannel;
import io.nettypipe.channel.NamedPipeChannelOption;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.channel.NamedPipeServerChannel;

/**
 * A named pipe.
 *
 * @param pipe its address
 */
public record PipeAddress(NamedPipeAddress pipe) implements Address {

    static PipeAddress parse(String text) {
        try {
            return new PipeAddress(NamedPipeAddress.of(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' is no name of a pipe: " + e.getMessage(), e);
        }
    }

    @Override
    public Throwable unavailabilityCause() {
        return NamedPipe.unavailabilityCause();
    }

    @Override
    public Listening listen(Loops loops, Admission admission, ChannelHandler child) throws InterruptedException {
        ServerBootstrap server = Bootstraps.server(loops.pipes(), NamedPipeServerChannel.class, child)
                .option(NamedPipeChannelOption.PIPE_TYPE, admission.type())
                .option(NamedPipeChannelOption.READ_MODE, admission.readMode())
                .option(NamedPipeChannelOption.MAX_INSTANCES, admission.maxInstances())
                .option(NamedPipeChannelOption.SECURITY, admission.security());
        if (admission.type() == NamedPipeMode.MESSAGE && admission.readMode() == NamedPipeMode.BYTE) {
            server.childOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        }
        return new Listening((ServerChannel) server.bind(pipe).sync().channel(), this);
    }

    @Override
    public ChannelFuture connect(Loops loops, EventLoop near, Target target, ChannelHandler handler) {
        return client(loops, near, target, handler).option(ChannelOption.ALLOW_HALF_CLOSURE, true).connect(pipe);
    }

    /** Connects on any loop; to a pipe whose messages are read one by one, or to one of bytes, with half-closure. */
    public ChannelFuture connect(Loops loops, Target target, boolean message, ChannelHandler handler) {
        return message ? client(loops, null, target, handler)
                .option(NamedPipeChannelOption.READ_MODE, NamedPipeMode.MESSAGE).connect(pipe)
                : connect(loops, null, target, handler);
    }

    private static Bootstrap client(Loops loops, EventLoop near, Target target, ChannelHandler handler) {
        return Bootstraps.client(Loops.near(near, loops.pipes()), NamedPipeChannel.class, target, handler)
                .option(NamedPipeChannelOption.SERVER_OWNER, target.owner());
    }

    @Override
    public String toString() {
        return pipe.path();
    }
}
