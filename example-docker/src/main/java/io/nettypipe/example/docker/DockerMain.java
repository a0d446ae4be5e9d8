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
package io.nettypipe.example.docker;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.channel.NamedPipeChannel;
import io.nettypipe.iocp.IocpIoHandler;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Speaks to a Docker engine: tells its version, what happens in it, and talks to a container.
 * <pre>
 * java -jar example-docker.jar [--host npipe:////./pipe/docker_engine] version
 * java -jar example-docker.jar [--host ...] events
 * java -jar example-docker.jar [--host ...] attach CONTAINER
 * </pre>
 */
public final class DockerMain {
    private static final String ENGINE = "npipe:////./pipe/docker_engine";

    private final EventLoopGroup group;
    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;

    DockerMain(EventLoopGroup group, InputStream in, PrintStream out, PrintStream err) {
        this.group = group;
        this.in = in;
        this.out = out;
        this.err = err;
    }

    /**
     * Does what the arguments say; {@code events} until it is interrupted.
     *
     * @param args as above
     * @throws Exception never
     */
    public static void main(String[] args) throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, IocpIoHandler.newFactory());
        // System.in asks a pipe how much it has, which not every system knows of each.
        int status = new DockerMain(group, new FileInputStream(FileDescriptor.in), System.out, System.err).run(args);
        group.shutdownGracefully().sync();
        System.exit(status);
    }

    int run(String... args) throws InterruptedException {
        List<String> words = Arrays.asList(args);
        String host = ENGINE;
        if (words.size() > 1 && "--host".equals(words.get(0))) {
            host = words.get(1);
            words = words.subList(2, words.size());
        }
        try {
            DockerClient client = new DockerClient(group, NamedPipeAddress.of(host));
            if (words.equals(List.of("version"))) {
                out.println(client.version().sync().getNow());
            } else if (words.equals(List.of("events"))) {
                client.events(out::println).sync().getNow().closeFuture().sync();
            } else if (words.size() == 2 && "attach".equals(words.get(0))) {
                attach(client, words.get(1));
            } else {
                err.println("usage: [--host " + ENGINE + "] version | events | attach CONTAINER");
                return 2;
            }
            return 0;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            err.println(e.getMessage() == null ? e : e.getMessage());
            return 1;
        }
    }

    private void attach(DockerClient client, String container) throws IOException, InterruptedException {
        Printer printer = new Printer();
        NamedPipeChannel channel = client.attach(container, printer).sync().getNow();
        // The container may end while nobody types.
        Thread typing = new Thread(() -> send(channel, printer.failure), "standard input");
        typing.setDaemon(true);
        typing.start();
        channel.closeFuture().sync();
        Throwable failure = printer.failure.get();
        if (failure != null) {
            throw new IOException("the attachment broke: " + failure.getMessage(), failure);
        }
    }

    private void send(NamedPipeChannel channel, AtomicReference<Throwable> failure) {
        byte[] bytes = new byte[8192];
        try {
            for (int read = in.read(bytes); read >= 0 && channel.isActive(); read = in.read(bytes)) {
                channel.writeAndFlush(Unpooled.copiedBuffer(bytes, 0, read)).await();
            }
            // The container reads the end of its input, and may still answer.
            channel.shutdownOutput();
        } catch (IOException | InterruptedException e) {
            failure.compareAndSet(null, e);
            channel.close();
        }
    }

    /** Writes what the container does; as long as that takes, nothing more is read. */
    private final class Printer extends SimpleChannelInboundHandler<StdPart> {
        private final AtomicReference<Throwable> failure = new AtomicReference<>();

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, StdPart part) throws IOException {
            PrintStream to = part.stream() == Std.ERR ? err : out;
            part.content().readBytes(to, part.content().readableBytes());
            to.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            failure.compareAndSet(null, cause);
            ctx.close();
        }
    }
}
