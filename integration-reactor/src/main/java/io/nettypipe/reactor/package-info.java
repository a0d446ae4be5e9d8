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
/**
 * Reactor Netty on named pipes, and what is built on it: Spring's {@code WebClient} and Spring Boot's reactive server.
 * <pre>{@code
 * import io.nettypipe.channel.NamedPipeAddress;
 * import io.nettypipe.reactor.NamedPipeLoopResources;
 * import io.nettypipe.reactor.NamedPipeReactor;
 * import reactor.core.publisher.Mono;
 * import reactor.netty.DisposableServer;
 *
 * public class ReactorOnAPipe {
 *     public static void main(String[] args) {
 *         NamedPipeLoopResources loops = NamedPipeLoopResources.create("pipes");
 *         DisposableServer server = NamedPipeReactor.httpServer(loops, NamedPipeAddress.of("orders"))
 *             .route(routes -> routes.get("/today", (request, response) -> response.sendString(Mono.just("none"))))
 *             .bindNow();
 *         System.out.println(NamedPipeReactor.httpClient(loops)
 *             .get().uri("http://orders.pipe/today").responseContent().aggregate().asString().block());
 *         server.disposeNow();
 *         loops.disposeLater().block();
 *     }
 * }
 * }</pre>
 */
package io.nettypipe.reactor;
