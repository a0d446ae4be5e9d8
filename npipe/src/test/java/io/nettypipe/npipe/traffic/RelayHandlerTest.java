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
package io.nettypipe.npipe.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

import java.util.concurrent.atomic.LongAdder;

/** How much a relay holds of a connection whose other side does not take it. */
final class RelayHandlerTest {
    @Test
    void relay_toASideThatDoesNotRead_readsNoFurtherUntilThereIsRoom() {
        RelayedConnection connection = new RelayedConnection(new Traffic(), 1, text -> { });
        int[] reads = new int[1];
        EmbeddedChannel from = new EmbeddedChannel();
        EmbeddedChannel to = new EmbeddedChannel();
        from.config().setAutoRead(false);
        RelayHandler forth = new RelayHandler(connection, new LongAdder());
        RelayHandler back = new RelayHandler(connection, new LongAdder());
        RelayHandler.join(forth, back);
        forth.leadTo(to);
        back.leadTo(from);
        from.pipeline().addLast(new ChannelOutboundHandlerAdapter() {
            @Override
            public void read(ChannelHandlerContext ctx) {
                reads[0]++;
                ctx.read();
            }
        }, forth);
        to.pipeline().addLast(back);

        from.writeInbound(Unpooled.buffer(10).writeZero(10));
        assertEquals(1, reads[0]);
        to.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        from.writeInbound(Unpooled.buffer(10).writeZero(10));
        assertFalse(to.isWritable());
        assertEquals(1, reads[0], "it reads on although the other side is full");
        to.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        to.runPendingTasks();
        from.runPendingTasks();
        assertEquals(2, reads[0], "it does not read on when there is room again");
        for (ByteBuf sent = to.readOutbound(); sent != null; sent = to.readOutbound()) {
            sent.release();
        }
    }
}
