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
package io.nettypipe.interop;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.iocp.IocpIoHandler;
import org.junit.jupiter.api.AfterEach;

import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** A pipe of its own for each test, and the event loops that drive our end of it. */
abstract class OnePipe {
    final EventLoopGroup group = new MultiThreadIoEventLoopGroup(2, IocpIoHandler.newFactory());
    final NamedPipeAddress address = NamedPipeAddress.ephemeral();

    @AfterEach
    void stopLoops() {
        group.shutdownGracefully(50, 10_000, TimeUnit.MILLISECONDS);
        assertTrue(group.terminationFuture().awaitUninterruptibly(30, TimeUnit.SECONDS));
    }
}
