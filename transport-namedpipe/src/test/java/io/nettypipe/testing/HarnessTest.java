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
package io.nettypipe.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.platform.win32.Kernel32;
import org.junit.jupiter.api.Test;

/** The tests marked {@link WindowsTest} really run on a Windows JVM that can call Windows. */
@WindowsTest
final class HarnessTest {
    @Test
    void jvm_ofWindowsTests_isOneForWindows() {
        String name = System.getProperty("os.name");
        assertTrue(name.startsWith("Windows"), name);
    }

    @Test
    void jna_callingKernel32_reachesThisProcess() {
        assertEquals(ProcessHandle.current().pid(), Kernel32.INSTANCE.GetCurrentProcessId());
    }
}
