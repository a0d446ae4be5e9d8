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

import io.netty.channel.nio.NioIoHandler;
import io.nettypipe.iocp.IocpIoHandler;
import io.nettypipe.testing.WindowsTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

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
}
