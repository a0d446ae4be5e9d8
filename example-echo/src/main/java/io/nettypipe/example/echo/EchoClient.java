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
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.string.LineEncoder;
import io.netty.handler.codec.string.LineSeparator;
import io.netty.handler.codec.string.StringDecoder;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.channel.NamedPipeChannel;
import io.nettypipe.channel.NamedPipeChannelOption;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.codec.PipeMessageCodec;
import io.nettypipe.codec.PipeStringDecoder;
import io.nettypipe.codec.PipeStringEncoder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A connection to an echo server. A text is a line in byte mode, and a message of the pipe in message mode. */
final class EchoClient implements AutoCloseable {
    private final ReplyHandler replies = new ReplyHandler();
    private final int timeoutSeconds;
    private final Channel channel;

    /** Connects, and waits so long for an instance of the pipe that is free, and then for each reply. */
    EchoClient(EventLoopGroup group, NamedPipeAddress pipe, NamedPipeMode mode, int timeoutSeconds)
            throws InterruptedException {
        this.timeoutSeconds = timeoutSeconds;
        channel = new Bootstrap()
                .group(group)
                .channel(NamedPipeChannel.class)
                .option(NamedPipeChannelOption.READ_MODE, mode)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutSeconds * 1000)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (mode == NamedPipeMode.MESSAGE) {
                            channel.pipeline().addLast(new PipeMessageCodec(EchoServer.MAX_MESSAGE),
                                    PipeStringDecoder.utf8(), PipeStringEncoder.utf8());
                        } else {
                            channel.pipeline().addLast(new LineBasedFrameDecoder(EchoServer.MAX_MESSAGE),
                                    new StringDecoder(StandardCharsets.UTF_8),
                                    new LineEncoder(LineSeparator.UNIX, StandardCharsets.UTF_8));
                        }
                        channel.pipeline().addLast(replies);
                    }
                })
                .connect(pipe).sync().channel();
    }

    /** Sends a text, and waits for its reply. */
    String echo(String text) throws IOException, InterruptedException {
        channel.writeAndFlush(text).addListener(written -> {
            if (!written.isSuccess()) {
                replies.fail(written.cause());
            }
        });
        return replies.next(timeoutSeconds);
    }

    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
    }
}
