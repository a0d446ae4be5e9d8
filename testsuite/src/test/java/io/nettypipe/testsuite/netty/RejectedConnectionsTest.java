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
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.nettypipe.channel.NamedPipeChannelOption;
import io.nettypipe.testing.WindowsTest;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What Netty's SocketCloseForcibly test and the cancellation in SocketConnectionAttempt ask of sockets. */
@WindowsTest
class RejectedConnectionsTest {

    @Test
    void acceptedChannel_closedForciblyBeforeItIsRegistered_clientSeesTheEnd() throws Exception {
        try (Pipes pipes = new Pipes(2)) {
            Channel server = pipes.serve(pipes.server(null).handler(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext ctx, Object msg) {
                    ((Channel) msg).unsafe().closeForcibly();
                }
            }));
            for (int i = 0; i < 50; i++) {
                Seen client = pipes.connect();
                assertEquals("active", Pipes.take(client.events));
                assertEquals("inactive", Pipes.take(client.events));
            }
            server.close().sync();
            assertTrue(pipes.accepted.isEmpty());
        }
    }

    @Test
    void connect_cancelledWhileTheOnlyInstanceIsBusy_leavesTheInstanceToTheNextClient() throws Exception {
        try (Pipes pipes = new Pipes(2)) {
            ServerBootstrap one = pipes.server(null).option(NamedPipeChannelOption.MAX_INSTANCES, 1);
            pipes.serve(one);
            Seen first = pipes.connect();
            pipes.accept();
            for (int i = 0; i < 5; i++) {
                ChannelFuture second = pipes.client(new Seen(null)).connect(pipes.address);
                assertTrue(second.cancel(true));
                second.channel().closeFuture().sync();
                assertTrue(second.isCancelled());
                assertFalse(second.channel().isActive());
            }
            first.channel.close().sync();
            Seen third = pipes.connect();
            pipes.accept().channel.writeAndFlush(third.channel.alloc().buffer().writeByte('x')).sync();
            assertEquals("x", third.read(1));
            assertTrue(pipes.accepted.isEmpty());
        }
    }
}
