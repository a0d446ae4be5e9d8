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
package io.nettypipe.example.stream;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.iocp.IocpIoHandler;

import java.util.List;

/**
 * A server that pulls a request of any length and then pushes a reply as long, and a client that checks every byte of
 * it, both in constant memory.
 * <pre>
 * java -jar example-stream.jar server NAME
 * java -jar example-stream.jar call NAME [MIB [TIMES]]     calls, one after another on one connection
 * java -jar example-stream.jar abort NAME [MIB]            aborts a request after so many MiB
 * </pre>
 */
public final class StreamMain {
    private static final int MIB = 1024 * 1024;

    private StreamMain() {
    }

    /**
     * Runs the server until it is interrupted, or a client.
     *
     * @param args as above
     * @throws Exception if the pipe cannot be served or reached, or a stream does not arrive
     */
    public static void main(String[] args) throws Exception {
        String command = args.length < 2 ? "" : args[0];
        if (!List.of("server", "call", "abort").contains(command)) {
            System.err.println("usage: server NAME | call NAME [MIB [TIMES]] | abort NAME [MIB]");
            System.exit(2);
        }
        NamedPipeAddress pipe = NamedPipeAddress.of(args[1]);
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, IocpIoHandler.newFactory());
        try {
            if ("server".equals(command)) {
                Runtime.getRuntime().addShutdownHook(new Thread(group::shutdownGracefully));
                StreamServer.start(group, pipe, System.out).closeFuture().sync();
            } else if ("call".equals(command)) {
                StreamClient.call(group, pipe, number(args, 2, 1024) * MIB, (int) number(args, 3, 1), System.out).get();
            } else {
                StreamClient.abort(group, pipe, number(args, 2, 1) * MIB).get();
            }
        } finally {
            group.shutdownGracefully().sync();
        }
    }

    private static long number(String[] args, int index, int otherwise) {
        return index < args.length ? Long.parseLong(args[index]) : otherwise;
    }
}
