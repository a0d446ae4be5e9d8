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
import io.netty.testsuite.transport.socket.SocketSslEchoTest;
import org.junit.jupiter.api.Tag;

import java.net.SocketAddress;
import java.util.Collection;
import java.util.List;

@Tag("long")
@NettySuite
class SocketSslEchoPipeTest extends SocketSslEchoTest {
    @Override
    protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
        return PipePermutation.factories();
    }

    @Override
    protected SocketAddress newSocketAddress() {
        return PipePermutation.newAddress();
    }

    /** One allocator a test, in turn. */
    @Override
    protected List<ByteBufAllocator> newAllocators() {
        return PipePermutation.nextAllocator();
    }

    /** Hides the suite's 96 rows; in message mode it leaves 24 in which each two flags meet in all four ways. */
    public static Collection<Object[]> data() throws Exception {
        Collection<Object[]> rows = SocketSslEchoTest.data();
        return PipePermutation.inMessageMode() ? PipePermutation.fraction(rows) : rows;
    }
}
