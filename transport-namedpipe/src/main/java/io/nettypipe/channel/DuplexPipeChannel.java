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

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.channel.socket.DuplexChannel;

import java.nio.channels.ClosedChannelException;

/** What a channel can do to one direction of its pipe. */
abstract class DuplexPipeChannel extends AbstractNamedPipeChannel implements DuplexChannel {

    DuplexPipeChannel(NamedPipeServerChannel parent) {
        super(parent);
    }

    abstract HalfClosure halfClosure();

    /** Whether nothing is received any more; of an end that only writes, and of a channel that is not active, too. */
    @Override
    public final boolean isInputShutdown() {
        return halfClosure().isInputShutdown();
    }

    /** {@link #shutdownInput(ChannelPromise)} with a new promise. */
    @Override
    public final ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    /**
     * Throws away what the peer sends from now on. Its end is still noticed. With
     * {@link ChannelOption#ALLOW_HALF_CLOSURE} the events of a half-closure are fired. Any thread.
     */
    @Override
    public final ChannelFuture shutdownInput(ChannelPromise promise) {
        return halfClosure().shutdownInput(promise);
    }

    /** Whether all writes fail; of an end that only reads, and of a channel that is not active, too. */
    @Override
    public final boolean isOutputShutdown() {
        return halfClosure().isOutputShutdown();
    }

    /** {@link #shutdownOutput(ChannelPromise)} with a new promise. */
    @Override
    public final ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    /**
     * Half-closes a message-type pipe. What was flushed before is written, the peer reads it, and then an empty message
     * tells it that there is no more; the promise completes when that is written. What was not flushed, and all later
     * writes, fail with {@link ChannelOutputShutdownException}. Called again, it completes with
     * the first one.
     * <p>
     * A byte-type pipe has no half-closure: this fails with {@link UnsupportedOperationException} there, and changes
     * nothing. It fails with {@link ClosedChannelException} if the peer is gone or the channel is closed before it is
     * done; how long a peer takes that does not read, nothing limits. Any thread.
     */
    @Override
    public final ChannelFuture shutdownOutput(ChannelPromise promise) {
        return halfClosure().shutdownOutput(promise);
    }

    @Override
    public final boolean isShutdown() {
        return isInputShutdown() && isOutputShutdown();
    }

    /** {@link #shutdown(ChannelPromise)} with a new promise. */
    @Override
    public final ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    /**
     * Shuts down input and output, or neither where the output cannot be. The channel stays open until it is closed or
     * the peer leaves. Any thread.
     */
    @Override
    public final ChannelFuture shutdown(ChannelPromise promise) {
        return halfClosure().shutdown(promise);
    }

    /** As every channel; {@code false} also when the output is shut down. */
    @Override
    public final boolean isWritable() {
        return !halfClosure().refusesWrites() && super.isWritable();
    }
}
