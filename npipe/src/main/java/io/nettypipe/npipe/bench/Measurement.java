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
package io.nettypipe.npipe.bench;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.FixedLengthFrameDecoder;
import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.codec.PipeMessageCodec;
import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongConsumer;

/**
 * Sends messages of one size over some connections, each of which waits for its reply before it sends the next, and
 * counts and times them. All connections are open before the first message is sent.
 */
public final class Measurement {
    private static final long PROGRESS_MILLIS = 200;

    private final NamedPipeMode mode;
    private final int count;
    private final int size;
    private final List<MeasuredConnection> connections = new ArrayList<>();
    private final Histogram nanos = new Histogram(3);
    private long elapsedNanos;

    /**
     * Creates a measurement.
     *
     * @param mode        of the pipe
     * @param count       how many messages to send in all
     * @param size        how many bytes each has; in byte mode at least 1
     * @param connections how many share the messages
     */
    public Measurement(NamedPipeMode mode, int count, int size, int connections) {
        this.mode = mode;
        this.count = count;
        this.size = size;
        int used = Math.min(connections, count);
        for (int i = 0; i < used; i++) {
            this.connections.add(new MeasuredConnection(count / used + (i < count % used ? 1 : 0), size));
        }
    }

    /**
     * Connects, and returns when every reply has come.
     *
     * @param connect  connects with this handler to an echo in the same mode
     * @param progress told now and then how many replies have come, on the caller's thread
     * @throws IOException          if a reply does not come, or a wrong one
     * @throws InterruptedException if the thread is interrupted
     */
    public void run(Function<ChannelHandler, ChannelFuture> connect, LongConsumer progress)
            throws IOException, InterruptedException {
        List<Channel> channels = new ArrayList<>();
        for (MeasuredConnection connection : connections) {
            Channel channel = connect.apply(pipeline(connection)).sync().channel();
            channel.config().setAutoRead(true);
            channels.add(channel);
        }
        CompletableFuture<?>[] ends = connections.stream().map(MeasuredConnection::end)
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture<Void> all = CompletableFuture.allOf(ends);
        for (CompletableFuture<?> end : ends) {
            end.whenComplete((ok, failure) -> {
                if (failure != null) {
                    all.completeExceptionally(failure);
                }
            });
        }
        long start = System.nanoTime();
        for (int i = 0; i < channels.size(); i++) {
            channels.get(i).eventLoop().execute(connections.get(i)::start);
        }
        await(all, progress);
        elapsedNanos = System.nanoTime() - start;
        for (Channel channel : channels) {
            channel.close().sync();
        }
        connections.forEach(connection -> nanos.add(connection.nanos()));
    }

    private ChannelInitializer<Channel> pipeline(MeasuredConnection connection) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(mode == NamedPipeMode.MESSAGE
                        ? new PipeMessageCodec(Math.max(size, 1)) : new FixedLengthFrameDecoder(size), connection);
            }
        };
    }

    private void await(CompletableFuture<Void> all, LongConsumer progress) throws IOException, InterruptedException {
        while (true) {
            try {
                all.get(PROGRESS_MILLIS, TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException e) {
                progress.accept(connections.stream().mapToLong(MeasuredConnection::replies).sum());
            } catch (ExecutionException e) {
                throw new IOException("Measuring failed: " + e.getCause().getMessage(), e.getCause());
            }
        }
    }

    /** Prints what was measured, in three lines. */
    public void report(PrintWriter out) {
        double seconds = elapsedNanos / 1e9;
        out.printf(Locale.ROOT, "%d messages of %d bytes each way, %d connections, %s mode, %.2f s%n",
                count, size, connections.size(), mode.name().toLowerCase(Locale.ROOT), seconds);
        out.printf(Locale.ROOT, "throughput %.0f messages/s, %.2f MB/s each way%n",
                count / seconds, (double) count * size / seconds / 1e6);
        out.printf(Locale.ROOT, "latency in us: p50 %.1f, p90 %.1f, p99 %.1f, p99.9 %.1f, max %.1f%n",
                micros(50), micros(90), micros(99), micros(99.9), nanos.getMaxValue() / 1e3);
    }

    private double micros(double percentile) {
        return nanos.getValueAtPercentile(percentile) / 1e3;
    }
}
