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

import io.nettypipe.win32.SystemCallException;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.Win32Identity;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Fails one call, of {@link Win32} or of its {@link Win32Identity}. */
final class FaultyWin32 {
    final Win32 win32;
    private final Win32Identity identity;
    private final Map<String, CompletableFuture<Void>> calls = new ConcurrentHashMap<>();
    private volatile Fault armed;

    FaultyWin32(Win32 target) {
        identity = (Win32Identity) Proxy.newProxyInstance(Win32.class.getClassLoader(),
                new Class<?>[] {Win32Identity.class}, (proxy, method, args) -> call(target.identity(), method, args));
        win32 = (Win32) Proxy.newProxyInstance(Win32.class.getClassLoader(), new Class<?>[] {Win32.class},
                (proxy, method, args) -> method.getName().equals("identity") ? identity : call(target, method, args));
    }

    private Object call(Object target, Method method, Object[] args) throws Throwable {
        firstCall(method.getName()).complete(null);
        Fault fault = armed;
        boolean fails = fault != null && fault.method.equals(method.getName()) && fault.happens();
        if (fails && !fault.afterTheFact) {
            return answer(method, fault);
        }
        try {
            Object answer = method.invoke(target, args);
            return fails ? answer(method, fault) : answer;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static Object answer(Method method, Fault fault) throws SystemCallException {
        if (method.getExceptionTypes().length > 0) {
            throw new SystemCallException(method.getName(), fault.error);
        }
        if (method.getReturnType() == long.class) {
            return -(long) fault.error;
        }
        return fault.error;
    }

    /** Is done with the first call of a method. */
    CompletableFuture<Void> firstCall(String method) {
        return calls.computeIfAbsent(method, name -> new CompletableFuture<>());
    }

    /** From now on the {@code n}th call of a method fails, from 1. */
    void arm(String method, int n, int error) {
        armed = new Fault(method, n, error);
    }

    /** From now on every call of a method fails. */
    void armAll(String method, int error) {
        armed = new Fault(method, Integer.MAX_VALUE, error);
    }

    /** How many calls {@link #armAll} has failed. */
    int failed() {
        return Integer.MAX_VALUE - armed.left.get();
    }

    /** No call fails any more. Returns whether one did. */
    boolean disarm() {
        Fault fault = armed;
        armed = null;
        return fault.left.get() <= 0;
    }

    private static final class Fault {
        final String method;
        final AtomicInteger left;
        final int error;
        private final boolean always;
        /** What is undone by being refused for no reason would be the system's own leak. */
        final boolean afterTheFact;

        Fault(String method, int n, int error) {
            this.method = method;
            this.left = new AtomicInteger(n);
            always = n == Integer.MAX_VALUE;
            this.error = error;
            afterTheFact = method.equals("closeHandle") || method.equals("cancelIoEx");
        }

        boolean happens() {
            return left.decrementAndGet() == 0 || always;
        }
    }
}
