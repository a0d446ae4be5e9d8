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

import io.netty.channel.IoEvent;

/**
 * The end of an operation that {@link IocpIoRegistration#submit} left outstanding. Like any {@link IoEvent} it is valid
 * only while {@link IocpIoHandle#handle} runs.
 */
public final class IocpIoEvent implements IoEvent {
    private IocpIoOps ops;

    IocpIoEvent() {
    }

    IocpIoEvent of(IocpIoOps ops) {
        this.ops = ops;
        return this;
    }

    /** The operation, with its result. It is the submitter's again, and may be submitted anew at once. */
    public IocpIoOps ops() {
        return ops;
    }
}
