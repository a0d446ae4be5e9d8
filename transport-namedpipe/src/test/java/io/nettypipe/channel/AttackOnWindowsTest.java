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
package io.nettypipe.channel;

import io.netty.channel.ChannelInboundHandlerAdapter;
import io.nettypipe.testing.WindowsTest;
import io.nettypipe.win32.OtherCaller;
import io.nettypipe.win32.SystemVersion;
import io.nettypipe.win32.SystemWin32;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.BindException;
import java.nio.file.AccessDeniedException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

/**
 * Who is let in and who may serve, with two users on Windows itself: the other one's event loop has another token. Of
 * what {@link AttackTest} has on the model, the part that is the system's.
 */
@WindowsTest
class AttackOnWindowsTest {

    @BeforeEach
    void requireASystemThatLooks() {
        SystemVersion.wine().ifPresent(wine -> Assumptions.abort("Wine " + wine + " lets everybody in, whatever the "
                + "descriptor says; what it answers is held by the contract tests on identity (F124, F240)"));
    }

    @Test
    void anotherUser_ofAPipe_isLetInAndServesAsTheDescriptorSays() throws Exception {
        try (PipeFixture own = serve(NamedPipeSecurity.currentUser());
             PipeFixture all = serve(NamedPipeSecurity.authenticatedUsers())) {
            as(OtherCaller.OF_ANOTHER_USER, theirs -> {
                assertDenied(theirs, own);
                assertServes(theirs, all);
                ExecutionException failed = assertThrows(ExecutionException.class, () -> theirs.serverBootstrap()
                        .option(NamedPipeChannelOption.FIRST_INSTANCE, false).bind(all.address).get());
                assertInstanceOf(BindException.class, failed.getCause());
                return null;
            });
        }
    }

    @Test
    void sandbox_ofThisUser_isLetInByThePipesLevel() throws Exception {
        try (PipeFixture unlabelled = serve(NamedPipeSecurity.currentUser());
             PipeFixture low = serve(NamedPipeSecurity.builder().currentUser()
                     .integrity(NamedPipeIntegrity.LOW).build())) {
            as(OtherCaller.OF_LOW_INTEGRITY, theirs -> {
                assertDenied(theirs, unlabelled);
                assertServes(theirs, low);
                return null;
            });
        }
    }

    private interface Task {
        Object run(PipeFixture theirs) throws Exception;
    }

    private static void as(OtherCaller caller, Task task) throws Exception {
        try (PipeFixture theirs = new PipeFixture(1, SystemWin32.get())) {
            theirs.group.submit((Callable<Object>) () -> {
                caller.begin(SystemWin32.get());
                return null;
            }).get();
            try {
                task.run(theirs);
            } finally {
                theirs.group.submit(SystemWin32.get().identity()::revertToSelf).get();
            }
        }
    }

    private static PipeFixture serve(NamedPipeSecurity security) throws Exception {
        PipeFixture pipes = new PipeFixture(1, SystemWin32.get());
        return pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.SECURITY, security));
    }

    private static void assertServes(PipeFixture theirs, PipeFixture server) throws Exception {
        Peer client = new Peer(null);
        client.channel = theirs.clientBootstrap(client)
                .option(NamedPipeChannelOption.SERVER_OWNER, NamedPipeOwner.currentUser().alone())
                .connect(server.address).sync().channel();
        client.send("hello").sync();
        assertEquals("hello", server.accept().readText(5));
        client.channel.close().sync();
    }

    private static void assertDenied(PipeFixture theirs, PipeFixture server) {
        ExecutionException failed = assertThrows(ExecutionException.class,
                () -> theirs.clientBootstrap(new ChannelInboundHandlerAdapter()).connect(server.address).get());
        assertInstanceOf(AccessDeniedException.class, failed.getCause().getCause());
    }
}
