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

import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import io.nettypipe.win32.SystemCallException;
import io.nettypipe.win32.Win32;
import io.nettypipe.win32.Win32Identity;

import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.util.Objects;
import java.util.concurrent.Callable;

/**
 * Asks who is at the other end, and acts as it. All calls on the handle are made by the channel's event loop while the
 * channel is registered there, because that is who closes it: a handle that is used a moment later may be another's.
 */
final class PeerLookup {
    /** A domain's server that is asked for a name may take its time. */
    private static final HelperThreads NAMES = new HelperThreads("nettypipe-account-name", 4, 4);

    private final NamedPipeChannel channel;

    PeerLookup(NamedPipeChannel channel) {
        this.channel = channel;
    }

    private interface Question<V> {
        void ask(Promise<V> answer) throws Exception;
    }

    Future<NamedPipePeer> peer() {
        return onEventLoop(answer -> answer.trySuccess(peerNow()));
    }

    Future<NamedPipeUser> user() {
        return onEventLoop(this::askForUser);
    }

    private <V> Future<V> onEventLoop(Question<V> question) {
        if (!channel.isRegistered()) {
            return GlobalEventExecutor.INSTANCE.newFailedFuture(notRegistered());
        }
        Promise<V> answer = channel.eventLoop().newPromise();
        // The channel may get another event loop by then, or be closed.
        channel.tasks().run(() -> ask(question, answer), answer::tryFailure);
        return answer;
    }

    private Exception notRegistered() {
        return channel.isOpen() ? new IllegalStateException("not registered with an event loop: " + channel)
                : new ClosedChannelException();
    }

    private <V> void ask(Question<V> question, Promise<V> answer) {
        try {
            requireConnected();
            question.ask(answer);
        } catch (SystemCallException e) {
            answer.tryFailure(new NamedPipeException(e.call(), channel.remoteAddress(), e.error()));
        } catch (Throwable t) {
            answer.tryFailure(t);
        }
    }

    /** The event loop. */
    private void requireConnected() throws Exception {
        if (channel.isClosing()) {
            throw new ClosedChannelException();
        }
        if (!channel.isActive()) {
            throw new NotYetConnectedException();
        }
        if (!channel.isRegistered()) {
            throw notRegistered();
        }
    }

    private NamedPipePeer peerNow() throws SystemCallException {
        NamedPipeAddress pipe = channel.remoteAddress();
        if (pipe != null && !pipe.isLocal()) {
            throw new UnsupportedOperationException("the process ids of another machine mean nothing here, and asking "
                    + "for them blocks; SERVER_OWNER is for remote pipes too: " + pipe);
        }
        long handle = channel.handle();
        boolean client = channel.serversEnd;
        Win32Identity identity = channel.win32().identity();
        return new NamedPipePeer(identity.processId(handle, client), identity.sessionId(handle, client),
                client ? null : ownerOf(identity, handle));
    }

    /** The process is known all the same: a pipe may have no owner, or the handle no right to be told. */
    private static String ownerOf(Win32Identity identity, long handle) {
        try {
            return identity.ownerOf(handle);
        } catch (SystemCallException unknown) {
            return null;
        }
    }

    private void askForUser(Promise<NamedPipeUser> answer) throws Exception {
        Win32 win32 = channel.win32();
        Win32Identity identity = win32.identity();
        long token = actAsClient(identity::openThreadToken);
        if (token < 0) {
            throw new NamedPipeException("OpenThreadToken", channel.remoteAddress(), (int) -token);
        }
        String sid;
        try {
            sid = identity.userOf(token);
        } finally {
            win32.closeHandle(token);
        }
        NAMES.execute("", () -> {
            try {
                answer.trySuccess(new NamedPipeUser(sid, nameOf(identity, sid)));
            } catch (Throwable t) {
                answer.tryFailure(t);
            }
        });
    }

    private static String nameOf(Win32Identity identity, String sid) {
        try {
            return identity.accountName(sid);
        } catch (SystemCallException unknown) {
            return null;
        }
    }

    private <V> V actAsClient(Callable<V> task) throws Exception {
        if (!channel.serversEnd) {
            throw new UnsupportedOperationException("only the server's end of a pipe can act as the other: " + channel);
        }
        return Impersonation.run(channel.win32(), channel.handle(), channel.remoteAddress(), task);
    }

    <V> V impersonate(Callable<V> task) throws Exception {
        Objects.requireNonNull(task, "task");
        requireConnected();
        if (!channel.eventLoop().inEventLoop()) {
            throw new IllegalStateException("impersonate() is for the channel's event loop, not for "
                    + Thread.currentThread());
        }
        return actAsClient(task);
    }
}
