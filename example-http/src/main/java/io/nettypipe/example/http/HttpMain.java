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
package io.nettypipe.example.http;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.iocp.IocpIoHandler;

/**
 * An HTTP server on a named pipe, and a client of it. Nothing in their handlers knows of pipes.
 * <pre>
 * java -jar example-http.jar server NAME
 * java -jar example-http.jar get NAME [PATH]
 * </pre>
 */
public final class HttpMain {
    private HttpMain() {
    }

    /**
     * Runs the server until it is interrupted, or gets one page and prints it.
     *
     * @param args {@code server NAME} or {@code get NAME [PATH]}
     * @throws Exception if the pipe cannot be served or reached
     */
    public static void main(String[] args) throws Exception {
        if (args.length < 2 || !"server".equals(args[0]) && !"get".equals(args[0])) {
            System.err.println("usage: server NAME | get NAME [PATH]");
            System.exit(2);
        }
        NamedPipeAddress pipe = NamedPipeAddress.of(args[1]);
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, IocpIoHandler.newFactory());
        try {
            if ("server".equals(args[0])) {
                Runtime.getRuntime().addShutdownHook(new Thread(group::shutdownGracefully));
                HttpPipeServer.start(group, pipe).closeFuture().sync();
            } else {
                System.out.println(HttpPipeClient.get(group, pipe, args.length > 2 ? args[2] : "/").get());
            }
        } finally {
            group.shutdownGracefully().sync();
        }
    }
}
