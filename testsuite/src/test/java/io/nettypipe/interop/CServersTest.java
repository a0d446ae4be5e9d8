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
package io.nettypipe.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.nettypipe.channel.NamedPipeChannel;
import io.nettypipe.channel.NamedPipeChannelOption;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.channel.PipeMessage;
import io.nettypipe.testing.WindowsTest;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Our client against the two C servers of Windows' documentation; byte mode is the control of message mode. */
@WindowsTest
@Timeout(120)
final class CServersTest extends OnePipe {
    private static final int READ_BUFFER = 512;

    @ParameterizedTest
    @CsvSource({"mt_server,BYTE", "mt_server,MESSAGE", "overlapped_server,BYTE", "overlapped_server,MESSAGE"})
    void client_sendingOneMessage_getsItBack(String program, NamedPipeMode mode) throws Exception {
        exchange(program, mode, 1, Messages.of(1, 64));
    }

    @ParameterizedTest
    @CsvSource({"mt_server,BYTE", "mt_server,MESSAGE", "overlapped_server,BYTE", "overlapped_server,MESSAGE"})
    void client_sendingAThousandMessagesAtOnce_getsEachBack(String program, NamedPipeMode mode) throws Exception {
        exchange(program, mode, 1, Messages.varying(1000, 2000));
    }

    @ParameterizedTest
    @CsvSource({"mt_server,BYTE", "mt_server,MESSAGE", "overlapped_server,BYTE", "overlapped_server,MESSAGE"})
    void client_withAReplyLongerThanItsBuffer_readsItInParts(String program, NamedPipeMode mode) throws Exception {
        Messages messages = Messages.of(3, 10_000);
        Transcript transcript = exchange(program, mode, 1, messages).get(0);
        if (mode == NamedPipeMode.MESSAGE) {
            assertEquals(messages.parts(READ_BUFFER), transcript.parts());
        } else {
            assertTrue(transcript.parts() >= messages.bytes() / READ_BUFFER, () -> transcript.parts() + " reads");
        }
    }

    @ParameterizedTest
    @CsvSource({"mt_server,BYTE", "mt_server,MESSAGE", "overlapped_server,BYTE", "overlapped_server,MESSAGE"})
    void client_sendingAMessageOfAMegabyte_getsItBack(String program, NamedPipeMode mode) throws Exception {
        exchange(program, mode, 1, Messages.of(2, 1024 * 1024 + 1));
    }

    @ParameterizedTest
    @CsvSource({"mt_server,BYTE", "mt_server,MESSAGE", "overlapped_server,BYTE", "overlapped_server,MESSAGE"})
    void thirtyTwoClients_atOnce_areAllServed(String program, NamedPipeMode mode) throws Exception {
        exchange(program, mode, 32, Messages.varying(20, 1500));
    }

    /** Runs a server until so many clients have come and gone; the overlapped one has but four instances for them. */
    private List<Transcript> exchange(String program, NamedPipeMode mode, int clients, Messages messages)
            throws Exception {
        List<String> arguments = new ArrayList<>();
        arguments.add(mode == NamedPipeMode.MESSAGE ? "mode=message" : "mode=byte");
        arguments.add("clients=" + clients);
        arguments.add("instances=4");
        try (CProgram server = CProgram.server(program, address.name(), arguments.toArray(String[]::new))) {
            List<Transcript> transcripts = new ArrayList<>();
            List<ChannelFuture> connections = new ArrayList<>();
            for (int id = 0; id < clients; id++) {
                Transcript transcript = Transcript.expecting(mode, messages.from(id));
                transcripts.add(transcript);
                connections.add(connect(mode, transcript, messages.from(id)));
            }
            for (int id = 0; id < clients; id++) {
                connections.get(id).sync();
                transcripts.get(id).complete().get(60, TimeUnit.SECONDS);
                connections.get(id).channel().closeFuture().sync();
                assertEquals(messages.from(id).expected(mode), transcripts.get(id).read());
            }
            Map<String, Long> result = server.success();
            assertEquals(clients, result.get("clients"));
            assertEquals(clients * messages.bytes(), result.get("bytes"));
            if (mode == NamedPipeMode.MESSAGE) {
                assertEquals((long) clients * messages.count(), result.get("messages"));
            }
            return transcripts;
        }
    }

    /** Connects, waiting while the pipe is busy; sends everything in one flush, and closes when all is back. */
    private ChannelFuture connect(NamedPipeMode mode, Transcript transcript, Messages messages) {
        return new Bootstrap()
                .group(group)
                .channel(NamedPipeChannel.class)
                .option(NamedPipeChannelOption.READ_MODE, mode)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_BUFFER))
                .option(NamedPipeChannelOption.MAX_PART_SIZE, 0)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(transcript, new SendAll(messages));
                        transcript.complete().whenComplete((all, failure) -> channel.close());
                    }
                })
                .connect(address);
    }

    private static final class SendAll extends SimpleChannelInboundHandler<Object> {
        private final Messages messages;

        SendAll(Messages messages) {
            this.messages = messages;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            for (byte[] message : messages.all()) {
                // Some are empty, which only a PipeMessage can be.
                ctx.write(new PipeMessage(Unpooled.wrappedBuffer(message)));
            }
            ctx.flush();
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, Object reply) { }
    }
}
