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
/**
 * A named pipe as blocking streams, for libraries that know {@code java.io} only: LSP4J, debug adapters, JSON-RPC.
 * <p>
 * A server that holds a conversation with each client, and a client:
 * <pre>{@code
 * import io.netty.bootstrap.*;
 * import io.netty.channel.*;
 * import io.nettypipe.channel.*;
 * import io.nettypipe.iocp.IocpIoHandler;
 * import io.nettypipe.streams.NamedPipeStreams;
 * import java.nio.charset.StandardCharsets;
 * import java.util.concurrent.*;
 *
 * public class Shouting {
 *     public static void main(String[] args) throws Exception {
 *         EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, IocpIoHandler.newFactory());
 *         ExecutorService threads = Executors.newCachedThreadPool();
 *         NamedPipeAddress pipe = NamedPipeAddress.of("shouting");
 *         new ServerBootstrap().group(group).channel(NamedPipeServerChannel.class)
 *                 .option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE)   // has a half-close
 *                 .option(NamedPipeChannelOption.READ_MODE, NamedPipeMode.BYTE)
 *                 .childHandler(NamedPipeStreams.conversations(threads, streams -> {
 *                     String heard = new String(streams.input().readAllBytes(), StandardCharsets.UTF_8);
 *                     streams.output().write(heard.toUpperCase().getBytes(StandardCharsets.UTF_8));
 *                 }))
 *                 .bind(pipe).sync();
 *         Bootstrap client = new Bootstrap().group(group).channel(NamedPipeChannel.class);
 *         try (NamedPipeStreams streams = NamedPipeStreams.connect(client, pipe)) {
 *             streams.output().write("hello".getBytes(StandardCharsets.UTF_8));
 *             streams.output().close();
 *             System.out.println(new String(streams.input().readAllBytes(), StandardCharsets.UTF_8));
 *         }
 *         group.shutdownGracefully().sync();
 *         threads.shutdown();
 *     }
 * }
 * }</pre>
 */
package io.nettypipe.streams;
