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
    private static final int ERROR_HANDLES_CLOSED = 676;

    @Test
    void wait_forANameThatNobodyServes_isRefused() {
        assertEquals(WinError.ERROR_FILE_NOT_FOUND, rig.end(rig.await(rig.device(), rig.path, LONG)).error);
        assertEquals(WinError.ERROR_FILE_NOT_FOUND, rig.wait(rig.path, 1));
    }

    @Test
    void wait_whileAnInstanceIsFree_endsAtOnce() {
        rig.server(0);
        Rig.Op wait = rig.await(rig.device(), rig.path, LONG);
        rig.assertAtOnce(wait);
        assertEquals(WinError.ERROR_SUCCESS, rig.end(wait).error);
        assertEquals(WinError.ERROR_SUCCESS, rig.wait(rig.path, 1));
    }

    @Test
    void wait_whileAllAreBusy_endsWhenOneIsFree() {
        rig.server(0);
        rig.client();
        Rig.Op wait = rig.await(rig.device(), rig.path, LONG);
        rig.assertPending(wait);
        rig.server(0);
        assertEquals(WinError.ERROR_SUCCESS, rig.end(wait).error);
    }

    @Test
    void wait_whileAllStayBusy_timesOut() {
        rig.server(0);
        rig.client();
        assertEquals(WinError.ERROR_SEM_TIMEOUT, rig.end(rig.await(rig.device(), rig.path, 20)).error);
        assertEquals(WinError.ERROR_SEM_TIMEOUT, rig.wait(rig.path, 20));
    }

    @Test
    void wait_cancelled_endsAbortedUnlessTheSystemCannotCancelIt() {
        rig.server(0);
        rig.client();
        Rig.Op wait = rig.await(rig.device(), rig.path, 100);
        int cancelled = rig.cancel(wait);
        if (system.isWine() && cancelled == WinError.ERROR_NOT_FOUND) {
            // Wine 8; Wine 10 is as Windows
            assertEquals(WinError.ERROR_SEM_TIMEOUT, rig.end(wait).error);
        } else {
            assertEquals(WinError.ERROR_SUCCESS, cancelled);
            assertEquals(WinError.ERROR_OPERATION_ABORTED, rig.end(wait).error);
        }
    }

    @Test
    void wait_whileTheNameVanishes_ends() {
        long server = rig.server(0);
        long client = rig.client();
        Rig.Op wait = rig.await(rig.device(), rig.path, LONG);
        rig.assertPending(wait);
        rig.close(server);
        rig.close(client);
        assertEquals(system.isWine() ? ERROR_HANDLES_CLOSED : WinError.ERROR_FILE_NOT_FOUND,
                rig.end(wait).error);
    }
}
