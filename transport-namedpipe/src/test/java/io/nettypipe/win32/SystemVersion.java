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

import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.Advapi32Util;
import com.sun.jna.platform.win32.WinReg;

import java.util.Optional;

/** Which Windows this is, or which Wine. */
public final class SystemVersion {
    private static final String KEY = "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion";
    /** Of an OSVERSIONINFOW: five numbers, and a text of 128 characters. */
    private static final int VERSION_INFORMATION_SIZE = 5 * 4 + 128 * 2;

    private SystemVersion() {
    }

    /** The version of Wine, such as {@code 8.0}, or nothing if this is Windows. */
    public static Optional<String> wine() {
        return wine("wine_get_version");
    }

    private static Optional<String> wine(String function) {
        return StandInWin32.isHere() ? Optional.of(NativeLibrary.getInstance("ntdll").getFunction(function)
                .invokeString(new Object[0], false)) : Optional.empty();
    }

    /** All that the system tells of its version, in a line. */
    public static String text() {
        String windows = System.getProperty("os.name") + value("DisplayVersion", " ") + ", build " + build()
                + value("UBR", ".");
        return wine("wine_get_build_id").map(wine -> wine + ", as " + windows).orElse(windows);
    }

    /** RtlGetVersion's: GetVersionEx tells what the program's manifest says. */
    private static String build() {
        try (NativeMemory information = new NativeMemory(VERSION_INFORMATION_SIZE, 8)) {
            information.view().putInt(0, VERSION_INFORMATION_SIZE);
            NativeLibrary.getInstance("ntdll").getFunction("RtlGetVersion")
                    .invokeInt(new Object[] {new Pointer(information.address())});
            return information.view().getInt(4) + "." + information.view().getInt(8) + '.'
                    + information.view().getInt(12);
        }
    }

    private static String value(String name, String before) {
        return Advapi32Util.registryValueExists(WinReg.HKEY_LOCAL_MACHINE, KEY, name)
                ? before + Advapi32Util.registryGetValue(WinReg.HKEY_LOCAL_MACHINE, KEY, name) : "";
    }
}
