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

import io.netty.buffer.ByteBuf;
import io.nettypipe.testing.PipeTest;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@PipeTest
class EchoTest {

    @Test
    void byteMode_textSent_textComesBack() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serve()) {
            Peer client = pipes.connect();
            client.send("hello").sync();
            Peer server = pipes.accept();
            assertEquals("hello", server.readText(5));
            server.send("world!").sync();
            assertEquals("world!", client.readText(6));
            client.close();
            server.awaitInactive();
            assertTrue(server.exceptions.isEmpty(), server.exceptions::toString);
        }
    }

    @Test
    void messageMode_messagesOfManySizes_boundariesKept() throws Exception {
        try (PipeFixture pipes = new PipeFixture().serveMessages()) {
            Peer client = pipes.connectMessages();
            Peer server = pipes.accept();
            int[] sizes = {0, 1, 2047, 2048, 2049, 65535, 65536, 65537, 1 << 20, 0, 16 << 20, 5};
            for (int i = 0; i < sizes.length; i++) {
                client.channel.write(new PipeMessage(PipeFixture.pattern(sizes[i], i)));
            }
            client.channel.flush();
            for (int i = 0; i < sizes.length; i++) {
                ByteBuf expected = PipeFixture.pattern(sizes[i], i);
                ByteBuf actual = server.readMessage();
                assertEquals(sizes[i], actual.readableBytes());
                assertEquals(expected, actual);
                expected.release();
                actual.release();
            }
        }
    }
}
