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
package io.nettypipe.testsuite.jars;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.EventExecutorGroup;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.channel.NamedPipeChannel;
import io.nettypipe.channel.NamedPipeServerChannel;
import io.nettypipe.iocp.IocpIoHandler;
import io.nettypipe.testing.AnotherJvm;
import io.nettypipe.testing.WindowsTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Who looks for calls that block an event loop finds the application's, and none of the transport's. */
@Tag("long")
class BlockHoundTest {
    @Test
    @WindowsTest
    void loops_underBlockHound_onlyTheBlockingCallOfAHandlerIsFound() throws Exception {
        Path agent = Path.of(BlockHound.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Process program = new ProcessBuilder(AnotherJvm.command("-javaagent:" + agent,
                // BlockHound wraps native methods, which a JVM has to be told since Java 13.
                "-XX:+AllowRedefinitionToAddDeleteMethods",
                "-cp", System.getProperty("java.class.path"), Program.class.getName()))
                .redirectErrorStream(true).start();
        List<String> said;
        try (BufferedReader output = program.inputReader()) {
            said = output.lines().toList();
        } finally {
            program.destroyForcibly();
        }
        assertEquals(List.of("echoed", "java.lang.Thread.sleep in Blocking.channelRead0"),
                said.stream().filter(line -> !line.contains("warning:")).toList());
    }

    /** Of the test program: notes what BlockHound finds, and who of ours called it. */
    public static final class Findings implements BlockHoundIntegration {
        static final Queue<String> FOUND = new ConcurrentLinkedQueue<>();

        @Override
        public void applyTo(BlockHound.Builder builder) {
            builder.blockingMethodCallback(method -> FOUND.add(method + " in " + caller()));
        }

        private static String caller() {
            return StackWalker.getInstance().walk(frames -> frames
                    .filter(frame -> !frame.getClassName().matches("(java|reactor)\\..*|.*\\$Findings"))
                    .findFirst()
                    .map(frame -> frame.getClassName().replaceAll(".*[.$]", "") + "." + frame.getMethodName())
                    .orElse("nobody of ours, on " + Thread.currentThread().getName()));
        }
    }

    /** Blocks its event loop. */
    private static final class Blocking extends SimpleChannelInboundHandler<ByteBuf> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf message) throws InterruptedException {
            Thread.sleep(1);
            ctx.writeAndFlush(message.retain());
        }
    }

    /** Echoes between two channels, and asks another machine, in a process of its own. */
    static final class Program {
        private Program() {
        }

        public static void main(String[] args) throws Exception {
            EventExecutorGroup first = new DefaultEventExecutorGroup(1);
            EventLoopGroup group = first.submit(() ->
                    new MultiThreadIoEventLoopGroup(2, IocpIoHandler.newFactory())).sync().getNow();
            NamedPipeAddress pipe = NamedPipeAddress.ephemeral();
            Channel server = new ServerBootstrap().group(group).channel(NamedPipeServerChannel.class)
                    .childHandler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel ch) {
                            ch.pipeline().addLast(new Blocking());
                        }
                    }).bind(pipe).sync().channel();
            Bootstrap clients = new Bootstrap().group(group).channel(NamedPipeChannel.class);
            clients.handler(new SimpleChannelInboundHandler<ByteBuf>() {
                @Override
                protected void channelRead0(ChannelHandlerContext ctx, ByteBuf message) {
                    System.out.println("echoed");
                    // Stays unread, so that this close lingers until the server is gone.
                    ctx.writeAndFlush(Unpooled.copyLong(2));
                    ctx.close();
                    server.close();
                }
            }).connect(pipe).sync().channel().writeAndFlush(Unpooled.copyLong(1)).sync().channel().closeFuture().sync();
            clients.handler(new ChannelInboundHandlerAdapter())
                    .connect(NamedPipeAddress.of("\\\\another.invalid\\pipe\\nothing")).await();
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
            first.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
            Findings.FOUND.stream().distinct().forEach(System.out::println);
        }
    }
}
