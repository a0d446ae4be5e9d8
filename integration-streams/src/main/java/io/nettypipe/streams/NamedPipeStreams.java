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
package io.nettypipe.streams;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.channel.NamedPipeChannel;
import io.nettypipe.channel.NamedPipeMode;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The two directions of a named pipe as blocking streams, as a {@link java.net.Socket} has them.
 * <p>
 * Both streams may be used by any threads but the channel's event loop, which would wait for itself: there they throw
 * {@link IllegalStateException}. A thread that waits in one and is interrupted gets an {@link
 * InterruptedIOException}, with its interrupt status set; nothing is lost by it, and the stream can be used further.
 * Handlers before these streams in the pipeline, such as an {@code SslHandler}, see what passes; what reaches the
 * streams must be a {@link ByteBuf} or a {@link io.nettypipe.channel.PipeMessage}, whose boundaries they do not show.
 */
public final class NamedPipeStreams implements Closeable {
    private static final InternalLogger LOGGER = InternalLoggerFactory.getInstance(NamedPipeStreams.class);

    private final NamedPipeChannel channel;
    private final PipeInput input;
    private final PipeOutput output;

    private NamedPipeStreams(NamedPipeChannel channel) {
        this.channel = channel;
        StreamsHandler handler = new StreamsHandler(this);
        input = new PipeInput(channel, handler);
        output = new PipeOutput(channel, handler);
        channel.config().setAutoRead(false);
        channel.pipeline().addLast(handler);
    }

    /** What is done with a connection; it may block. */
    @FunctionalInterface
    public interface Conversation {
        /**
         * Talks.
         *
         * @param streams closed once this returns or throws
         * @throws Exception logged as a warning, or at debug level if the peer left in the middle
         */
        void hold(NamedPipeStreams streams) throws Exception;
    }

    /**
     * The streams of a channel, put at the end of its pipeline, or those that are there already. {@code AUTO_READ} is
     * switched off, and on a message-type pipe, unless {@code EMPTY_MESSAGE_AS_DATA} is set, {@code
     * ALLOW_HALF_CLOSURE} is switched on. To miss nothing, call it before the channel is active: in a {@code
     * ChannelInitializer}, or on a {@code new NamedPipeChannel(handle)} that is not registered. Any thread.
     */
    public static NamedPipeStreams of(NamedPipeChannel channel) {
        StreamsHandler handler = channel.pipeline().get(StreamsHandler.class);
        return handler == null ? new NamedPipeStreams(channel) : handler.streams();
    }

    /**
     * Connects, and waits for it as long as {@code CONNECT_TIMEOUT_MILLIS} and {@code CONNECT_POLICY} have it.
     *
     * @param bootstrap with a group and a {@link NamedPipeChannel}; its handler, if any, comes before the streams
     * @throws IOException               if it cannot be connected; {@link InterruptedIOException} if interrupted
     * @throws java.net.ConnectException if there is no such pipe, or it is not for this process
     * @throws IllegalStateException     if called by the channel's event loop
     */
    public static NamedPipeStreams connect(Bootstrap bootstrap, NamedPipeAddress pipe) throws IOException {
        ChannelHandler before = bootstrap.config().handler();
        ChannelFuture connecting = bootstrap.clone().handler(initializer(streamless -> {
            if (before != null) {
                streamless.pipeline().addLast(before);
            }
            of(streamless);
        })).connect(pipe);
        try {
            connecting.await();
        } catch (InterruptedException e) {
            giveUp(connecting);
            throw StreamsHandler.interrupted("connecting", 0);
        }
        if (!connecting.isSuccess()) {
            giveUp(connecting);
            throw connecting.cause() instanceof IOException failure ? failure
                    : new IOException("cannot connect to " + pipe, connecting.cause());
        }
        return of((NamedPipeChannel) connecting.channel());
    }

