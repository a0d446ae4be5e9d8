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
package io.nettypipe.testsuite.integrations;

import io.nettypipe.reactor.NamedPipeLoopResources;
import io.nettypipe.reactor.NamedPipeReactor;
import io.nettypipe.testing.PipeTest;
import io.nettypipe.testing.TestPipe;
import io.nettypipe.testing.WindowsTest;
import io.nettypipe.win32.model.TestSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServer;
import org.springframework.http.server.reactive.HttpHandler;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;

import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Reactor Netty on pipes, and Spring Boot's reactive web server, as a user of integration-reactor sets them up. */
@PipeTest
class ReactorTest {
    private static final Duration LONG = Duration.ofSeconds(TestPipe.SECONDS);

    private final TestPipe pipe = new TestPipe(2, TestSystem.open());
    private final NamedPipeLoopResources loops = NamedPipeLoopResources.of(pipe.group);

    @AfterEach
    void stop() {
        pipe.close();
    }

    private String get(HttpClient client, String uri) {
        return client.get().uri(uri).responseContent().aggregate().asString().block(LONG);
    }

    private String url(String path) {
        return "http://" + pipe.address.name() + ".pipe" + path;
    }

    @Test
    void httpServer_onAPipe_isReachedByItsUrlAndHasItsAddressAndNoPort() {
        DisposableServer server = NamedPipeReactor.httpServer(loops, pipe.address)
                .handle((request, response) -> response.sendString(Mono.just(
                        "pipes " + request.requestHeaders().get("host") + request.uri())))
                .bindNow(LONG);
        try {
            assertEquals(pipe.address, server.address());
            assertThrows(UnsupportedOperationException.class, server::port);
            HttpClient client = NamedPipeReactor.httpClient(loops).baseUrl(url(""));
            String answer = "pipes " + pipe.address.name() + ".pipe/greeting";
            assertEquals(answer, get(client, "/greeting"));
            String other = pipe.address.name().toUpperCase(Locale.ROOT) + ".Pipe:8080/greeting";
            assertEquals("pipes " + other, get(client, "http://" + other));
        } finally {
            server.disposeNow(LONG);
        }
    }

    @Test
    void httpClient_ofAHostThatIsNoPipe_failsNamingIt() {
        HttpClient client = NamedPipeReactor.on(HttpClient.newConnection(), loops);
        for (String host : List.of("example.com", "127.0.0.1", "-.pipe.net", "..pipe")) {
            Throwable failure = assertThrows(RuntimeException.class, () -> get(client, "http://" + host + "/"))
                    .getCause();
            assertInstanceOf(UnknownHostException.class, failure);
            assertTrue(failure.getMessage().startsWith(host), failure::toString);
        }
    }

    @Test
    void tcpServerAndClient_onAPipe_carryBytesBothWays() {
        DisposableServer server = NamedPipeReactor.tcpServer(loops, pipe.address)
                .handle((in, out) -> out.send(in.receive().retain())).bindNow(LONG);
        Connection connection = NamedPipeReactor.tcpClient(loops, pipe.address).connectNow(LONG);
        try {
            connection.outbound().sendString(Flux.just("one ", "two ", "three")).then().block(LONG);
            String all = connection.inbound().receive().asString().scan("", String::concat)
                    .filter("one two three"::equals).blockFirst(LONG);
            assertEquals("one two three", all);
        } finally {
            connection.disposeNow(LONG);
            server.disposeNow(LONG);
        }
    }

    @Test
    void springBootsReactiveServer_onAPipe_startsAndAnswers() {
        NettyReactiveWebServerFactory factory = new NettyReactiveWebServerFactory();
        factory.addServerCustomizers(server -> NamedPipeReactor.on(server, loops, pipe.address));
        HttpHandler greeter = (request, response) -> response.writeWith(Mono.just(response.bufferFactory()
                .wrap(("spring " + request.getPath()).getBytes(StandardCharsets.US_ASCII))));
        WebServer server = factory.getWebServer(greeter);
        server.start();
        try {
            assertEquals(-1, server.getPort());
            HttpClient client = NamedPipeReactor.on(HttpClient.newConnection(), loops);
            assertEquals("spring /greeting", get(client, url("/greeting")));
        } finally {
            server.stop();
            server.destroy();
        }
    }

    @Test
    @WindowsTest
    void loopsOfTheirOwn_doNotBlockAndEndWithWhatRunsOnThem() {
        NamedPipeLoopResources own = NamedPipeLoopResources.create("own", 1, true);
        DisposableServer server = NamedPipeReactor.httpServer(own, pipe.address)
                .handle((request, response) -> response.sendString(Mono.fromSupplier(
                        () -> "own " + Schedulers.isInNonBlockingThread()))).bindNow(LONG);
        assertEquals("own true", get(NamedPipeReactor.on(HttpClient.newConnection(), own), url("/")));
        own.disposeLater(Duration.ZERO, LONG).block(LONG);
        assertTrue(own.isDisposed());
        assertTrue(server.isDisposed());
    }
}
