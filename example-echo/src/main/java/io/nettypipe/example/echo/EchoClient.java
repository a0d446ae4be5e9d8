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
package io.nettypipe.example.echo;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.string.StringDecoder;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.channel.NamedPipeChannel;
import io.nettypipe.channel.NamedPipeChannelOption;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.codec.PipeMessageCodec;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;

/** Opens connections to an echo server and sends texts over one. */
final class EchoClient {
    private static final int MAX_LINE = 1024 * 1024;

    private final Bootstrap bootstrap;
    private final NamedPipeAddress address;
    private final NamedPipeMode mode;
    private final int timeoutSeconds;

    EchoClient(EventLoopGroup group, NamedPipeAddress address, NamedPipeMode mode, int timeoutSeconds) {
        this.address = address;
        this.mode = mode;
        this.timeoutSeconds = timeoutSeconds;
        bootstrap = new Bootstrap()
                .group(group)
                .channel(NamedPipeChannel.class)
                .option(NamedPipeChannelOption.READ_MODE, mode)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) TimeUnit.SECONDS.toMillis(timeoutSeconds));
    }

    /**
     * Opens one connection and waits until it is there.
     *
     * @param framing what makes replies of bytes in byte mode; in message mode the pipe itself does
     * @param last    the handlers behind it
     */
    Channel connect(ChannelHandler framing, ChannelHandler... last) throws InterruptedException {
        ChannelHandler first = mode == NamedPipeMode.MESSAGE ? new PipeMessageCodec(EchoServer.MAX_MESSAGE) : framing;
        return bootstrap.clone().handler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(first).addLast(last);
            }
        }).connect(address).sync().channel();
    }

    /** Sends every text and prints every reply; returns when the last reply has come. */
    void exchange(Iterator<String> texts, PrintWriter out) throws EchoException, InterruptedException {
        String end = mode == NamedPipeMode.MESSAGE ? "" : "\n";
        ReplyPrinter replies = new ReplyPrinter(out);
        Channel channel = connect(
                new LineBasedFrameDecoder(MAX_LINE), new StringDecoder(StandardCharsets.UTF_8), replies);
        while (texts.hasNext()) {
            String text = texts.next();
            replies.awaitRoom(timeoutSeconds);
            channel.writeAndFlush(ByteBufUtil.writeUtf8(channel.alloc(), text + end)).addListener(written -> {
                if (!written.isSuccess()) {
                    replies.fail(written.cause());
                }
            });
        }
        replies.awaitAll(timeoutSeconds);
        channel.close().sync();
    }
}
