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

import com.sun.jna.Native;
import io.netty.util.internal.PlatformDependent;

/** Finds out, once, whether this process can make the calls of {@link Win32}. */
public final class SystemWin32 {
    private static final Win32 INSTANCE;
    private static final Throwable UNAVAILABILITY_CAUSE;

    static {
        Win32 instance = null;
        Throwable cause = null;
        try {
            instance = find();
        } catch (Throwable t) {
            cause = t;
        }
        INSTANCE = instance;
        UNAVAILABILITY_CAUSE = cause;
    }

    private SystemWin32() {
    }

    /** This loads JNA's own library, which a temporary file is made for: that can fail, too. */
    private static Win32 find() {
        if (!PlatformDependent.isWindows()) {
            throw new IllegalStateException("named pipes need Windows; this is " + System.getProperty("os.name"));
        }
        if (Native.POINTER_SIZE != Long.BYTES) {
            throw new IllegalStateException("the transport needs a 64-bit JVM; this one's addresses have "
                    + Native.POINTER_SIZE + " bytes");
        }
        return StandInWin32.isHere() ? new StandInWin32() : new JnaWin32();
    }

    /** Whether {@link #get()} answers. */
    public static boolean isAvailable() {
        return INSTANCE != null;
    }

    /** Why it is not available, or {@code null} if it is. */
    public static Throwable unavailabilityCause() {
        return UNAVAILABILITY_CAUSE;
    }

    /**
     * The system calls of this process.
     *
     * @throws UnsatisfiedLinkError if they are not available, with the reason as its cause
     */
    public static Win32 get() {
        if (INSTANCE == null) {
            throw (Error) new UnsatisfiedLinkError("the named-pipe transport is not available: "
                    + UNAVAILABILITY_CAUSE.getMessage()).initCause(UNAVAILABILITY_CAUSE);
        }
        return INSTANCE;
    }
}
