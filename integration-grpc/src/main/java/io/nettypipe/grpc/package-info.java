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
 * gRPC on named pipes. It needs {@code grpc-netty} (not {@code grpc-netty-shaded}, whose Netty is another).
 * <pre>{@code
 * import io.grpc.Grpc;
 * import io.grpc.InsecureChannelCredentials;
 * import io.grpc.InsecureServerCredentials;
 * import io.grpc.ManagedChannel;
 * import io.grpc.Server;
 * import io.grpc.ServerServiceDefinition;
 * import io.nettypipe.channel.NamedPipeAddress;
 * import io.nettypipe.grpc.NamedPipeGrpc;
 *
 * public class GrpcOnAPipe {
 *     static Server serve(ServerServiceDefinition orders) throws Exception {
 *         return NamedPipeGrpc.newServerBuilder(NamedPipeAddress.of("orders"), InsecureServerCredentials.create())
 *             .addService(orders)          // its methods may ask NamedPipeCaller.current() who calls
 *             .build().start();
 *     }
 *
 *     static ManagedChannel connect() {
 *         return Grpc.newChannelBuilder("pipe:orders", InsecureChannelCredentials.create()).build();
 *     }
 * }
 * }</pre>
 */
package io.nettypipe.grpc;
