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
package io.nettypipe.testsuite.dropin;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.channel.NamedPipeChannel;
import io.nettypipe.channel.NamedPipeServerChannel;
import io.nettypipe.iocp.IocpIoHandler;
import io.nettypipe.testing.WindowsTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServer;
import org.springframework.http.server.reactive.HttpHandler;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** Reactor Netty, and Spring Boot's reactive web server, which is built on it: they know Unix domain sockets. */
@WindowsTest
class ReactorTest {
    private static final Duration LONG = Duration.ofSeconds(50);

    private final NamedPipeAddress pipe = NamedPipeAddress.ephemeral();
    private final PipeLoops loops = new PipeLoops();

    @AfterEach
    void stopLoops() {
        loops.group.shutdownGracefully(0, 30, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void reactorNettyServer_onAPipe_hasItsAddressAndNoPortAndAnswers() {
        DisposableServer server = HttpServer.create().runOn(loops).bindAddress(() -> pipe)
                .handle((request, response) -> response.sendString(Mono.just("reactor " + request.uri())))
                .bindNow(LONG);
        try {
            assertEquals(pipe, server.address());
            assertThrows(UnsupportedOperationException.class, server::port);
            assertEquals("reactor /greeting", get("/greeting"));
        } finally {
            server.disposeNow(LONG);
        }
    }

    @Test
    void springBootsReactiveServer_onAPipe_startsAndAnswers() {
        NettyReactiveWebServerFactory factory = new NettyReactiveWebServerFactory();
        factory.addServerCustomizers(server -> server.runOn(loops).bindAddress(() -> pipe));
        HttpHandler greeter = (request, response) -> response.writeWith(Mono.just(response.bufferFactory()
                .wrap(("spring " + request.getPath()).getBytes(StandardCharsets.US_ASCII))));
        WebServer server = factory.getWebServer(greeter);
        server.start();
        try {
            assertEquals(-1, server.getPort());
            assertEquals("spring /greeting", get("/greeting"));
        } finally {
            server.stop();
            server.destroy();
        }
    }

    private String get(String path) {
        return HttpClient.newConnection().runOn(loops).remoteAddress(() -> pipe).get().uri(path).responseContent()
                .aggregate().asString().block(LONG);
    }

    /** What a user writes to have Reactor Netty use pipes. */
    private static final class PipeLoops implements LoopResources {
        final EventLoopGroup group = new MultiThreadIoEventLoopGroup(2, IocpIoHandler.newFactory());

        @Override
        public EventLoopGroup onServer(boolean useNative) {
            return group;
        }

        @Override
        @SuppressWarnings("unchecked")
        public <C extends Channel> C onChannel(Class<C> type, EventLoopGroup loops) {
            boolean server = ServerChannel.class.isAssignableFrom(type);
            return (C) (server ? new NamedPipeServerChannel() : new NamedPipeChannel());
        }
    }
}
