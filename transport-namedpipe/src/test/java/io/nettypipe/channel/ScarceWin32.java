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

import io.nettypipe.win32.Win32;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

/** Looks at how long writes are, and has no memory for some. */
final class ScarceWin32 {
    final Win32 win32;
    /** The longest that was given to the system. */
    volatile int longest;
    /** A longer write fails. */
    volatile int most = Integer.MAX_VALUE;
    /** How many more writes fail. */
    final AtomicInteger failing = new AtomicInteger();
    volatile int error = 1450;

    ScarceWin32(Win32 target) {
        win32 = (Win32) Proxy.newProxyInstance(Win32.class.getClassLoader(), new Class<?>[] {Win32.class},
                (proxy, method, args) -> {
                    if (method.getName().equals("writeFile")) {
                        int length = (Integer) args[2];
                        if (length > most || failing.getAndUpdate(left -> Math.max(left - 1, 0)) > 0) {
                            return error;
                        }
                        longest = Math.max(longest, length);
                    }
                    try {
                        return method.invoke(target, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
