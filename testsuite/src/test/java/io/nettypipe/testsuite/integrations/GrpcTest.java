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

import com.google.protobuf.StringValue;
import io.grpc.CallOptions;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.nettypipe.channel.NamedPipeChannelOption;
import io.nettypipe.channel.NamedPipeOwner;
import io.nettypipe.channel.NamedPipeOwnerException;
import io.nettypipe.grpc.NamedPipeCaller;
import io.nettypipe.testing.PipeTest;
import io.nettypipe.testing.TestPipe;
import io.nettypipe.testing.WindowsTest;
import io.nettypipe.win32.model.TestSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import static io.nettypipe.testsuite.integrations.GrpcPipe.sayHello;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** gRPC on a pipe, as a user of integration-grpc sets it up. */
@PipeTest
class GrpcTest {
    private final GrpcPipe pipe = new GrpcPipe(TestSystem.open());

    @AfterEach
    void stop() {
        pipe.close();
    }

    @Test
    void call_onAPipe_isAnsweredAndNamesAHostThatHttpAllows() throws Exception {
        List<String> seen = new ArrayList<>();
        pipe.start(pipe.serverBuilder().addService(Greeter.service(name -> "Hello " + name))
                .intercept(new ServerInterceptor() {
                    @Override
                    public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers,
                            ServerCallHandler<Q, A> next) {
                        seen.add(call.getMethodDescriptor().getFullMethodName() + " of " + call.getAuthority());
                        return next.startCall(call, headers);
                    }
                }));
        assertEquals("Hello world", sayHello(pipe.open(), "world"));
        assertEquals(List.of("greet.Greeter/SayHello of localhost"), seen);
    }

    @Test
    @WindowsTest
    void target_ofSchemePipe_reachesTheServer() throws Exception {
        pipe.start(pipe.serverBuilder().addService(Greeter.service(name -> "Hello " + name)));
        for (String name : List.of(pipe.address.name(), pipe.address.toUri().getSchemeSpecificPart())) {
            NettyChannelBuilder builder = (NettyChannelBuilder) Grpc.newChannelBuilder("pipe:" + name,
                    InsecureChannelCredentials.create());
            assertEquals("Hello " + name, sayHello(pipe.open(builder.eventLoopGroup(pipe.group)), name));
        }
    }

    @Test
    @WindowsTest
    void target_thatIsNoPipesName_isRefusedNamingIt() {
        String message = assertThrows(IllegalArgumentException.class, () -> pipe.open(
                Grpc.newChannelBuilder("pipe:///etc/orders", InsecureChannelCredentials.create()))).getMessage();
        assertTrue(message.contains("/etc/orders"), message);
    }

    @Test
    void chat_ofManyLongMessagesBothWays_keepsThemAllInOrder() throws Exception {
        pipe.start(pipe.serverBuilder().addService(Greeter.service(text -> "re: " + text)));
        List<String> answers = new ArrayList<>();
        CompletableFuture<List<String>> all = new CompletableFuture<>();
        StreamObserver<StringValue> chat = ClientCalls.asyncBidiStreamingCall(
                pipe.open().newCall(Greeter.CHAT, CallOptions.DEFAULT),
                Greeter.observer(answers::add, all::completeExceptionally, () -> all.complete(answers)));
        List<String> texts = IntStream.range(0, 100)
                .mapToObj(i -> Integer.toString(i).repeat(100_000 / (i + 1))).toList();
        texts.forEach(text -> chat.onNext(StringValue.of(text)));
        chat.onCompleted();
        assertEquals(texts.stream().map(text -> "re: " + text).toList(),
                all.get(TestPipe.SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void caller_ofACall_isTheClientAtTheOtherEnd() throws Exception {
        pipe.start(pipe.serverBuilder().addService(Greeter.service(name -> {
            try {
                NamedPipeCaller caller = NamedPipeCaller.current();
                return name + caller.peer().get().processId() + ", user " + caller.user().get().sid();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        })));
        String answer = sayHello(pipe.open(), "process ");
        assertTrue(answer.matches("process \\d+, user S-1-.*"), answer);
        if (TestSystem.isReal()) {
            assertTrue(answer.startsWith("process " + ProcessHandle.current().pid() + ","), answer);
        }
        assertThrows(IllegalStateException.class, NamedPipeCaller::current);
    }

    @Test
    void call_withoutAServer_isUnavailableAndNamesThePipe() {
        Status status = assertThrows(StatusRuntimeException.class, () -> sayHello(pipe.open(), "nobody")).getStatus();
        assertEquals(Status.Code.UNAVAILABLE, status.getCode());
        assertInstanceOf(ConnectException.class, status.getCause());
        assertTrue(status.getCause().getMessage().contains(pipe.address.path()), status::toString);
    }

    @Test
    void call_toAServerOfAnotherOwner_isNotSent() throws Exception {
        pipe.start(pipe.serverBuilder().addService(Greeter.service(name -> {
            throw new AssertionError(name);
        })));
        Status status = assertThrows(StatusRuntimeException.class, () -> sayHello(pipe.open(
                pipe.channelBuilder(pipe.group)
                        .withOption(NamedPipeChannelOption.SERVER_OWNER, NamedPipeOwner.localSystem())), "secret"))
                .getStatus();
        assertInstanceOf(NamedPipeOwnerException.class, status.getCause(), status::toString);
    }
}
