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

import io.nettypipe.testing.PipeTest;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

@PipeTest
class ShutdownTest {

    /** The loop may be at its tasks then, and end without looking for I/O once more. */
    @Test
    void shutdown_withoutAQuietPeriod_everyHandlerIsToldOnceThatItsChannelClosed() throws Exception {
        for (int round = 0; round < 50; round++) {
            try (PipeFixture pipes = new PipeFixture(2).serve()) {
                List<Peer> all = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    all.add(pipes.connect());
                    all.add(pipes.accept());
                }
                pipes.group.shutdownGracefully(0, PipeFixture.SECONDS, TimeUnit.SECONDS).sync();
                assertFalse(pipes.server.isOpen());
                for (Peer peer : all) {
                    assertFalse(peer.channel.isOpen());
                    assertEquals("[active, inactive]", peer.events.toString());
                }
            }
        }
    }
}
