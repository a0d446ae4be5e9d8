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
 * The named-pipe transport: {@linkplain io.nettypipe.channel channels} on an {@linkplain io.nettypipe.iocp event loop}
 * that waits at an I/O completion port.
 * <p>
 * The calls of the system are JNA's to make, and the JVM wants to be told who may make them:
 * <pre>
 * java --enable-native-access=io.nettypipe.transport,com.sun.jna -p lib -m my.program/my.program.Main
 * </pre>
 * The package {@code io.nettypipe.win32} below the two is internal, and exported to nobody.
 */
module io.nettypipe.transport {
    requires transitive io.netty.buffer;
    requires transitive io.netty.common;
    requires transitive io.netty.transport;
    requires transitive io.netty.transport.unix.common;
    requires com.sun.jna;
    // of it constants, which the compiler copies
    requires static com.sun.jna.platform;
    // for META-INF/services: "provides" would need it at run time
    requires static reactor.blockhound;

    exports io.nettypipe.channel;
    exports io.nettypipe.iocp;
}
