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
package io.nettypipe.testsuite.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.socket.SocketAutoReadTest;
import io.nettypipe.channel.NamedPipeChannelOption;

import java.net.SocketAddress;
import java.util.List;

@NettySuite
class SocketAutoReadPipeTest extends SocketAutoReadTest {
    @Override
    protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
        return PipePermutation.factories();
    }

    @Override
    protected SocketAddress newSocketAddress() {
        return PipePermutation.newAddress();
    }

    @Override
    protected void configure(ServerBootstrap sb, Bootstrap cb, ByteBufAllocator allocator) {
        super.configure(sb, cb, allocator);
        // The test binds its address again while a connection that the first server accepted is open. Other than a
        // socket, that connection is an instance of the name.
        sb.option(NamedPipeChannelOption.FIRST_INSTANCE, false);
        // It counts reads: the rest of a message is not to be read in one.
        sb.childOption(NamedPipeChannelOption.MAX_PART_SIZE, 0);
        cb.option(NamedPipeChannelOption.MAX_PART_SIZE, 0);
    }
}
