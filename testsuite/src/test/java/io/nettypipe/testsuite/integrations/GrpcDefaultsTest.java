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

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.nettypipe.channel.NamedPipeAddress;
import io.nettypipe.grpc.NamedPipeGrpc;
import io.nettypipe.testing.AnotherJvm;
import io.nettypipe.testing.TestPipe;
import io.nettypipe.testing.WindowsTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** gRPC on event loops that nobody named: in a JVM of its own, because they stay as long as one. */
@WindowsTest
@Tag("long")
@Timeout(180)
class GrpcDefaultsTest {
    @Test
    void serverAndChannel_withoutEventLoops_shareSomeThatTheProgramNeedNotEnd() throws Exception {
        List<String> command = AnotherJvm.command("-cp", System.getProperty("java.class.path"),
                Program.class.getName());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(process.waitFor(TestPipe.SECONDS, TimeUnit.SECONDS), printed);
            assertEquals(List.of("Hello defaults, true"), printed.lines().toList());
            assertEquals(0, process.exitValue());
        } finally {
            process.destroyForcibly();
        }
    }

    static final class Program {
        public static void main(String[] args) throws Exception {
            NamedPipeAddress pipe = NamedPipeAddress.ephemeral();
            Server server = NamedPipeGrpc.newServerBuilder(pipe, InsecureServerCredentials.create())
                    .addService(Greeter.service(name -> "Hello " + name)).build().start();
            ManagedChannel channel = Grpc.newChannelBuilder("pipe:" + pipe.name(), InsecureChannelCredentials.create())
                    .build();
            String answer = GrpcPipe.sayHello(channel, "defaults");
            channel.shutdown().awaitTermination(TestPipe.SECONDS, TimeUnit.SECONDS);
            System.out.println(answer + ", "
                    + server.shutdown().awaitTermination(TestPipe.SECONDS, TimeUnit.SECONDS));
        }
    }
}
