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

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.nettypipe.channel.NamedPipeChannelOption;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.channel.NamedPipeServerChannel;
import io.nettypipe.codec.PipeMessageCodec;
import io.nettypipe.codec.PipeStringDecoder;
import io.nettypipe.codec.PipeStringEncoder;
import io.nettypipe.testing.WindowsTest;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a C program of Windows sends as a string is one for our codec, and the other way round. */
@WindowsTest
final class CStringTest extends OnePipe {
    @Test
    void cClient_sendingAWideString_getsOneBack() throws Exception {
        Channel server = new ServerBootstrap()
                .group(group)
                .channel(NamedPipeServerChannel.class)
                .option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel child) {
                        child.pipeline().addLast(new PipeMessageCodec(1024),
                                PipeStringDecoder.utf16le(), PipeStringEncoder.utf16le(), new Capitals());
                    }
                })
                .bind(address).sync().channel();
        try (CProgram client = CProgram.client(address.name(), List.of("mode=message", "text=Hello", "buffer=8"))) {
            Map<String, Long> result = client.success();
            assertEquals(12L, result.get("bytes"), "five letters and the NUL");
            assertEquals(2L, result.get("parts"));
        }
        server.close().sync();
    }

    private static final class Capitals extends SimpleChannelInboundHandler<String> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, String text) {
            ctx.writeAndFlush(text.toUpperCase(Locale.ROOT));
        }
    }
}
