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

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Tells BlockHound what of the transport blocks an event loop by design. It is little: a loop waits in the system, the
 * calls that block have {@linkplain HelperThreadFactory threads of their own}, and Netty says the rest of its loops.
 */
public final class BlockHoundRules implements BlockHoundIntegration {
    @Override
    public void applyTo(BlockHound.Builder builder) {
        // JNA unpacks its library, once, on the thread that is the first to ask.
        builder.allowBlockingCallsInside("io.nettypipe.win32.SystemWin32", "find");
        // A flush that is cancelled, where the system has none that can be: its helper has to be out of the call.
        builder.allowBlockingCallsInside("io.nettypipe.win32.StandInWin32$Flush", "cancel");
    }
}
