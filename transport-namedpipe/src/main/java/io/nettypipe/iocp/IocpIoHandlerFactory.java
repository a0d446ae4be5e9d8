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
package io.nettypipe.iocp;

import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.util.concurrent.ThreadAwareExecutor;
import io.nettypipe.win32.Win32;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Makes an {@link IocpIoHandler} for each event loop, and knows what they are doing. {@link
 * IocpIoHandler#newFactory()} makes one. Any thread.
 */
public final class IocpIoHandlerFactory implements IoHandlerFactory {
    private final Win32 win32;
    private final List<IocpIoMetrics> metrics = new CopyOnWriteArrayList<>();

    IocpIoHandlerFactory(Win32 win32) {
        this.win32 = Objects.requireNonNull(win32, "win32");
    }

    @Override
    public IoHandler newHandler(ThreadAwareExecutor ioExecutor) {
        return new IocpIoHandler(ioExecutor, win32, metrics);
    }

    /** A port may be served by any thread, and no loop with a registration, so none with a listen, suspends. */
    @Override
    public boolean isChangingThreadSupported() {
        return true;
    }

    /**
     * What the event loops count that have a handler of this factory and have not ended, in the order in which they
     * were made. A copy: to follow loops that come and go, ask again.
     */
    public List<IocpIoMetrics> metrics() {
        return List.copyOf(metrics);
    }
}
