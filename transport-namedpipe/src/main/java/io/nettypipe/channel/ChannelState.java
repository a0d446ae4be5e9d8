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

/** Where a channel is in its life. A channel whose close waits for the system is still what it was before. */
enum ChannelState {
    /** Open, and neither bound nor connected. */
    NEW,
    /** A client on its way. */
    CONNECTING,
    /** Bound or connected. */
    ACTIVE,
    /** For ever. */
    CLOSED;

    boolean canBecome(ChannelState next) {
        switch (this) {
            case NEW:
                return next != NEW;
            case CONNECTING:
                return next != CONNECTING;
            case ACTIVE:
                return next == CLOSED;
            default:
                return false;
        }
    }
}
