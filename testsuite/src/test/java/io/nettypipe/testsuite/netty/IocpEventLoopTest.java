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

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.testsuite.transport.AbstractSingleThreadEventLoopTest;
import io.nettypipe.channel.NamedPipeChannel;
import io.nettypipe.channel.NamedPipeServerChannel;
import io.nettypipe.iocp.IocpIoHandler;
import io.nettypipe.testing.WindowsTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@WindowsTest
class IocpEventLoopTest extends AbstractSingleThreadEventLoopTest {
    private static final String NO_ITERATION =
            "SingleThreadIoEventLoop offers no iteration over its channels, whatever its handler";
    private static final Queue<EventLoopGroup> GROUPS = new ConcurrentLinkedQueue<>();

    /** The suite does not wait for its groups, and of one it shuts down a single loop. */
    @AfterAll
    static void shutDown() {
        GROUPS.forEach(group -> group.shutdownGracefully(0, 30, TimeUnit.SECONDS));
        GROUPS.forEach(group -> group.terminationFuture().syncUninterruptibly());
    }

    /** The suite's own binds to a port number, so this one is the same on a pipe. */
    @Test
    @Override
    public void testShutdownGracefullyNoQuietPeriod() throws Exception {
        EventLoopGroup group = newEventLoopGroup();
        Channel server = new ServerBootstrap().group(group).channel(serverChannelClass())
                .childHandler(new ChannelInboundHandlerAdapter())
                .bind(PipePermutation.newAddress()).sync().channel();
        assertTrue(group.shutdownGracefully(0, 1, TimeUnit.MINUTES).await(5, TimeUnit.SECONDS));
        assertTrue(group.isTerminated());
        assertFalse(server.isOpen());
    }

    @Test
    @Disabled(NO_ITERATION)
    @Override
    public void testChannelsIteratorEmpty() {
    }

    @Test
    @Disabled(NO_ITERATION)
    @Override
    public void testChannelsIterator() {
    }

    @Test
    @Disabled(NO_ITERATION)
    @Override
    public void testChannelsIteratorRemoveThrows() {
    }

    @Override
    protected EventLoopGroup newEventLoopGroup() {
        return remember(new MultiThreadIoEventLoopGroup(IocpIoHandler.newFactory()));
    }

    @Override
    protected EventLoopGroup newAutoScalingEventLoopGroup() {
        return remember(new MultiThreadIoEventLoopGroup(SCALING_MAX_THREADS, null, AUTO_SCALING_CHOOSER_FACTORY,
                IocpIoHandler.newFactory()));
    }

    private static EventLoopGroup remember(EventLoopGroup group) {
        GROUPS.add(group);
        return group;
    }

    @Override
    protected Channel newChannel() {
        return new NamedPipeChannel();
    }

    @Override
    protected Class<? extends ServerChannel> serverChannelClass() {
        return NamedPipeServerChannel.class;
    }
}
