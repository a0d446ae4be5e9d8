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
 * Netty channels over Windows named pipes: servers and clients, of bytes or of messages.
 *
 * <h2>A server and a client</h2>
 * What differs from TCP is the handler factory of the event loops, the classes of the channels, and the address:
 * <pre>{@code
 * EventLoopGroup group = new MultiThreadIoEventLoopGroup(IocpIoHandler.newFactory());
 *
 * Channel server = new ServerBootstrap()
 *     .group(group)
 *     .channel(NamedPipeServerChannel.class)
 *     .childHandler(new MyInitializer())
 *     .bind(NamedPipeAddress.of("orders")).sync().channel();
 *
 * Channel client = new Bootstrap()
 *     .group(group)
 *     .channel(NamedPipeChannel.class)
 *     .option(NamedPipeChannelOption.CONNECT_POLICY, ConnectPolicy.WAIT)   // until the server comes
 *     .handler(new MyInitializer())
 *     .connect(NamedPipeAddress.of("orders")).sync().channel();
 * }</pre>
 * The classes load on every system. Where the channels cannot work, they say so at the first use:
 * <pre>{@code
 * if (!NamedPipe.isAvailable()) {
 *     System.err.println(NamedPipe.unavailabilityCause());                 // or NamedPipe.ensureAvailability()
 * }
 * }</pre>
 *
 * <h2>Bytes or messages</h2>
 * By default a pipe carries bytes and delivers {@code ByteBuf}, as a socket does. A server makes a pipe of messages
 * with {@link io.nettypipe.channel.NamedPipeChannelOption#PIPE_TYPE}, and either end reads messages with
 * {@link io.nettypipe.channel.NamedPipeChannelOption#READ_MODE}. They arrive as
 * {@link io.nettypipe.channel.PipeMessage}, in several parts if they are longer than the read buffer:
 * <pre>{@code
 * ServerBootstrap server = new ServerBootstrap()
 *     .option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE);
 *
 * Bootstrap client = new Bootstrap()
 *     .option(NamedPipeChannelOption.READ_MODE, NamedPipeMode.MESSAGE)
 *     .handler(new SimpleChannelInboundHandler<PipeMessage>() {
 *         protected void channelRead0(ChannelHandlerContext ctx, PipeMessage part) {
 *             System.out.print(part.content().toString(StandardCharsets.UTF_8));
 *             if (part.isEndOfMessage()) {
 *                 ctx.writeAndFlush(new PipeMessage(Unpooled.EMPTY_BUFFER));   // a message of no bytes
 *             }
 *         }
 *     });
 * }</pre>
 * The package {@code io.nettypipe.codec} puts the parts together, and has codecs for strings and for streams.
 *
 * <h2>Options</h2>
 * They are {@link io.nettypipe.channel.NamedPipeChannelOption}s beside Netty's own, which a bootstrap takes, and a
 * channel's configuration answers:
 * <pre>{@code
 * ServerBootstrap server = new ServerBootstrap()
 *     .option(NamedPipeChannelOption.DIRECTION, NamedPipeDirection.DUPLEX)
 *     .option(NamedPipeChannelOption.MAX_INSTANCES, 16)                    // clients at a time
 *     .option(NamedPipeChannelOption.SECURITY, NamedPipeSecurity.authenticatedUsers())
 *     .childOption(ChannelOption.SO_LINGER, 5);
 *
 * NamedPipeServerChannelConfig served = channel.parent().config();
 * NamedPipeChannelConfig config = channel.config();
 * System.out.println(config.getOption(NamedPipeChannelOption.READ_MODE) + " of "
 *     + served.getOption(NamedPipeChannelOption.PIPE_TYPE));
 * }</pre>
 *
 * <h2>Who is there</h2>
 * By default a server lets its own user and LocalSystem in. A client may say whose the server must be, before anything
 * is sent, and how far it lets that server act as its user; either end can ask who the other is:
 * <pre>{@code
 * NamedPipeSecurity operators = NamedPipeSecurity.builder()
 *     .currentUser()
 *     .allow("CORP\\Operators", NamedPipeAccess.READ_AND_WRITE)           // looked up at the call
 *     .integrity(NamedPipeIntegrity.MEDIUM)                                // nobody below, whoever it is
 *     .build();
 * ServerBootstrap server = new ServerBootstrap().option(NamedPipeChannelOption.SECURITY, operators);
 *
 * Bootstrap client = new Bootstrap()
 *     .option(NamedPipeChannelOption.SERVER_OWNER, NamedPipeOwner.localSystem())
 *     .option(NamedPipeChannelOption.IMPERSONATION_LEVEL, ImpersonationLevel.IDENTIFICATION);
 * client.connect(NamedPipeAddress.of("orders")).addListener(connect -> {
 *     if (connect.cause() instanceof NamedPipeOwnerException notOurs) {
 *         System.err.println("owned by " + notOurs.actualOwner());
 *     }
 * });
 *
 * NamedPipePeer peer = channel.peer().sync().getNow();
 * NamedPipeUser user = channel.peerUser().sync().getNow();                 // of a client, at its server
 * System.out.println(peer.processId() + " of " + user.name());
 * }</pre>
 *
 * <h2>What can go wrong</h2>
 * A failed connect or bind is a {@code ConnectException} or {@code BindException} that names the pipe; the end of a
 * stream is {@code channelInactive}, and a write to a peer that is gone fails with {@code ClosedChannelException}.
 * Whatever else the system says is a {@link io.nettypipe.channel.NamedPipeException}. A server that threw away what it
 * had sent, because it disconnected, is an event:
 * <pre>{@code
 * channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
 *     public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
 *         if (event == NamedPipeDisconnectedEvent.INSTANCE) {
 *             System.err.println("the last bytes of the server are lost");
 *         }
 *     }
 *
 *     public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
 *         if (cause instanceof NamedPipeException failure) {
 *             System.err.println(failure.operation() + ": error " + failure.errorCode());
 *         }
 *         ctx.close();
 *     }
 * });
 * }</pre>
 *
 * <h2>Metrics</h2>
 * <pre>{@code
 * NamedPipeServerChannel server = channel.parent();
 * NamedPipeServerMetrics metrics = server.metrics();                       // any thread
 * System.out.println(metrics.acceptedChannels() + " accepted, " + metrics.lingeringChannels() + " lingering");
 * }</pre>
 */
package io.nettypipe.channel;
