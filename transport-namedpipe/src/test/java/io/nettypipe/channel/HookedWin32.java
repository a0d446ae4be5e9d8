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
import io.nettypipe.win32.model.TestSystem;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A system on which something else happens just before a call. */
final class HookedWin32 {
    private final Map<String, Runnable> hooks = new ConcurrentHashMap<>();
    /** The system without the hooks. */
    final Win32 target = TestSystem.open();
    final Win32 win32;

    HookedWin32() {
        win32 = (Win32) Proxy.newProxyInstance(Win32.class.getClassLoader(), new Class<?>[] {Win32.class},
                (proxy, method, args) -> {
                    Runnable hook = hooks.remove(method.getName());
                    if (hook != null) {
                        hook.run();
                    }
                    try {
                        return method.invoke(target, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** Runs {@code hook} once, on the thread that makes the next call of a method. */
    void beforeNext(String method, Runnable hook) {
        hooks.put(method, hook);
    }
}
