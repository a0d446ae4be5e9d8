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
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.PromiseNotifier;

import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.util.function.Consumer;

/** What {@code DuplexChannel} asks for, from any thread. */
final class HalfClosure {
    private final NamedPipeChannel channel;
    private final ReadLoop input;
    private final OutputShutdown output;

    HalfClosure(NamedPipeChannel channel, ReadLoop input, OutputShutdown output) {
        this.channel = channel;
        this.input = input;
        this.output = output;
    }

    boolean isInputShutdown() {
        return input.isShutDown() || !channel.direction().reads() || !channel.isActive();
    }

    boolean isOutputShutdown() {
        return output.isShutDown() || !channel.direction().writes() || !channel.isActive();
    }

    ChannelFuture shutdownInput(ChannelPromise promise) {
        return onLoop(promise, this::shutInput);
    }

    ChannelFuture shutdownOutput(ChannelPromise promise) {
        return onLoop(promise, output::begin);
    }

    ChannelFuture shutdown(ChannelPromise promise) {
        return onLoop(promise, this::shutBoth);
    }

    private ChannelFuture onLoop(ChannelPromise promise, Consumer<ChannelPromise> action) {
        // As with Netty's channels, this throws if there has been none yet.
        channel.eventLoop();
        channel.tasks().run(() -> action.accept(promise), promise::tryFailure);
        return promise;
    }

    private void shutInput(ChannelPromise promise) {
        if (!promise.setUncancellable()) {
            return;
        }
        if (!channel.isOpen() || channel.isClosing()) {
            promise.tryFailure(new ClosedChannelException());
        } else if (!channel.isActive()) {
            promise.tryFailure(new NotYetConnectedException());
        } else {
            promise.trySuccess();
            if (channel.direction().reads()) {
                input.shutDown();
            }
        }
    }

    /** Both or, where the output cannot be shut down, neither. */
    private void shutBoth(ChannelPromise promise) {
        if (!channel.direction().writes()) {
            shutInput(promise);
            return;
        }
        ChannelPromise outputDone = channel.newPromise();
        output.begin(outputDone);
        if (!outputDone.isDone() || outputDone.isSuccess()) {
            shutInput(channel.newPromise());
        }
        if (!promise.isVoid()) {
            outputDone.addListener(new PromiseNotifier<>(false, promise));
        }
    }
}
