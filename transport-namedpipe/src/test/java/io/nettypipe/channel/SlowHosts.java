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

import com.sun.jna.Pointer;
import io.nettypipe.win32.Win32;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A system on which the opening of certain paths blocks its thread until the test lets it go on. */
final class SlowHosts {
    final Win32 win32;
    private final String slow;
    private final CountDownLatch released = new CountDownLatch(1);
    private final Semaphore blocked = new Semaphore(0);

    /**
     * A system.
     *
     * @param slow what the paths begin with whose opening blocks
     */
    SlowHosts(Win32 target, String slow) {
        this.slow = slow;
        win32 = (Win32) Proxy.newProxyInstance(Win32.class.getClassLoader(), new Class<?>[] {Win32.class},
                (proxy, method, args) -> {
                    if (method.getName().equals("createFile")) {
                        block((Long) args[0]);
                    }
                    try {
                        return method.invoke(target, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private void block(long name) throws InterruptedException {
        Pointer path = new Pointer(name);
        for (int i = 0; i < slow.length(); i++) {
            if (path.getChar(2L * i) != slow.charAt(i)) {
                return;
            }
        }
        blocked.release();
        if (!released.await(PipeFixture.SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("never released");
        }
    }

    /** Waits until so many threads more are blocked. */
    void awaitBlocked(int threads) throws InterruptedException {
        if (!blocked.tryAcquire(threads, PipeFixture.SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("not so many are blocked");
        }
    }

    /** Lets all go on, and blocks none any more. */
    void release() {
        released.countDown();
    }
}
