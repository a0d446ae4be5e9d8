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

import io.netty.channel.IoOps;
import io.nettypipe.win32.Win32;

import java.util.concurrent.atomic.AtomicBoolean;

/** Counts what is outstanding, and leaves the handler only when nothing is. */
final class DefaultIocpIoRegistration implements IocpIoRegistration {
    final IocpIoHandle handle;
    final int id;
    private final IocpIoHandler handler;
    private final IocpIoEvent event = new IocpIoEvent();
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private int outstanding;
    private boolean removed;

    DefaultIocpIoRegistration(IocpIoHandler handler, IocpIoHandle handle, int id) {
        this.handler = handler;
        this.handle = handle;
        this.id = id;
    }

    @Override
    public long submit(IoOps ops) {
        return handler.submit(this, (IocpIoOps) ops);
    }

    @Override
    public int associate(long fileHandle) {
        return handler.associate(this, fileHandle);
    }

    @Override
    public void cancel(IocpIoOps ops) {
        if (ops.registration == this) {
            handler.cancel(ops);
        }
    }

    @Override
    public int outstanding() {
        return outstanding;
    }

    @Override
    public boolean isValid() {
        return !cancelled.get();
    }

    @Override
    public boolean cancel() {
        if (!cancelled.compareAndSet(false, true)) {
            return false;
        }
        handler.executeOnLoop(this::removeIfDone);
        return true;
    }

    @Override
    public Win32 win32() {
        return handler.win32();
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T attachment() {
        return (T) this;
    }

    void started() {
        outstanding++;
    }

    /** Tells the handle of an ended operation. An exception of it stays here, so that the other handles get theirs. */
    void ended(IocpIoOps ops) {
        outstanding--;
        try {
            handle.handle(this, event.of(ops));
        } catch (Throwable t) {
            handler.logger().warn("A handle failed on the completion of {}", ops, t);
        } finally {
            removeIfDone();
        }
    }

    private void removeIfDone() {
        if (outstanding == 0 && !isValid() && !removed) {
            removed = true;
            handler.remove(this);
        }
    }
}
