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

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import io.nettypipe.channel.AbstractNamedPipeChannel.PipeUnsafe;
import io.nettypipe.iocp.OverlappedFile;

import java.net.SocketAddress;

/**
 * A channel's {@code Unsafe}, as an event loop sees it that is to have it: the channel's own, but that it refuses an
 * event loop that the channel cannot be registered with, saying why. Netty's {@code AbstractUnsafe} would only say that
 * the loop is of an incompatible type, or, if it learned of it any later, close the channel.
 */
final class RegistrationGuard implements Channel.Unsafe {
    private final AbstractNamedPipeChannel channel;
    private final PipeUnsafe unsafe;

    RegistrationGuard(AbstractNamedPipeChannel channel, PipeUnsafe unsafe) {
        this.channel = channel;
        this.unsafe = unsafe;
    }

    @Override
    public void register(EventLoop eventLoop, ChannelPromise promise) {
        OverlappedFile file = channel.file();
        String reason = file == null || channel.isRegistered() || !channel.isCompatible(eventLoop) ? null
                : file.reasonAgainst(eventLoop);
        if (reason == null) {
            unsafe.register(eventLoop, promise);
        } else {
            promise.setFailure(new IllegalStateException("cannot register " + channel + ": " + reason));
        }
    }

    @Override
    public RecvByteBufAllocator.ExtendedHandle recvBufAllocHandle() {
        return unsafe.recvHandle();
    }

    @Override
    public SocketAddress localAddress() {
        return unsafe.localAddress();
    }

    @Override
    public SocketAddress remoteAddress() {
        return unsafe.remoteAddress();
    }

    @Override
    public void bind(SocketAddress localAddress, ChannelPromise promise) {
        unsafe.bind(localAddress, promise);
    }

    @Override
    public void connect(SocketAddress remoteAddress, SocketAddress localAddress, ChannelPromise promise) {
        unsafe.connect(remoteAddress, localAddress, promise);
    }

    @Override
    public void disconnect(ChannelPromise promise) {
        unsafe.disconnect(promise);
    }

    @Override
    public void close(ChannelPromise promise) {
        unsafe.close(promise);
    }

    @Override
    public void closeForcibly() {
        unsafe.closeForcibly();
    }

    @Override
    public void deregister(ChannelPromise promise) {
        unsafe.deregister(promise);
    }

    @Override
    public void beginRead() {
        unsafe.beginRead();
    }

    @Override
    public void write(Object msg, ChannelPromise promise) {
        unsafe.write(msg, promise);
    }

    @Override
    public void flush() {
        unsafe.flush();
    }

    @Override
    public ChannelPromise voidPromise() {
        return unsafe.voidPromise();
    }

    @Override
    public ChannelOutboundBuffer outboundBuffer() {
        return unsafe.outboundBuffer();
    }
}
