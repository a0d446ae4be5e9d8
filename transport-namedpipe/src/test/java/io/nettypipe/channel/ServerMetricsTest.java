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

import io.netty.channel.ChannelOption;
import io.nettypipe.testing.LogLines;
import io.nettypipe.testing.PipeTest;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.model.TestSystem;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.logging.Level;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What an operator sees of a server: its counts, and its lines at debug level. */
@PipeTest
class ServerMetricsTest {
    private static final int NO_SYSTEM_RESOURCES = 1450;

    @Test
    void server_acceptsIsRefusedAndLingers_countsAndLogsIt() throws Exception {
        Win32 target = TestSystem.open();
        FaultyWin32 faulty = new FaultyWin32(target);
        LogLines lines = new LogLines("io.nettypipe.channel", Level.FINE);
        try (PipeFixture pipes = new PipeFixture(2, faulty.win32)) {
            pipes.serve(pipes.serverBootstrap().option(ChannelOption.SO_BACKLOG, 1));
            NamedPipeServerMetrics metrics = ((NamedPipeServerChannel) pipes.server).metrics();
            Peer client = pipes.connect(NamedPipeMode.BYTE, false);
            Peer server = pipes.accept();
            assertEquals(List.of(1L, 0L, 0L, 0L), counts(metrics));
            assertHas(lines, "accepted [id: 0x" + server.channel.id().asShortText());

            server.channel.writeAndFlush(PipeFixture.pattern(200_000, 1));
            server.channel.close().sync();
            assertEquals(List.of(1L, 0L, 0L, 1L), counts(metrics));
            assertHas(lines, " is closed, and its handle waits");
            client.channel.config().setAutoRead(true);
            client.read(200_000).release();
            client.awaitInactive();
            ReadTest.flushLoop(server);
            assertEquals(List.of(1L, 0L, 0L, 0L), counts(metrics));

            faulty.armAll("createNamedPipe", NO_SYSTEM_RESOURCES);
            Peer last = pipes.connect();
            while (faulty.failed() < 2) {
                Thread.onSpinWait();
            }
            faulty.disarm();
            assertTrue(metrics.refusedCalls() > 0 && metrics.retries() > 0, metrics::toString);
            assertHas(lines, "CreateNamedPipe failed: ");

            Peer aborts = pipes.accept();
            aborts.channel.config().setOption(ChannelOption.SO_LINGER, 0);
            aborts.channel.close().sync();
            last.awaitInactive();
            ReadTest.flushLoop(aborts);
            assertHas(lines, " ends as an abort");
            assertEquals(2, metrics.acceptedChannels());
        } finally {
            lines.close();
        }
        TestSystem.close(target);
    }

    private static List<Long> counts(NamedPipeServerMetrics metrics) {
        return List.of(metrics.acceptedChannels(), metrics.refusedCalls(), metrics.retries(),
                metrics.lingeringChannels());
    }

    private static void assertHas(LogLines log, String text) {
        assertTrue(log.lines().stream().anyMatch(line -> line.contains(text)), () -> log.lines().toString());
    }
}
