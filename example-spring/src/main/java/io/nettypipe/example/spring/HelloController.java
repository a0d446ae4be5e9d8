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
package io.nettypipe.example.spring;

import io.netty.util.concurrent.Future;
import io.nettypipe.channel.NamedPipeChannel;
import io.nettypipe.channel.NamedPipeUser;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/** Knows nothing of pipes, but for who is at the other end of one. */
@RestController
class HelloController {
    @GetMapping("/hello/{name}")
    Mono<String> hello(@PathVariable("name") String name) {
        return Mono.just("Hello, " + name + "!");
    }

    /** The user that the client runs as, by its token: nothing that a request could claim. */
    @GetMapping("/whoami")
    Mono<String> whoami(ServerHttpRequest request) {
        HttpServerRequest received = ServerHttpRequestDecorator.getNativeRequest(request);
        return Mono.create(sink -> received.withConnection(connection ->
                ((NamedPipeChannel) connection.channel()).peerUser().addListener((Future<NamedPipeUser> user) -> {
                    if (user.isSuccess()) {
                        sink.success(user.getNow().toString());
                    } else {
                        sink.error(user.cause());
                    }
                })));
    }
}
