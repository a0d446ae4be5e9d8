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

import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.channel.NamedPipeChannel;
import io.nettypipe.channel.NamedPipeChannelOption;
import io.nettypipe.channel.NamedPipeOwner;
import io.nettypipe.channel.NamedPipeOwnerException;
import io.nettypipe.iocp.TestIocp;
import io.nettypipe.testing.PipeTest;
import io.nettypipe.testing.TestPipe;
import io.nettypipe.vertx.NamedPipeTransport;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.model.TestSystem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Vert.x on pipes, as a user of integration-vertx sets it up. */
@PipeTest
class VertxTest {
    private final Win32 win32 = TestSystem.open();
    private final SocketAddress pipe = SocketAddress.domainSocketAddress(NamedPipeAddress.ephemeral().path());
    private final List<Vertx> all = new ArrayList<>();
    private final Vertx vertx = start(NamedPipeTransport.create(TestIocp.newFactory(win32)));
    /** Kept, because Vert.x closes a client that the garbage collector finds, and what it is just connecting. */
    private final NetClient client = vertx.createNetClient();

    private Vertx start(NamedPipeTransport transport) {
        Vertx started = Vertx.builder().with(new VertxOptions().setEventLoopPoolSize(2)).withTransport(transport)
                .build();
        all.add(started);
        return started;
    }

    @AfterEach
    void stop() throws Exception {
        for (Vertx started : all) {
            await(started.close());
        }
        TestSystem.close(win32);
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(TestPipe.SECONDS, TimeUnit.SECONDS);
    }

    private static Throwable failure(Future<?> future) {
        return assertThrows(Exception.class, () -> await(future)).getCause();
    }

    @Test
    @Tag("long")
    void httpServerAndClient_onAPipe_requestAndAnswer() throws Exception {
        await(vertx.createHttpServer().requestHandler(request -> request.response().end(
                request.authority() + request.uri() + " at " + request.localAddress())).listen(pipe));
        HttpClient http = vertx.createHttpClient();
        Future<Buffer> body = http.request(new RequestOptions().setServer(pipe).setHost("localhost")
                .setURI("/greeting")).compose(request -> request.send()).compose(HttpClientResponse::body);
        assertEquals("localhost/greeting at " + pipe, await(body).toString());
        await(http.close());
    }

    @Test
    void netServerAndClient_onAPipe_carryBytesAndKnowTheChannel() throws Exception {
        CompletableFuture<Object> channel = new CompletableFuture<>();
        await(vertx.createNetServer().connectHandler(socket -> {
            channel.complete(((NetSocketInternal) socket).channelHandlerContext().channel());
            socket.pipeTo(socket);
        }).listen(pipe));
        NetSocket socket = await(client.connect(pipe));
        assertEquals(pipe, socket.remoteAddress());
        CompletableFuture<Buffer> echo = new CompletableFuture<>();
        Buffer all = Buffer.buffer();
        socket.handler(part -> {
            if (all.appendBuffer(part).length() == 100_000) {
                echo.complete(all);
            }
        });
        Buffer sent = Buffer.buffer("0123456789".repeat(10_000));
        await(socket.write(sent));
        assertEquals(sent, echo.get(TestPipe.SECONDS, TimeUnit.SECONDS));
        assertTrue(assertInstanceOf(NamedPipeChannel.class, channel.get()).peer().get().processId() > 0);
        await(socket.close());
    }

    @Test
    void pipes_thatAreNotThereOrOfOthers_failAsEverywhere() throws Exception {
        Throwable absent = failure(client.connect(pipe));
        assertInstanceOf(ConnectException.class, absent);
        assertTrue(absent.getMessage().contains(pipe.path()), absent::toString);
        await(vertx.createNetServer().connectHandler(NetSocket::close).listen(pipe));
        Vertx careful = start(NamedPipeTransport.create(TestIocp.newFactory(win32))
                .withClientOption(NamedPipeChannelOption.SERVER_OWNER, NamedPipeOwner.localSystem()));
        NetClient carefulClient = careful.createNetClient();
        assertInstanceOf(NamedPipeOwnerException.class, failure(carefulClient.connect(pipe)));
        await(carefulClient.close());
        SocketAddress file = SocketAddress.domainSocketAddress("/tmp/socket");
        for (Future<?> noPipe : List.of(client.connect(file),
                vertx.createNetServer().connectHandler(NetSocket::close).listen(file))) {
            assertTrue(failure(noPipe).getMessage().contains("/tmp/socket"), () -> failure(noPipe).toString());
        }
    }

    @Test
    void tcp_failsSayingThatAnotherVertxHasIt() {
        for (Future<?> tcp : List.of(client.connect(1, "localhost"),
                vertx.createNetServer().connectHandler(NetSocket::close).listen(0),
                vertx.createHttpServer().requestHandler(request -> { }).listen(0))) {
            assertTrue(failure(tcp).getMessage().contains("no TCP"), () -> failure(tcp).toString());
        }
    }

    @Test
    @Tag("long")
    void tcp_ofAnotherVertxBesideIt_reachesAPipeThroughThisOne() throws Exception {
        await(vertx.createNetServer().connectHandler(socket -> socket.pipeTo(socket)).listen(pipe));
        Vertx tcp = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        all.add(0, tcp);
        int port = await(tcp.createNetServer().connectHandler(outside -> {
            outside.pause();
            client.connect(pipe).onSuccess(inside -> {
                inside.pipeTo(outside);
                outside.pipeTo(inside);
            });
        }).listen(0, "127.0.0.1")).actualPort();
        NetClient tcpClient = tcp.createNetClient();
        NetSocket socket = await(tcpClient.connect(port, "127.0.0.1"));
        CompletableFuture<Buffer> echo = new CompletableFuture<>();
        socket.handler(echo::complete);
        await(socket.write("there and back"));
        assertEquals("there and back", echo.get(TestPipe.SECONDS, TimeUnit.SECONDS).toString());
        await(tcpClient.close());
    }
}
