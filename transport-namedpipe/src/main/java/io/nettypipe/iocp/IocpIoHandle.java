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

import io.netty.channel.IoHandle;

/**
 * An {@link IoHandle} for an {@link IocpIoHandler}. The event that it is told is the {@link IocpIoOps} that ended; what
 * {@link #registered()} and {@link #close()} mean is in {@link IoHandle}. All methods are called by the event loop's
 * thread. {@link OverlappedFile} is one that is ready for use.
 * <p>
 * When the event loop shuts down it calls {@link #close()}, which is to cancel the operations of the handle
 * ({@link IocpIoRegistration#cancel(IocpIoOps)}); their events still arrive.
 */
@SuppressWarnings("try") // IoHandle is AutoCloseable with the widest throws clause there is
public interface IocpIoHandle extends IoHandle {
    @Override
    void close();
}
