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

import io.grpc.Channel;
import io.nettypipe.channel.ImpersonationLevel;
import io.nettypipe.channel.NamedPipeChannelOption;
import io.nettypipe.channel.NamedPipeSecurity;
import io.nettypipe.grpc.NamedPipeCaller;
import io.nettypipe.testing.TestPipe;
import io.nettypipe.win32.model.ModelToken;
import io.nettypipe.win32.model.ModelWin32;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Several users call one gRPC server: on the model of Windows only, because a test has one user. */
class GrpcCallersTest {
    private static final ModelToken ALICE = ModelToken.of("S-1-5-21-1-2-3-1001");
    private static final ModelToken BOB = ModelToken.of("S-1-5-21-1-2-3-1002");
    private static final ModelToken CAROL = ModelToken.of("S-1-5-21-1-2-3-1003");

    private final ModelWin32 system = new ModelWin32().as(ALICE);

    @Test
    void callers_ofOneServer_areEachTheirOwnUser() throws Exception {
        try (TestPipe bobs = new TestPipe(1, system.as(BOB).notVerified());
                TestPipe carols = new TestPipe(1, system.as(CAROL).notVerified());
                GrpcPipe pipe = new GrpcPipe(system.as(ALICE).notVerified())) {
            pipe.start(pipe.serverBuilder()
                    .withOption(NamedPipeChannelOption.SECURITY, NamedPipeSecurity.authenticatedUsers())
                    .addService(Greeter.service(name -> name + " is " + actingUser())));
            Channel bob = open(pipe, bobs);
            Channel carol = open(pipe, carols);
            for (int i = 0; i < 3; i++) {
                assertEquals("bob is " + BOB.user(), GrpcPipe.sayHello(bob, "bob"));
                assertEquals("carol is " + CAROL.user(), GrpcPipe.sayHello(carol, "carol"));
            }
            assertEquals(ALICE.user(), system.actingUser());
        }
        system.verify();
    }

    private static Channel open(GrpcPipe pipe, TestPipe client) {
        return pipe.open(pipe.channelBuilder(client.group)
                .withOption(NamedPipeChannelOption.IMPERSONATION_LEVEL, ImpersonationLevel.IMPERSONATION));
    }

    private String actingUser() {
        try {
            NamedPipeCaller caller = NamedPipeCaller.current();
            return caller.impersonate(() -> {
                assertEquals(caller, NamedPipeCaller.current());
                return system.actingUser();
            }).get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
