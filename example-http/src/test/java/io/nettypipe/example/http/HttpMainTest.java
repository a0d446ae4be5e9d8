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

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.iocp.IocpIoHandler;
import io.nettypipe.testing.WindowsTest;
import org.junit.jupiter.api.Test;

import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;

@WindowsTest
class HttpMainTest {

    @Test
    void get_servedPipe_pageNamesThePath() throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, IocpIoHandler.newFactory());
        NamedPipeAddress pipe = NamedPipeAddress.ephemeral();
        Channel server = HttpPipeServer.start(group, pipe);
        assertEquals("You asked a pipe for /some/page",
                HttpPipeClient.get(group, pipe, "/some/page").get(30, TimeUnit.SECONDS));
        server.close().sync();
        group.shutdownGracefully(10, 10_000, TimeUnit.MILLISECONDS).sync();
    }
}