    private static void giveUp(ChannelFuture connecting) {
        // A group that has ended registers none.
        if (connecting.channel().isRegistered()) {
            connecting.channel().close();
        }
    }

    /**
     * A handler for {@code ServerBootstrap.childHandler}: each connection is a conversation in a thread of the
     * executor. One that the executor refuses is closed.
     */
    public static ChannelHandler conversations(Executor executor, Conversation conversation) {
        return initializer(accepted -> {
            NamedPipeStreams streams = of(accepted);
            executor.execute(() -> {
                try (streams) {
                    conversation.hold(streams);
                } catch (ClosedChannelException e) {
                    LOGGER.debug("A conversation on {} ended in the middle", accepted, e);
                } catch (Exception e) {
                    LOGGER.warn("A conversation on {} failed", accepted, e);
                }
            });
        });
    }

    private static ChannelHandler initializer(Consumer<NamedPipeChannel> init) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                init.accept((NamedPipeChannel) channel);
            }
        };
    }

    /** The pipe itself, which tells who is at the other end. */
    public NamedPipeChannel channel() {
        return channel;
    }

    /**
     * What the peer sends. A read waits until there is a byte, and asks the pipe for more only when there is none: at
     * most what one {@code read()} of the channel brings is held ({@code MAX_MESSAGES_PER_READ} buffers). It answers
     * -1 once the peer has half-closed the pipe, left or disconnected it, or the channel was closed, and throws what
     * the channel failed with, or {@link ClosedChannelException} if the stream was closed. {@code close()} throws away
     * what still comes, and leaves the output as it is.
     */
    public InputStream input() {
        return input;
    }

    /**
     * What the peer gets. A write of up to 64 KiB is one write to the pipe, and so one message on a message-type
     * pipe; a longer one is several. It sends at once, waits while more than {@code WRITE_BUFFER_WATER_MARK} is
     * unwritten, and throws what an earlier write failed with. What one thread writes in one call is not mixed with
     * what another does. {@code flush()} waits until the system has all of it.
     * <p>
     * {@code close()} flushes, and half-closes a message-type pipe ({@link NamedPipeChannel#shutdownOutput()}): the
     * peer reads the end, and may still answer. Of a byte-type pipe, which has no half-closure, the peer sees
     * nothing. Once both streams are closed, the pipe is.
     */
    public OutputStream output() {
        return output;
    }

    /**
     * How long a read waits, in milliseconds, rounded up; zero, the default, is for ever. A read that waited in vain
     * throws {@link SocketTimeoutException} and may be repeated.
     *
     * @throws IllegalArgumentException if it is negative, or more than {@link Integer#MAX_VALUE} milliseconds (24 days)
     */
    public void setReadTimeout(Duration timeout) {
        if (timeout.isNegative() || timeout.compareTo(Duration.ofMillis(Integer.MAX_VALUE)) > 0) {
            throw new IllegalArgumentException("timeout: " + timeout + " (expected: 0 to 2147483647 ms)");
        }
        input.setTimeout(timeout);
    }

    void closeIfBothAre() {
        if (input.isClosed() && output.isClosed()) {
            channel.close();
        }
    }

    PipeInput pipeInput() {
        return input;
    }

    /**
     * Closes the pipe; what was written still reaches a peer that reads ({@code SO_LINGER}). Threads that wait in a
     * stream get {@link ClosedChannelException}. Returns when the channel is closed, or at once on its event loop.
     * Any thread, once the channel is registered.
     */
    @Override
    public void close() {
        input.discard();
        if (!channel.isOpen()) {
            return;
        }
        ChannelFuture closing = channel.close();
        if (!channel.eventLoop().inEventLoop()) {
            closing.awaitUninterruptibly();
        }
    }

    /** On a pipe that has it, the peer's end is not ours. */
    void active() {
        boolean halfCloses = channel.pipeType() == NamedPipeMode.MESSAGE;
        if (halfCloses && !channel.config().isEmptyMessageAsData()) {
            channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        }
    }
}
