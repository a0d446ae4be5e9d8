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

import io.netty.util.concurrent.Future;
import io.nettypipe.testing.PipeTest;
import io.nettypipe.win32.Win32Error;
import org.junit.jupiter.api.Test;

import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Who is at the other end, and acting as it. What takes two users is in {@link ImpersonationTest}. */
@PipeTest
class PeerLookupTest {

    @Test
    void peer_ofEachEnd_isThisProcessAndOnTheClientTheOwner() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            NamedPipeChannel client = channel(pipes.connect());
            NamedPipeChannel server = channel(pipes.accept());
            NamedPipePeer ofClient = client.peer().get();
            NamedPipePeer ofServer = server.eventLoop().submit(() -> {
                // On the event loop the answer is there at once.
                Future<NamedPipePeer> answer = server.peer();
                assertTrue(answer.isSuccess());
                return answer.getNow();
            }).get();
            long own = ProcessHandle.current().pid();
            assertEquals(own, ofClient.processId());
            assertEquals(own, ofServer.processId());
            assertEquals(ofClient.sessionId(), ofServer.sessionId());
            assertEquals(pipes.win32.identity().processUser(), ofClient.ownerSid());
            assertNull(ofServer.ownerSid());
            assertTrue(ofClient.toString().contains(ofClient.ownerSid()), ofClient.toString());
        }
    }

    @Test
    void peer_ofAServerThatOnlyWrites_isKnown() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.serve(pipes.serverBootstrap().option(NamedPipeChannelOption.DIRECTION, NamedPipeDirection.OUTBOUND));
            Peer client = new Peer(null);
            client.channel = pipes.clientBootstrap(client)
                    .option(NamedPipeChannelOption.DIRECTION, NamedPipeDirection.INBOUND).connect(pipes.address).sync()
                    .channel();
            NamedPipeChannel server = channel(pipes.accept());
            assertEquals(ProcessHandle.current().pid(), server.peer().get().processId());
            // Nothing is ever read here; but this transport's clients say a level, and so are known before.
            String sid = pipes.win32.identity().processUser();
            assertEquals(sid, server.peerUser().get().sid());
            assertEquals("done", server.eventLoop().submit(() -> server.impersonate(() -> "done")).get());
            client.close();
        }
    }

    @Test
    void peerUser_afterSomethingWasRead_isThisUserByNameAndSid() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            NamedPipeChannel server = talked(pipes);
            NamedPipeUser user = server.peerUser().get();
            String sid = pipes.win32.identity().processUser();
            assertEquals(sid, user.sid());
            assertEquals(pipes.win32.identity().accountName(sid), user.name());
            assertEquals(user.name() + " (" + sid + ')', user.toString());
        }
    }

    @Test
    void peer_ofAChannelThatIsNotConnected_failsSayingWhy() throws Exception {
        NamedPipeChannel never = new NamedPipeChannel();
        assertInstanceOf(IllegalStateException.class, failure(never.peer()));
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer peer = new Peer(null);
            NamedPipeChannel registered =
                    (NamedPipeChannel) pipes.clientBootstrap(peer).register().sync().channel();
            assertInstanceOf(NotYetConnectedException.class, failure(registered.peer()));
            registered.close().sync();
            assertInstanceOf(ClosedChannelException.class, failure(registered.peer()));
            assertInstanceOf(ClosedChannelException.class, failure(registered.peerUser()));
            assertThrows(ClosedChannelException.class, () -> registered.impersonate(() -> 1));
        }
    }

    @Test
    void peer_askedByOthersWhileItCloses_hasAnAnswerOrIsClosed() throws Exception {
        try (PipeFixture pipes = new PipeFixture(2).serve()) {
            for (int round = 0; round < 30; round++) {
                NamedPipeChannel client = channel(pipes.connect());
                NamedPipeChannel server = channel(pipes.accept());
                List<Future<?>> answers = new ArrayList<>();
                server.close();
                for (int i = 0; i < 10; i++) {
                    answers.add(client.peer());
                    answers.add(server.peer());
                    answers.add(server.peerUser());
                }
                client.close();
                answers.add(client.peer());
                for (Future<?> answer : answers) {
                    assertTrue(answer.await(PipeFixture.SECONDS, TimeUnit.SECONDS));
                    Throwable cause = answer.cause();
                    // The client may have been disconnected.
                    assertTrue(cause == null || cause instanceof ClosedChannelException
                            || cause instanceof NamedPipeException, () -> String.valueOf(cause));
                }
            }
        }
    }

    @Test
    void impersonate_onTheEventLoop_actsAsTheClientAndReverts() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            NamedPipeChannel server = talked(pipes);
            Exception thrown = new Exception("thrown by the task");
            onLoop(server, () -> {
                assertEquals("result", server.impersonate(() -> {
                    assertActing(pipes, true);
                    return "result";
                }));
                assertActing(pipes, false);
                assertSame(thrown, assertThrows(Exception.class, () -> server.impersonate(() -> {
                    assertActing(pipes, true);
                    throw thrown;
                })));
                assertActing(pipes, false);
                return null;
            });
        }
    }

    @Test
    void impersonate_withinAnother_revertsToThatOne() throws Exception {
        try (PipeFixture pipes = new PipeFixture(1).serve()) {
            NamedPipeChannel outer = talked(pipes);
            NamedPipeChannel inner = talked(pipes);
            onLoop(outer, () -> {
                outer.impersonate(() -> {
                    inner.impersonate(() -> {
                        assertActing(pipes, true);
                        return null;
                    });
                    assertActing(pipes, true);
                    assertThrows(NumberFormatException.class, () -> inner.impersonate(() -> Integer.parseInt("no")));
                    assertActing(pipes, true);
                    return null;
                });
                assertActing(pipes, false);
                return null;
            });
        }
    }

    @Test
    void impersonate_andCloseTheChannel_closesItAfterwardsAndReverts() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            NamedPipeChannel server = talked(pipes);
            onLoop(server, () -> {
                server.impersonate(() -> {
                    server.close();
                    assertTrue(server.isOpen());
                    return null;
                });
                assertActing(pipes, false);
                return null;
            });
            server.closeFuture().sync();
            onLoop(server, () -> assertThrows(ClosedChannelException.class, () -> server.impersonate(() -> 1)));
            pipes.connect().send("x").sync();
            assertEquals("x", pipes.accept().readText(1));
        }
    }

    @Test
    void impersonate_elsewhereOrOnAClient_refusedAndNothingRuns() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            NamedPipeChannel client = channel(pipes.connect());
            NamedPipeChannel server = channel(pipes.accept());
            AtomicBoolean ran = new AtomicBoolean();
            Callable<Void> task = () -> {
                ran.set(true);
                return null;
            };
            assertThrows(IllegalStateException.class, () -> server.impersonate(task));
            assertThrows(IllegalStateException.class, () -> client.impersonate(task));
            assertThrows(IllegalStateException.class, () -> new NamedPipeChannel().impersonate(task));
            onLoop(client, () -> assertThrows(UnsupportedOperationException.class, () -> client.impersonate(task)));
            assertThrows(NullPointerException.class, () -> server.impersonate(null));
            assertInstanceOf(UnsupportedOperationException.class, failure(client.peerUser()));
            assertFalse(ran.get());
        }
    }

    /** Whether the thread acts as somebody, who is this user in any case. */
    private static void assertActing(PipeFixture pipes, boolean acting) throws Exception {
        long token = pipes.win32.identity().openThreadToken();
        if (acting) {
            assertEquals(pipes.win32.identity().processUser(), pipes.win32.identity().userOf(token));
            assertEquals(Win32Error.ERROR_SUCCESS, pipes.win32.closeHandle(token));
        } else {
            assertEquals(-Win32Error.ERROR_NO_TOKEN, token);
        }
    }

    /** The server's end of a connection, which has read something. */
    private static NamedPipeChannel talked(PipeFixture pipes) throws Exception {
        pipes.connect().send("hello").sync();
        Peer server = pipes.accept();
        assertEquals("hello", server.readText(5));
        return channel(server);
    }

    private static NamedPipeChannel channel(Peer peer) {
        return (NamedPipeChannel) peer.channel;
    }

    private static void onLoop(NamedPipeChannel channel, Callable<?> task) throws Exception {
        channel.eventLoop().submit(task).get();
    }

    private static Throwable failure(Future<?> future) {
        return assertThrows(ExecutionException.class, future::get).getCause();
    }
}
