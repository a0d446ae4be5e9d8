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

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.nettypipe.iocp.IocpIoHandler;
import io.nettypipe.testing.WindowsTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.function.Executable;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class NamedPipeTest {

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "says what other systems answer")
    void isAvailable_notWindows_saysWhyAndNothingElseBreaks() {
        assertFalse(NamedPipe.isAvailable());
        Throwable cause = NamedPipe.unavailabilityCause();
        assertTrue(cause.getMessage().contains(System.getProperty("os.name")), cause::toString);
        assertSame(cause, assertThrows(UnsatisfiedLinkError.class, NamedPipe::ensureAvailability).getCause());
        assertSame(cause, assertThrows(UnsatisfiedLinkError.class, IocpIoHandler::newFactory).getCause());
        assertNotNull(NamedPipeAddress.of("x"));
        assertNotNull(NioIoHandler.newFactory());
        new NamedPipeChannel().unsafe().closeForcibly();
        new NamedPipeServerChannel().unsafe().closeForcibly();
    }

    @Test
    @WindowsTest
    void isAvailable_windows_true() {
        assertTrue(NamedPipe.isAvailable());
        assertNull(NamedPipe.unavailabilityCause());
        NamedPipe.ensureAvailability();
    }

    @Test
    @WindowsTest
    void isAvailable_librariesThatCannotBeLoaded_falseWithTheCause() throws Exception {
        List<String> said = OwnJvm.run(Availability.class, "-Djna.nounpack=true");
        assertEquals("[false, false]", said.get(0), said::toString);
        assertTrue(said.get(1).startsWith("java.lang.UnsatisfiedLinkError"), said::toString);
        assertEquals("[the cause, the cause, the cause]", said.get(2), said::toString);
    }

    @Test
    @WindowsTest
    void firstFailure_ofAProcess_loadsNoneOfTheInterfacesOfJnaPlatform() throws Exception {
        List<String> said = OwnJvm.run(Failure.class, "-Xlog:class+load");
        assertTrue(said.stream().anyMatch(line -> line.matches("ConnectException: .*: [^:]+ \\(error 2\\)")),
                said::toString);
        assertEquals(List.of(), said.stream().filter(line -> line.contains("com.sun.jna.platform")).toList());
    }

    /** Says whether the transport is available, in a process of its own. */
    static final class Availability {
        private Availability() {
        }

        public static void main(String[] args) {
            System.out.println(List.of(NamedPipe.isAvailable(), NamedPipe.isAvailable()));
            Throwable cause = NamedPipe.unavailabilityCause();
            System.out.println(String.valueOf(cause).lines().findFirst().orElseThrow());
            new NamedPipeChannel();
            new NamedPipeServerChannel();
            System.out.println(Stream.<Executable>of(NamedPipe::ensureAvailability, IocpIoHandler::newFactory,
                    () -> new NamedPipeChannel(4)).map(use -> assertThrows(UnsatisfiedLinkError.class, use).getCause())
                    .map(reason -> reason == cause ? "the cause" : "another").toList());
        }
    }

    /** Fails to connect, in a process of its own. */
    static final class Failure {
        private Failure() {
        }

        public static void main(String[] args) throws Exception {
            EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, IocpIoHandler.newFactory());
            Throwable cause = new Bootstrap().group(group).channel(NamedPipeChannel.class)
                    .handler(new ChannelInboundHandlerAdapter()).connect(NamedPipeAddress.ephemeral()).await().cause();
            System.out.println(cause.getClass().getSimpleName() + ": " + cause.getMessage());
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }
}
