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
package io.nettypipe.win32;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Waiting for a free instance, on the real system and on the model of it. */
class WaitContractTest extends ContractTest {
    private static final int LONG = 10_000;

    @Test
    @Fact({"F045", "F207"})
    void wait_forANameThatNobodyServes_isRefused() {
        String failure = Rig.text(Win32Error.ERROR_FILE_NOT_FOUND);
        answers("F207", rig.told(rig.await(rig.device(), rig.path, LONG)),
                Rig.LATER + failure, Rig.AT_ONCE + failure);
        assertEquals(Win32Error.ERROR_FILE_NOT_FOUND, rig.wait(rig.path, 1));
    }

    @Test
    @Fact({"F044", "F046", "F048", "F090"})
    void wait_whileAnInstanceIsFree_endsAtOnce() {
        rig.server(0);
        answers("F090", rig.told(rig.await(rig.device(), rig.path, LONG)),
                Rig.LATER + "success", Rig.AT_ONCE + "success");
        assertEquals(Win32Error.ERROR_SUCCESS, rig.wait(rig.path, 1));
    }

    @Test
    @Fact("F049")
    void wait_whileAllAreBusy_endsWhenOneIsFree() {
        rig.server(0);
        rig.client();
        Rig.Op wait = rig.await(rig.device(), rig.path, LONG);
        rig.assertPending(wait);
        rig.server(0);
        assertEquals(Win32Error.ERROR_SUCCESS, rig.end(wait).error);
    }

    @Test
    @Fact("F047")
    void wait_whileAllStayBusy_timesOut() {
        rig.server(0);
        rig.client();
        assertEquals(Win32Error.ERROR_SEM_TIMEOUT, rig.end(rig.await(rig.device(), rig.path, 300)).error);
        assertEquals(Win32Error.ERROR_SEM_TIMEOUT, rig.wait(rig.path, 20));
    }

    @Test
    @Fact({"F050", "F211"})
    void wait_cancelled_endsAborted() {
        rig.server(0);
        rig.client();
        Rig.Op wait = rig.await(rig.device(), rig.path, LONG);
        answers("F211", rig.cancel(wait), Win32Error.ERROR_SUCCESS);
        answers("F050", rig.end(wait).error, Win32Error.ERROR_OPERATION_ABORTED);
    }

    @Test
    @Fact({"F036", "F049"})
    void wait_whileADisconnectedInstanceListensAgain_ends() {
        long server = rig.server(0);
        rig.client();
        assertEquals(Win32Error.ERROR_SUCCESS, rig.win32.disconnectNamedPipe(server));
        long device = rig.device();
        Rig.Op first = rig.await(device, rig.path, LONG);
        Rig.Op second = rig.await(device, rig.path, LONG);
        rig.assertPending(first);
        Rig.Op listen = rig.listen(server);
        assertEquals(Win32Error.ERROR_SUCCESS, rig.end(first).error);
        assertEquals(Win32Error.ERROR_SUCCESS, rig.end(second).error);
        rig.client();
        assertEquals(Win32Error.ERROR_SUCCESS, rig.endListen(listen));
    }

    @Test
    @Fact({"F043", "F118"})
    void deviceWithoutATrailingBackslash_waitsForNoNameAndHasNone() {
        long device = Rig.opened(rig.dial("\\\\.\\pipe", PipeFlags.FILE_READ_ATTRIBUTES | PipeFlags.SYNCHRONIZE));
        rig.join(device);
        rig.server(0);
        answers("F043", rig.end(rig.await(device, rig.path, 1)).error, Win32Error.ERROR_INVALID_FUNCTION);
        try (NativeMemory scratch = new NativeMemory(16 + 100, 8)) {
            answers("F118", rig.win32.queryInformationFile(device, PipeFlags.FILE_NAME_INFORMATION,
                    scratch.address(), 100), Win32Error.ERROR_INVALID_PARAMETER);
        }
    }

    @Test
    @Fact("F051")
    void wait_whileTheNameVanishes_ends() {
        long server = rig.server(0);
        long client = rig.client();
        Rig.Op wait = rig.await(rig.device(), rig.path, LONG);
        rig.assertPending(wait);
        rig.close(server);
        rig.close(client);
        answers("F051", rig.end(wait).error, Win32Error.ERROR_FILE_NOT_FOUND);
    }
}
