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
 * Netty channels over Windows named pipes.
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
 *     .handler(new MyInitializer())
 *     .connect(NamedPipeAddress.of("orders")).sync().channel();
 * }</pre>
 * By default a pipe carries bytes and delivers {@code ByteBuf}, as a socket does. With
 * {@link io.nettypipe.channel.NamedPipeChannelOption#PIPE_TYPE} and
 * {@link io.nettypipe.channel.NamedPipeChannelOption#READ_MODE} it carries messages and delivers
 * {@link io.nettypipe.channel.PipeMessage}s.
 */
package io.nettypipe.channel;
