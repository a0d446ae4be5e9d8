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
package io.nettypipe.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nettypipe.channel.NamedPipeMode;
import io.nettypipe.testing.WindowsTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The C client of Windows' documentation against our server; byte mode is the control of message mode. */
@WindowsTest
@Timeout(120)
final class CClientTest extends OnePipe {
    private static final int UNLIMITED = 255;

    @ParameterizedTest
    @EnumSource
    void cClient_sendingOneMessage_getsItBack(NamedPipeMode mode) throws Exception {
        exchange(mode, Messages.of(1, 64), 512);
    }

    @ParameterizedTest
    @EnumSource
    void cClient_sendingAThousandMessages_getsEachBack(NamedPipeMode mode) throws Exception {
        exchange(mode, Messages.varying(1000, 2000), 512);
    }

    @ParameterizedTest
    @EnumSource
    void cClient_withABufferSmallerThanTheReply_readsItInParts(NamedPipeMode mode) throws Exception {
        Map<String, Long> result = exchange(mode, Messages.of(3, 10_000), 512);
        assertTrue(result.get("parts") >= 3 * 20, result::toString);
    }

    @ParameterizedTest
    @EnumSource
    void cClient_sendingAMessageOfAMegabyte_getsItBack(NamedPipeMode mode) throws Exception {
        exchange(mode, Messages.of(2, 1024 * 1024 + 1), 65_536);
    }

    @ParameterizedTest
    @EnumSource
    void cClient_writingAllBeforeItReads_getsEachBack(NamedPipeMode mode) throws Exception {
        exchange(mode, Messages.varying(500, 3000), 700, "burst=1");
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource
    void thirtyTwoCClients_againstFourInstances_areAllServedInTurn(NamedPipeMode mode) throws Exception {
        int count = 32;
        int instances = 4;
        Messages messages = Messages.varying(20, 1500);
        CompletableFuture<Void> gate = new CompletableFuture<>();
        CountDownLatch waiting = new CountDownLatch(count - instances);
        List<CProgram> clients = new ArrayList<>();
        try (EchoServerUnderTest server = new EchoServerUnderTest(group, address, mode, instances, gate)) {
            for (int id = 0; id < count; id++) {
                CProgram client = CProgram.client(address.name(), arguments(mode, messages.from(id), 512));
                clients.add(client);
                client.said("waiting").thenRun(waiting::countDown);
            }
            assertTrue(waiting.await(60, TimeUnit.SECONDS), () -> waiting.getCount() + " clients do not wait");
            assertTrue(server.awaitAccepted(instances), "not as many are accepted as there are instances");
            // Later it cannot be seen: a closed channel's instance serves the next client before closeFuture() says so.
            assertEquals(instances, server.transcripts().size());
            gate.complete(null);
            long waits = 0;
            for (CProgram client : clients) {
                waits += client.success().get("waits");
            }
            assertTrue(waits >= count - instances, "only " + waits + " waits");
            Set<List<ByteBuffer>> expected = new HashSet<>();
            for (int id = 0; id < count; id++) {
                expected.add(messages.from(id).expected(mode));
            }
            assertEquals(expected, read(server));
        } finally {
            clients.forEach(CProgram::close);
        }
    }

    /** One client's exchange: checked by the client for itself, and here for the server. */
    private Map<String, Long> exchange(NamedPipeMode mode, Messages messages, int buffer, String... more)
            throws Exception {
        List<String> arguments = arguments(mode, messages, buffer);
        arguments.addAll(List.of(more));
        CompletableFuture<Void> openGate = CompletableFuture.completedFuture(null);
        try (EchoServerUnderTest server = new EchoServerUnderTest(group, address, mode, UNLIMITED, openGate);
             CProgram client = CProgram.client(address.name(), arguments)) {
            Map<String, Long> result = client.success();
            assertEquals(messages.count(), result.get("messages"));
            assertEquals(messages.bytes(), result.get("bytes"));
            if (mode == NamedPipeMode.MESSAGE) {
                assertEquals(messages.parts(buffer), result.get("parts"));
            }
            assertEquals(Set.of(messages.expected(mode)), read(server));
            return result;
        }
    }

    private static List<String> arguments(NamedPipeMode mode, Messages messages, int buffer) {
        List<String> arguments = new ArrayList<>(messages.arguments());
        arguments.add(mode == NamedPipeMode.MESSAGE ? "mode=message" : "mode=byte");
        arguments.add("buffer=" + buffer);
        return arguments;
    }

    /** What the server read on each of its connections, all of which have ended. */
    private static Set<List<ByteBuffer>> read(EchoServerUnderTest server) throws Exception {
        Set<List<ByteBuffer>> read = new HashSet<>();
        for (Transcript transcript : server.transcripts()) {
            transcript.ended().get(30, TimeUnit.SECONDS);
            read.add(transcript.read());
        }
        return read;
    }
}
