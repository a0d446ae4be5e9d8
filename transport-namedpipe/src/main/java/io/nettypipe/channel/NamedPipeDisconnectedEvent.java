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

/**
 * A user event of a client's channel, fired before {@code channelInactive}: the server disconnected it ({@code
 * DisconnectNamedPipe}; a read ends with {@code ERROR_PIPE_NOT_CONNECTED}, 233) instead of closing its end ({@code
 * ERROR_BROKEN_PIPE}, 109).
 * <p>
 * After a close, everything that the server had written was read first. After a disconnect, whatever was not yet read
 * is lost, and this client cannot know whether there was any. So it is how a {@link NamedPipeServerChannel}'s channel
 * aborts: closed with {@code SO_LINGER} 0, or when it gives up data that was flushed. It is no error in itself, though:
 * documented servers wait until all was read ({@code FlushFileBuffers}) and then disconnect, as their ordinary goodbye,
 * and so does a {@link NamedPipeServerChannel} that uses an instance again.
 * <p>
 * A server's channel never gets it: a client can only close its end.
 */
public final class NamedPipeDisconnectedEvent {
    /** The only one. */
    public static final NamedPipeDisconnectedEvent INSTANCE = new NamedPipeDisconnectedEvent();

    private NamedPipeDisconnectedEvent() {
    }

    @Override
    public String toString() {
        return "NamedPipeDisconnectedEvent";
    }
}
