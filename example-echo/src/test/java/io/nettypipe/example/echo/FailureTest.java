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
package io.nettypipe.example.echo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.ConnectTimeoutException;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.nio.file.AccessDeniedException;

/** Each exception of the transport becomes a status and one line that names the pipe and says what to do. */
final class FailureTest {
    private static final String PATH = "\\\\.\\pipe\\orders";

    @Test
    void missingPipe_isToldHowToStartAServer() {
        expect(new ConnectException("no such pipe"), Failure.NO_SERVER, "start a server");
    }

    @Test
    void busyPipe_isToldToWaitLonger() {
        expect(new ConnectTimeoutException("busy"), Failure.BUSY, "--timeout");
    }

    @Test
    void deniedConnect_isToldApartFromAMissingPipe() {
        ConnectException e = new ConnectException("denied");
        e.initCause(new AccessDeniedException(PATH));
        expect(e, Failure.DENIED, "denied");
    }

    @Test
    void takenName_isToldToChooseAnother_alsoIfTheSystemCallsItDenied() {
        BindException e = new BindException("taken");
        e.initCause(new AccessDeniedException(PATH));
        expect(e, Failure.DENIED, "choose another name");
    }

    @Test
    void unknownFailure_keepsItsText() {
        expect(new IOException("disk on\n fire"), Failure.FAILED, "disk on fire");
    }

    @Test
    void unknownFailure_withoutText_namesItsKind() {
        expect(new IOException(), Failure.FAILED, "IOException");
    }

    private static void expect(Exception e, int status, String part) {
        Failure failure = Failure.of(e, PATH);
        assertEquals(status, failure.exitCode());
        assertTrue(failure.line().contains(PATH) && failure.line().contains(part), failure::line);
        assertEquals(1, failure.line().lines().count());
    }
}
