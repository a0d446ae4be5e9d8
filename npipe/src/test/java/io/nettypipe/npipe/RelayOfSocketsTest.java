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
package io.nettypipe.npipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nettypipe.npipe.Program.Ran;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** {@code npipe relay} between TCP and Unix sockets, which needs no Windows. */
final class RelayOfSocketsTest {
    private static final long SIZE = 4 << 20;

    /** Its path is short: that of a Unix socket has 107 bytes. */
    @TempDir
    private Path folder;

    @Test
    void relay_fromTcpToUnix_carriesBothWaysAndTheHalfClose() throws Exception {
        Path file = folder.resolve("s");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(file));
            CompletableFuture<Void> served = async(() -> {
                try (SocketChannel accepted = server.accept()) {
                    Transfer.server(new ChannelInput(accepted), Channels.newOutputStream(accepted), SIZE);
                }
            });
            try (Program relay = Program.serve("relay", "tcp:0", "unix:" + file);
                 Socket client = new Socket(InetAddress.getLoopbackAddress(), relay.port())) {
                Transfer.client(client, SIZE);
                served.get(1, TimeUnit.MINUTES);
            }
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "a file has no mode there")
    void relay_fromUnixToTcp_letsThisUserInOnlyCarriesTheHalfCloseAndRemovesItsFile() throws Exception {
        Path file = folder.resolve("s");
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            try (Program relay = Program.serve("relay", "unix:" + file, "tcp:" + server.getLocalPort())) {
                assertEquals("Listening on unix:" + file + ", relaying to tcp:" + server.getLocalPort()
                        + ", Ctrl-C stops", relay.greeting());
                assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
                try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(file));
                     Socket accepted = server.accept()) {
                    CompletableFuture<Void> served = async(() -> {
                        Transfer.server(accepted.getInputStream(), accepted.getOutputStream(), SIZE);
                        accepted.shutdownOutput();
                    });
                    Transfer.client(new ChannelInput(client), Channels.newOutputStream(client), client::shutdownOutput,
                            SIZE);
                    served.get(1, TimeUnit.MINUTES);
                }
                Ran another = Program.run("", "relay", "unix:" + file, "tcp:1");
                assertEquals(Failure.DENIED, another.status());
                assertTrue(another.err().get(0).contains("Cannot listen on unix:"), another.err()::toString);
            }
            assertFalse(Files.exists(file));
        }
    }

    @Test
    void relay_whoseTargetIsNotThere_closesTheConnectionAndSaysWhyInOneLine() throws Exception {
        Path file = folder.resolve("nobody");
        try (Program relay = Program.serve("relay", "tcp:0", "unix:" + file);
             Socket client = new Socket(InetAddress.getLoopbackAddress(), relay.port())) {
            assertEquals(-1, client.getInputStream().read());
            assertEquals(1, relay.err().strip().lines().count(), relay.err());
            assertTrue(relay.err().contains("unix:" + file), relay.err());
        }
    }

    @Test
    void relay_whenOneSideLeaves_letsTheOtherHaveWhatItHadSent() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
             Program relay = Program.serve("relay", "tcp:0", "tcp:" + server.getLocalPort());
             Socket client = new Socket(InetAddress.getLoopbackAddress(), relay.port())) {
            byte[] answer = new byte[1 << 20];
            try (Socket accepted = server.accept()) {
                // What the relay has still to send when the server leaves.
                OutputStream out = accepted.getOutputStream();
                out.write(answer);
            }
            assertEquals(answer.length, client.getInputStream().readAllBytes().length);
        }
    }

    @Test
    void relay_whenStopped_saysWhatItCarried() throws Exception {
        Program relay = Program.serve("relay", "tcp:0", "tcp:1");
        relay.close();
        assertEquals("Stopped", relay.nextLine());
        assertEquals(0, relay.status());
        assertEquals("0 relayed, 0 of them open; 0 B sent, 0 B received", relay.err().strip());
    }

    /** Those of {@link Channels} read and write by turns. */
    private static final class ChannelInput extends InputStream {
        private final SocketChannel channel;

        ChannelInput(SocketChannel channel) {
            this.channel = channel;
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return channel.read(ByteBuffer.wrap(bytes, offset, length));
        }
    }

    private interface Body {
        void run() throws Exception;
    }

    private static CompletableFuture<Void> async(Body body) {
        return CompletableFuture.runAsync(() -> {
            try {
                body.run();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
