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
package io.nettypipe.npipe.net;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;

import java.io.IOException;

/**
 * Where the tool listens, and what it connects to: {@code tcp:}, {@code unix:} or {@code npipe:}. The channels do not
 * read by themselves, know half-closure where it exists, and take a megabyte before they are not writable.
 */
public sealed interface Address permits TcpAddress, UnixAddress, PipeAddress {

    /**
     * Reads an address.
     *
     * @param text {@code tcp:PORT}, {@code tcp:HOST:PORT}, {@code unix:PATH}, {@code npipe:NAME} or a path of a pipe
     * @throws IllegalArgumentException if it is none, with a text for the user
     */
    static Address parse(String text) {
        if (text.startsWith("tcp:")) {
            return TcpAddress.parse(text.substring("tcp:".length()));
        }
        if (text.startsWith("unix:")) {
            return UnixAddress.parse(text.substring("unix:".length()));
        }
        if (text.startsWith("npipe:") || text.startsWith("\\\\")) {
            return PipeAddress.parse(text);
        }
        throw new IllegalArgumentException("'" + text + "' is no address; give tcp:PORT, tcp:HOST:PORT, unix:PATH or"
                + " npipe:NAME");
    }

    /** Why this system has no addresses of this kind, or {@code null} if it has. */
    Throwable unavailabilityCause();

    /**
     * Listens.
     *
     * @param child what accepted channels begin with
     * @throws IOException          if it cannot
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    Listening listen(Loops loops, Admission admission, ChannelHandler child) throws IOException, InterruptedException;

    /**
     * Connects.
     *
     * @param near    an event loop to use if it will do, or {@code null}
     * @param handler what the channel begins with
     */
    ChannelFuture connect(Loops loops, EventLoop near, Target target, ChannelHandler handler);

    /**
     * A server that listens.
     *
     * @param channel the server
     * @param address where; a port that the system chose is in it
     */
    record Listening(ServerChannel channel, Address address) { }
}
