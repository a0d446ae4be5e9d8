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
 * Vert.x 5 on named pipes.
 * <pre>{@code
 * import io.nettypipe.vertx.NamedPipeTransport;
 * import io.vertx.core.Vertx;
 * import io.vertx.core.http.HttpClient;
 * import io.vertx.core.http.HttpMethod;
 * import io.vertx.core.http.RequestOptions;
 * import io.vertx.core.net.SocketAddress;
 *
 * public class VertxOnAPipe {
 *     public static void main(String[] args) {
 *         Vertx vertx = Vertx.builder().withTransport(NamedPipeTransport.create()).build();
 *         SocketAddress pipe = SocketAddress.domainSocketAddress("\\\\.\\pipe\\orders");
 *         HttpClient client = vertx.createHttpClient();
 *         vertx.createHttpServer()
 *             .requestHandler(request -> request.response().end("none"))
 *             .listen(pipe)
 *             .compose(server -> client.request(new RequestOptions()
 *                 .setServer(pipe).setHost("localhost").setMethod(HttpMethod.GET).setURI("/today")))
 *             .compose(request -> request.send())
 *             .compose(response -> response.body())
 *             .onComplete(body -> System.out.println(body.result()))
 *             .compose(body -> client.close())
 *             .onComplete(done -> vertx.close());
 *     }
 * }
 * }</pre>
 */
package io.nettypipe.vertx;
