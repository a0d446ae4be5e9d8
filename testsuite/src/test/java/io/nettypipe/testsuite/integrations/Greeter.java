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
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;

import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * The service of ASP.NET Core's template: {@code package greet; service Greeter { rpc SayHello (HelloRequest) returns
 * (HelloReply); }}. Each message is a string of number 1 and nothing else, as Protobuf's own {@code StringValue} is, so
 * this needs no compiler of it. {@code Chat} is not in the template.
 */
final class Greeter {
    static final MethodDescriptor<StringValue, StringValue> SAY_HELLO =
            method("SayHello", MethodDescriptor.MethodType.UNARY);
    static final MethodDescriptor<StringValue, StringValue> CHAT =
            method("Chat", MethodDescriptor.MethodType.BIDI_STREAMING);

    private Greeter() {
    }

    private static MethodDescriptor<StringValue, StringValue> method(String name, MethodDescriptor.MethodType type) {
        return MethodDescriptor.<StringValue, StringValue>newBuilder().setType(type)
                .setFullMethodName(MethodDescriptor.generateFullMethodName("greet.Greeter", name))
                .setRequestMarshaller(ProtoUtils.marshaller(StringValue.getDefaultInstance()))
                .setResponseMarshaller(ProtoUtils.marshaller(StringValue.getDefaultInstance())).build();
    }

    /** Answers each request with what the greeting makes of it. */
    static ServerServiceDefinition service(UnaryOperator<String> greeting) {
        return ServerServiceDefinition.builder("greet.Greeter")
                .addMethod(SAY_HELLO, ServerCalls.asyncUnaryCall((request, answer) -> {
                    answer.onNext(StringValue.of(greeting.apply(request.getValue())));
                    answer.onCompleted();
                }))
                .addMethod(CHAT, ServerCalls.asyncBidiStreamingCall(answer -> observer(
                        value -> answer.onNext(StringValue.of(greeting.apply(value))),
                        answer::onError, answer::onCompleted)))
                .build();
    }

    static StreamObserver<StringValue> observer(Consumer<String> values, Consumer<Throwable> error, Runnable end) {
        return new StreamObserver<>() {
            @Override
            public void onNext(StringValue value) {
                values.accept(value.getValue());
            }

            @Override
            public void onError(Throwable t) {
                error.accept(t);
            }

            @Override
            public void onCompleted() {
                end.run();
            }
        };
    }
}
